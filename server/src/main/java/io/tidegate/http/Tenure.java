package io.tidegate.http;

import java.util.Optional;

/// Who a caller has proved to be, for as long as its reply goes on. When the caller proves itself
/// again meanwhile, there is a newer session.
///
/// Any thread may use it.
public interface Tenure {
  /// The header in which a renewal carries its ticket.
  String TICKET_HEADER = "tidegate-stream-session";

  /// As of the last proof.
  Session session();

  /// What a renewal must carry that comes on another connection; empty when the connection of the
  /// reply can take it.
  Optional<String> ticket();

  /// One that nobody renews.
  static Tenure fixed(Session session) {
    return new Tenure() {
      @Override
      public Session session() {
        return session;
      }

      @Override
      public Optional<String> ticket() {
        return Optional.empty();
      }
    };
  }
}
