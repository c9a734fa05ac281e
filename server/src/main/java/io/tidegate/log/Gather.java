package io.tidegate.log;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Lets records gather while they come thick and fast: a request of the consumer is answered as
/// soon as there is one, and costs the cluster and us about as much as one for a hundred. A record
/// that comes alone is not held up. For one thread.
final class Gather {
  private long last = System.nanoTime() - Duration.ofMinutes(1).toNanos();

  /// Waits a little if the last records came just before.
  ///
  /// @param apart how far looks that find something are to lie apart
  void after(int records, Duration apart) {
    if (records > 0) {
      var left = last + apart.toNanos() - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(left);
      }
      last = System.nanoTime();
    }
  }
}
