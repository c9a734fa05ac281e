package io.tidegate.inbox;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A bucket of tokens that fills evenly. Any thread, no lock: all there is, is the moment at which
/// the bucket will be full again.
final class RateLimit {
  private final long interval;
  private final long tolerance;
  private final long origin;
  private final AtomicLong full = new AtomicLong();

  /// @param burst tokens in a full bucket
  RateLimit(int perSecond, int burst, long nanos) {
    this.interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.tolerance = interval * (burst - 1L);
    this.origin = nanos;
  }

  /// Takes a token: zero when there was one, else in how many nanoseconds there will be.
  long take(long nanos) {
    var now = nanos - origin;
    while (true) {
      var present = full.get();
      var from = Math.max(present, now);
      if (from - now > tolerance) {
        return from - now - tolerance;
      }
      if (full.compareAndSet(present, from + interval)) {
        return 0;
      }
    }
  }
}
