package io.tidegate.log;

/// Where reading stands in one partition of a followed topic. Used by the tail's thread alone.
///
/// @see KafkaTail
final class Place {
  private long next;
  private long target;
  private boolean caughtUp;

  Place(long next, long target) {
    this.next = next;
    this.target = target;
  }

  long next() {
    return next;
  }

  void moveTo(long next) {
    this.next = next;
  }

  /// True once: when the end that was known at the beginning has been reached.
  boolean catchesUp() {
    var now = !caughtUp && next >= target;
    caughtUp |= now;
    return now;
  }
}
