package io.tidegate.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// How a courier is doing, on this instance.
///
/// @param lanes how many there are, by state; those that owe nothing are not counted
/// @param oldest the age of the oldest record that is owed
/// @param lag records of the partitions here that are not settled or not even read yet; empty while
///   that is not known, or when there are none of its partitions here
/// @param inFlight requests on their way
/// @param receivers how many there are by the state of their breaker: `closed`, `open`, `half_open`
/// @param broken some of those that are not closed
/// @param trouble what keeps it from its work, if anything
public record CourierView(
    String pump,
    String group,
    List<OwnedPartition> partitions,
    Map<LaneState, Integer> lanes,
    Optional<Duration> oldest,
    OptionalLong lag,
    int inFlight,
    Map<String, Integer> receivers,
    List<Broken> broken,
    Optional<String> trouble) {

  /// A partition of which this instance is the owner.
  ///
  /// @param committed everything below it is settled
  /// @param read the offset after everything read
  /// @param owed records that were read and are not settled
  /// @param unread records that were not read yet; empty while that is not known
  public record OwnedPartition(
      String topic, int partition, long committed, long read, long owed, OptionalLong unread) {}

  /// A receiver whose breaker keeps requests back.
  ///
  /// @param probing one request is let through to see whether it is back
  /// @param failures in a row
  /// @param waiting records that wait for it and could be sent else
  /// @param pause until the next probe
  public record Broken(
      String authority, boolean probing, int failures, int waiting, Duration pause) {}

  /// What is owed to one receiver, and what keeps it.
  ///
  /// @param partitions those that were looked at: all that this instance owns
  /// @param owed records that it is known to be owed
  /// @param more there may be more than those
  /// @param sending of them, on their way
  /// @param waiting of them, for the time of their next attempt
  /// @param oldest the age of the oldest, when it is known
  /// @param next the earliest time of a next attempt
  /// @param broken its breaker, when that keeps requests back
  public record Queue(
      int partitions,
      long owed,
      boolean more,
      int sending,
      int waiting,
      Optional<Duration> oldest,
      Optional<Instant> next,
      Optional<Broken> broken) {}

  public enum LaneState {
    /// A request is on its way, or its outcome is being written down.
    SENDING,
    /// It could be sent, and waits for its turn at the receiver.
    READY,
    /// It failed, and the time of the next attempt has not come.
    WAITING,
    /// It was given up, and an operator has to say what now.
    BLOCKED,
    /// Its next records are being looked for in the log.
    BEHIND
  }

  /// What stays in order, and how it is doing.
  ///
  /// @param key of its records, or the value of the header that orders them
  /// @param position the offset of the oldest record that it owes
  /// @param age of that record, when it is known
  /// @param pending records that it is known to owe
  /// @param more there may be more than those
  /// @param attempts made for the oldest record
  /// @param next when it is tried again
  /// @param word how the last attempt went; empty when there was none
  /// @param gone its receiver said that it is gone for good, and took nothing since
  public record Lane(
      String topic,
      int partition,
      String key,
      String authority,
      LaneState state,
      long position,
      Optional<Duration> age,
      int pending,
      boolean more,
      int attempts,
      Optional<Instant> next,
      String word,
      boolean gone) {}
}
