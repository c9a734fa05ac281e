package io.tidegate.outbox;

import java.util.LinkedHashSet;

/// Deliveries that a retry by hand has brought to their destinations, the last few thousand: what
/// is still to be tried of them by itself need not be. All of a destination's deliveries have one
/// owner, who makes the retries, too; an owner that takes over knows nothing of this, and sends
/// once more. Any thread.
final class DoneByHand {
  private static final int MOST = 20_000;

  private final LinkedHashSet<String> done = new LinkedHashSet<>();

  synchronized void add(String delivery) {
    if (done.add(delivery) && done.size() > MOST) {
      done.removeFirst();
    }
  }

  synchronized boolean has(String delivery) {
    return done.contains(delivery);
  }

  synchronized boolean isEmpty() {
    return done.isEmpty();
  }
}
