package io.tidegate.edge;

import java.util.concurrent.atomic.AtomicLong;

/// A bound on something that all loops share. Any thread.
final class Quota {
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  Quota(long most) {
    this.most = most;
  }

  boolean take(long amount) {
    if (taken.addAndGet(amount) <= most) {
      return true;
    }
    taken.addAndGet(-amount);
    return false;
  }

  void give(long amount) {
    taken.addAndGet(-amount);
  }
}
