package io.tidegate.delivery;

import java.time.Instant;

/// What follows from an attempt.
public sealed interface Outcome {

  record Delivered() implements Outcome {}

  /// Another attempt follows.
  ///
  /// @param at `UNTIL_TOLD` when it waits for the operator
  record Retry(Instant at) implements Outcome {
    public static final Instant UNTIL_TOLD = Instant.parse("9999-12-31T00:00:00Z");
  }

  /// There will be no other attempt.
  record GivenUp(Reason reason) implements Outcome {}

  enum Reason {
    /// It can never be sent: the key is not a URL, the address is forbidden.
    REFUSED,
    /// A status that is said to be final.
    PERMANENT,
    GONE,
    EXHAUSTED,
    /// Too old, or removed by the topic's retention while it was still owed.
    EXPIRED,
    /// An operator let it go.
    SKIPPED
  }
}
