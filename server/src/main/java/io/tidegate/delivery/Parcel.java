package io.tidegate.delivery;

import io.tidegate.log.Stored;
import org.jspecify.annotations.Nullable;

/// One record that is owed, while it is at the head of its lane or close to it. Its contents may be
/// left in the log and read again.
///
///     fresh → ready → sending → settled
///                ^       '→ waiting --due--'      (another attempt follows)
///                '---------- blocked             (until the operator says so)
///
/// Belongs to its partition's lock, but for what the thread that carries it reads.
final class Parcel {
  enum State {
    FRESH,
    /// Waits for its turn at the receiver.
    READY,
    SENDING,
    /// Waits for the time of its next attempt.
    WAITING,
    BLOCKED
  }

  final Partition partition;
  final Lane lane;
  final long offset;
  long timestamp;
  @Nullable Stored record;
  @Nullable Routing routing;
  State state = State.FRESH;
  int attempts;

  /// Of the next attempt, on the clock that never leaps.
  long due;

  /// When its request began, on the same clock.
  long begun;

  /// The same for people and for the journal, in milliseconds since 1970.
  long dueAt;

  String word = "";

  /// When it was first seen here, in milliseconds since 1970.
  long seen;

  /// Its contents count among those that flow through its partition.
  boolean flows;

  /// Waits for its turn at its receiver; `Traffic` guards it.
  boolean lined;

  /// Whoever carries it waits for its contents.
  boolean wanted;

  /// The operator lets it go.
  boolean skipped;

  @Nullable Receiver receiver;

  Parcel(Partition partition, Lane lane, long offset) {
    this.partition = partition;
    this.lane = lane;
    this.offset = offset;
  }

  /// Whose limits it counts against; a guess as long as the contents are in the log.
  String authority() {
    return routing instanceof Routing.To to ? to.authority() : lane.authority;
  }

  int size() {
    var known = record;
    if (known == null) {
      return 0;
    }
    var key = known.key();
    var value = known.value();
    return 256 + (key == null ? 0 : key.size()) + (value == null ? 0 : value.size());
  }
}
