package io.tidegate.edge;

import io.tidegate.http.Tracing;

/// What all exchanges of a listener share: who hears of them, and whether connections end now.
final class Traffic {

  /// Who hears of an exchange, from its beginning to its end.
  record Observers(AccessLog log, Tracing tracing) {}

  private volatile Observers observers;
  private volatile boolean closing;

  Traffic(Backends backends) {
    this.observers = observers(backends);
  }

  private static Observers observers(Backends backends) {
    return new Observers(backends.log(), backends.tracing());
  }

  /// From the next request on, these hear of it.
  void swap(Backends next) {
    observers = observers(next);
  }

  Observers observers() {
    return observers;
  }

  /// From now on every reply is the last of its connection.
  void close() {
    closing = true;
  }

  boolean closing() {
    return closing;
  }
}
