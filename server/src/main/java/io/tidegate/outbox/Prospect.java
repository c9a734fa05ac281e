package io.tidegate.outbox;

import io.tidegate.filter.Explanation;
import io.tidegate.registry.Snapshot;
import java.util.Optional;

/// Whether a destination would get an event, and why not.
///
/// @param explanation what its filter says, if it was asked
public record Prospect(
    Snapshot<Destination> destination, Answer answer, Optional<Explanation> explanation) {

  public enum Answer {
    DELIVERED,
    /// It gets nothing for the time being.
    DISABLED,
    /// The event is for another one alone.
    ADDRESSED_ELSEWHERE,
    /// It does not subscribe to the topic.
    TOPIC,
    /// Its filter does not let the event through.
    FILTER
  }
}
