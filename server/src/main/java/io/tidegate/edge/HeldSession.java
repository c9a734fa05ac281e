package io.tidegate.edge;

import io.tidegate.http.Session;
import io.tidegate.http.Tenure;
import java.util.Optional;

/// The session behind a reply that goes on, as of its last renewal.
final class HeldSession implements Tenure {
  private final Optional<String> ticket;
  private volatile Session session;

  HeldSession(Session session, Optional<String> ticket) {
    this.session = session;
    this.ticket = ticket;
  }

  @Override
  public Session session() {
    return session;
  }

  @Override
  public Optional<String> ticket() {
    return ticket;
  }

  /// The same caller of the same guard. One without a name is nobody's equal.
  boolean isOf(Session proved) {
    var known = session;
    return known.identity().isPresent()
        && known.identity().equals(proved.identity())
        && known.guard().equals(proved.guard());
  }

  /// False when `proved` may less than what let the caller in.
  boolean renew(Session proved) {
    if (!proved.roles().containsAll(session.roles())) {
      return false;
    }
    session = proved;
    return true;
  }
}
