package io.tidegate.delivery;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes of records may be held in memory by all couriers of the process. What does not
/// fit is read again when its turn comes.
public final class Budget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  public Budget(long bytes) {
    this.limit = bytes;
  }

  long limit() {
    return limit;
  }

  long used() {
    return used.get();
  }

  /// Counts it in any case: it is needed now.
  void add(long bytes) {
    used.addAndGet(bytes);
  }

  /// Counts it when at least half of everything stays free for what flows.
  boolean park(long bytes) {
    if (used.addAndGet(bytes) > limit / 2) {
      used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void give(long bytes) {
    used.addAndGet(-bytes);
  }

  boolean isSpent() {
    return used.get() > limit;
  }
}
