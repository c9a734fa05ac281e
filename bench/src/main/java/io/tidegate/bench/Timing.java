package io.tidegate.bench;

import java.time.Duration;

/// How long everything takes.
///
/// @param warmUp load for each side before the first turn; compilers need it: on two cores the
///   product takes about a minute to reach its speed
/// @param lead load at the start of a turn that is not measured
/// @param pairs turns of each side with closed loops
/// @param openPairs turns of each side at a fixed rate
record Timing(Duration warmUp, Duration lead, Duration measured, int pairs, int openPairs) {

  static final Timing FULL =
      new Timing(Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofSeconds(4), 5, 3);
  static final Timing QUICK =
      new Timing(Duration.ofSeconds(20), Duration.ofMillis(500), Duration.ofSeconds(2), 5, 1);
  static final Timing GLANCE =
      new Timing(Duration.ofMillis(500), Duration.ofMillis(100), Duration.ofSeconds(1), 2, 2);

  Timing withPairs(int pairs) {
    return new Timing(warmUp, lead, measured, pairs, openPairs);
  }

  Timing withMeasured(Duration measured) {
    return new Timing(warmUp, lead, measured, pairs, openPairs);
  }

  Timing withWarmUp(Duration warmUp) {
    return new Timing(warmUp, lead, measured, pairs, openPairs);
  }

  /// One turn as long as the warm-up.
  Timing asWarmUp() {
    return new Timing(warmUp, Duration.ZERO, warmUp, 1, 0);
  }

  /// How long both sides are under load in all.
  Duration total() {
    var turn = lead.plus(measured);
    return warmUp.plus(turn.multipliedBy((long) pairs + openPairs)).multipliedBy(2);
  }
}
