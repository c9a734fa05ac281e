package io.tidegate.registry;

import java.time.Instant;

/// A thing as it is after a change.
///
/// @param version counts changes, from 1
/// @param intake id of the topic that the changing command lay in, and its `offset` there
public record Snapshot<T>(
    String id,
    long version,
    Instant created,
    Instant changed,
    String intake,
    long offset,
    T value) {

  /// True when this one counts and `other` does not. A total order over what one intake topic made
  /// of an id, also when a stale writer and a new one overlap.
  boolean isNewerThan(Snapshot<?> other) {
    return version != other.version
        ? version > other.version
        : intake.equals(other.intake) && offset > other.offset;
  }

  /// True when the command at this place has been applied already.
  boolean includes(String intakeTopic, long commandOffset) {
    return intake.equals(intakeTopic) && offset >= commandOffset;
  }
}
