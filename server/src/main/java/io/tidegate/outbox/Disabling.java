package io.tidegate.outbox;

import java.time.Duration;
import java.util.Optional;

/// When a destination that only fails is disabled: after so many failures in a row that last for so
/// long, or when they last for very long, however few.
///
/// @param failures 0: never, but for a receiver that says it is gone
public record Disabling(int failures, Duration lasting, Duration atMost) {
  public static final Disabling NEVER = new Disabling(0, Duration.ZERO, Duration.ofDays(5));

  /// Fewer say nothing, however long ago the first one was.
  private static final int FEWEST = 3;

  /// Why it is to be disabled; empty when it is not.
  ///
  /// @param word how the last attempt went
  Optional<String> reason(Streak streak, String word) {
    var often = streak.failures() >= failures && streak.lasting().compareTo(lasting) >= 0;
    var forLong = streak.failures() >= FEWEST && streak.lasting().compareTo(atMost) >= 0;
    return failures > 0 && (often || forLong)
        ? Optional.of(
            "%d attempts in a row failed since %s, the last one with %s"
                .formatted(streak.failures(), streak.since(), word))
        : Optional.empty();
  }
}
