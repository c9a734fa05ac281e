package io.tidegate.inbox;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Which deliveries were taken in lately, by what their senders call them. One that comes again is
/// a duplicate as soon as the first is acknowledged; until then it waits for the first.
///
/// Any thread. Bounded: when there are too many, the oldest is forgotten.
final class Duplicates {
  private static final int MOST = 100_000;

  private final ConcurrentHashMap<String, Claim> claims = new ConcurrentHashMap<>();
  private final Queue<Claim> inOrder = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  /// The first delivery of a name: true when it was acknowledged, false when it was not.
  static final class Claim extends CompletableFuture<Boolean> {
    private final String name;
    private final String eventId;
    private final long until;

    private Claim(String name, String eventId, long until) {
      this.name = name;
      this.eventId = eventId;
      this.until = until;
    }

    String eventId() {
      return eventId;
    }

    private boolean isOver(long nanos) {
      return nanos - until > 0 && isDone();
    }
  }

  /// A claim of that event, when it is the first; else the claim of the one that was.
  Claim enter(String name, String eventId, Duration window, long nanos) {
    var fresh = new Claim(name, eventId, nanos + window.toNanos());
    while (true) {
      var present = claims.putIfAbsent(name, fresh);
      if (present == null) {
        inOrder.add(fresh);
        size.incrementAndGet();
        trim(nanos);
        return fresh;
      }
      if (!present.isOver(nanos)) {
        return present;
      }
      claims.remove(name, present);
    }
  }

  /// The first one was not acknowledged: the next one is the first.
  void failed(Claim claim) {
    claims.remove(claim.name, claim);
    claim.complete(false);
  }

  private void trim(long nanos) {
    for (var oldest = inOrder.peek();
        oldest != null && (size.get() > MOST || oldest.isOver(nanos));
        oldest = inOrder.peek()) {
      if (inOrder.remove(oldest)) {
        size.decrementAndGet();
        claims.remove(oldest.name, oldest);
      }
    }
  }

  int size() {
    return claims.size();
  }
}
