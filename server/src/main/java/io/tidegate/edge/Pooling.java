package io.tidegate.edge;

import java.time.Duration;

/// How many connections a client keeps, and for how long.
///
/// @param all of them together; before there are more, the one that was idle for longest is closed
/// @param each to one destination, when a connection carries one request at a time
/// @param idle without a request
/// @param oldest from when on it is not used again, so that names that move are followed
record Pooling(int all, int each, Duration idle, Duration oldest) {
  static final Pooling USUAL =
      new Pooling(8192, 256, Duration.ofSeconds(30), Duration.ofMinutes(5));

  long idleNanos() {
    return idle.toNanos();
  }

  long oldestNanos() {
    return oldest.toNanos();
  }
}
