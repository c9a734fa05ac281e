package io.tidegate.bridge;

import io.tidegate.http.Request;
import io.tidegate.http.Session;
import java.time.Instant;
import java.util.Optional;

/// Whether the sessions that let a reader in still hold.
///
/// One thread at a time.
final class SessionWatch {
  private final Optional<Instant> expires;

  private SessionWatch(Optional<Instant> expires) {
    this.expires = expires;
  }

  static SessionWatch of(Request request) {
    return new SessionWatch(
        request.sessions().values().stream()
            .map(Session::expires)
            .flatMap(Optional::stream)
            .min(Instant::compareTo));
  }

  /// What is to be done now.
  sealed interface Look {
    record Fine() implements Look {}

    /// The reader should prove itself again.
    ///
    /// @param data tells it how, as JSON in one line
    record Challenge(String data) implements Look {}

    record Over() implements Look {}
  }

  private static final Look FINE = new Look.Fine();

  Look look(Instant now) {
    return expires.isPresent() && !now.isBefore(expires.get()) ? new Look.Over() : FINE;
  }

  /// The stream has ended.
  void close() {}
}
