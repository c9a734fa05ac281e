package io.tidegate.edge;

import io.tidegate.http.Tracing;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What all exchanges of a listener share: who hears of them, and whether connections end now.
final class Traffic {

  /// Who hears of an exchange, from its beginning to its end.
  record Observers(AccessLog log, Tracing tracing) {}

  private final Set<Closing> whenClosing = ConcurrentHashMap.newKeySet();
  private final Tenures tenures;
  private volatile Observers observers;
  private volatile boolean closing;

  Traffic(Backends backends, Tenures tenures) {
    this.tenures = tenures;
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

  Tenures tenures() {
    return tenures;
  }

  /// From now on every reply is the last of its connection, and those that would go on are asked to
  /// end.
  void close() {
    closing = true;
    whenClosing.forEach(Closing::run);
  }

  /// Runs `action` when it closes, at once if it did.
  Closing whenClosing(Runnable action) {
    var entry = new Closing(action);
    whenClosing.add(entry);
    if (closing) {
      entry.run();
    }
    return entry;
  }

  void forget(Closing entry) {
    whenClosing.remove(entry);
  }

  /// Something to be done when the listener closes; each is itself alone.
  static final class Closing {
    private final Runnable action;

    Closing(Runnable action) {
      this.action = action;
    }

    private void run() {
      action.run();
    }
  }

  boolean closing() {
    return closing;
  }
}
