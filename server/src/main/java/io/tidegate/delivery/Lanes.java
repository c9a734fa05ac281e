package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.log.Stored;
import io.tidegate.plan.Pump;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The lanes of one partition and what they owe: everything that happens under the partition's
/// lock. What may go is handed to a consumer, to be offered to the traffic after the lock is given
/// back.
///
///     enter → Lane → advance → ready: begun, then settle or lay aside → advance
final class Lanes {
  /// The lane of records that can never be sent; no other has an empty name.
  static final Bytes REFUSED = Bytes.EMPTY;

  private static final int MOST_FAR = 1_024;
  private static final int MOST_FLAGS = 10_000;
  private static final int REFUSALS_TOGETHER = 64;

  private final Partition partition;
  private final Desk desk;
  private final Progress progress;
  private final Map<Long, Standing> standings;
  private final int together;
  private final Map<Bytes, Lane> all = new HashMap<>();
  private final Map<Bytes, Boolean> gone = new LinkedHashMap<>();
  private final Gleaner gleaner;
  private final Room room;
  private long changes;
  private boolean closed;

  /// @param standings of records that are read again after a restart
  Lanes(Partition partition, Progress progress, Map<Long, Standing> standings) {
    this.partition = partition;
    this.desk = partition.desk;
    this.progress = progress;
    this.standings = new HashMap<>(standings);
    this.together =
        desk.pump().ordering() instanceof Pump.Ordering.None ? desk.pump().limits().perKey() : 0;
    this.gleaner = new Gleaner(partition);
    this.room = new Room(desk, partition.claim, partition::makeRoom);
  }

  Map<Bytes, Lane> all() {
    return all;
  }

  Progress progress() {
    return progress;
  }

  /// Lanes whose receivers said that they are gone for good.
  Map<Bytes, Boolean> gone() {
    return gone;
  }

  Map<Long, Standing> standings() {
    return standings;
  }

  Room room() {
    return room;
  }

  /// Goes up with everything that a checkpoint would say.
  long changes() {
    return changes;
  }

  boolean isClosed() {
    return closed;
  }

  Lane lane(Bytes id, String authority) {
    var lane = all.get(id);
    if (lane == null) {
      lane = new Lane(id, id.isEmpty() ? REFUSALS_TOGETHER : together);
      all.put(id, lane);
    }
    if (!lane.authority.equals(authority)) {
      lane.authority = authority;
    }
    return lane;
  }

  /// New records, in order, and the offset after them.
  void enter(List<Stored> records, List<Routing> routings, long next, Consumer<Parcel> ready) {
    for (var i = 0; i < records.size(); i++) {
      if (progress.read(records.get(i).offset())) {
        enter(records.get(i), routings.get(i), ready);
      }
    }
    progress.skipTo(next);
    changes++;
    room.pauseIfFull(all.size());
  }

  private void enter(Stored record, Routing routing, Consumer<Parcel> ready) {
    switch (routing) {
      case Routing.Skip _ -> progress.settle(record.offset());
      case Routing.To to -> enter(record, lane(to.lane(), to.authority()), to, ready);
      case Routing.Refuse _ -> enter(record, lane(REFUSED, ""), routing, ready);
    }
  }

  private void enter(Stored record, Lane lane, Routing routing, Consumer<Parcel> ready) {
    var parcel = parcel(lane, record, routing);
    if (lane.add(parcel, mostFar())) {
      room.add(parcel);
    }
    advance(lane, ready);
  }

  Parcel parcel(Lane lane, Stored record, Routing routing) {
    var parcel = new Parcel(partition, lane, record.offset());
    fill(parcel, record, routing);
    return parcel;
  }

  void fill(Parcel parcel, Stored record, Routing routing) {
    parcel.record = record;
    parcel.routing = routing;
    parcel.timestamp = record.timestamp();
    if (parcel.seen == 0) {
      parcel.seen = desk.nowMillis();
    }
  }

  /// With many lanes each one keeps less, so that together they stay within some megabytes.
  private int mostFar() {
    return Math.max(8, Math.min(MOST_FAR, 2_000_000 / Math.max(1, all.size())));
  }

  /// A record that was found by looking for what a lane has more of. False when it has no room.
  boolean found(Lane lane, Stored record, Routing routing) {
    var parcel = parcel(lane, record, routing);
    var near = lane.near();
    if (!lane.found(parcel, mostFar())) {
      return false;
    }
    if (lane.near() > near) {
      room.add(parcel);
    }
    return true;
  }

  /// A parcel from before a restart.
  Parcel adopt(Lane lane, long offset, Standing known) {
    var parcel = new Parcel(partition, lane, offset);
    known.applyTo(parcel, desk);
    parcel.state = known.blocked() ? Parcel.State.BLOCKED : Parcel.State.WAITING;
    lane.adopt(parcel);
    return parcel;
  }

  /// The log has lost everything below `first`. How many of those were not read yet; negative when
  /// more was read: then it is not the log that it was.
  long truncated(long first) {
    var lost = first - progress.read();
    if (lost >= 0) {
      progress.skipTo(first);
      changes++;
    }
    return lost;
  }

  /// Lets what may go of a lane go.
  void advance(Lane lane, Consumer<Parcel> ready) {
    for (var parcel = lane.take(partition); parcel != null; parcel = lane.take(partition)) {
      if (parcel.attempts > 0 || standings.isEmpty() || !waits(parcel)) {
        ready.accept(parcel);
        if (lane.isOrdered()) {
          break;
        }
      }
    }
    if (lane.isEmpty()) {
      all.remove(lane.id);
    } else if (lane.isHungry()) {
      gleaner.feed(lane);
    }
  }

  /// From before a restart it may be known that the time of its next attempt has not come.
  private boolean waits(Parcel parcel) {
    var known = standings.remove(parcel.offset);
    if (known == null) {
      return false;
    }
    known.applyTo(parcel, desk);
    if (known.blocked()) {
      room.empty(parcel);
      parcel.lane.layAside(parcel, Parcel.State.BLOCKED);
      return true;
    }
    if (parcel.due - desk.time().nanos() <= 0) {
      return false;
    }
    park(parcel);
    return true;
  }

  /// Until it is due.
  private void park(Parcel parcel) {
    var size = parcel.size();
    room.remove(parcel);
    if (parcel.record != null && !desk.budget().park(size)) {
      parcel.record = null;
    }
    parcel.lane.layAside(parcel, Parcel.State.WAITING);
    desk.alarms().add(parcel);
  }

  /// It is done with.
  void settle(Parcel parcel, JournalEntry.Step step, Consumer<Parcel> ready) {
    progress.settle(parcel.offset);
    changes++;
    room.empty(parcel);
    flag(parcel.lane, step);
    parcel.lane.settled(parcel);
    advance(parcel.lane, ready);
    room.resumeIfLow(all.size());
  }

  private void flag(Lane lane, JournalEntry.Step step) {
    if (step == JournalEntry.Step.GONE) {
      if (gone.size() < MOST_FLAGS) {
        gone.put(lane.id, true);
      }
    } else if (step == JournalEntry.Step.DELIVERED && !gone.isEmpty()) {
      gone.remove(lane.id);
    }
  }

  /// It is tried again when it is due, or when the operator says so (`BLOCKED`).
  void layAside(Parcel parcel, Parcel.State state, Consumer<Parcel> ready) {
    changes++;
    if (state == Parcel.State.WAITING) {
      park(parcel);
    } else {
      room.empty(parcel);
      parcel.lane.layAside(parcel, state);
    }
    if (parcel.lane.isStalled()) {
      parcel.lane.forgetNear().forEach(room::empty);
    }
    advance(parcel.lane, ready);
    room.resumeIfLow(all.size());
  }

  /// One that waited may go.
  void wake(Parcel parcel) {
    parcel.lane.due(parcel);
    if (parcel.record != null) {
      desk.budget().give(parcel.size());
      room.add(parcel);
    }
  }

  /// Tries what waits in a lane at once. False when nothing does.
  boolean retry(Bytes id, Consumer<Parcel> ready) {
    var lane = all.get(id);
    if (lane == null) {
      return false;
    }
    var waiting = new ArrayList<Parcel>();
    for (var parcel : lane.out()) {
      if (parcel.state == Parcel.State.WAITING || parcel.state == Parcel.State.BLOCKED) {
        waiting.add(parcel);
      }
    }
    waiting.forEach(this::wakeNow);
    advance(lane, ready);
    return !waiting.isEmpty();
  }

  void wakeNow(Parcel parcel) {
    parcel.due = desk.time().nanos();
    wake(parcel);
  }

  /// Owes nothing any more, as far as this instance is concerned.
  void close() {
    closed = true;
    room.clear();
    for (var lane : all.values()) {
      for (var parcel : lane.out()) {
        if (!parcel.flows && parcel.record != null && parcel.state == Parcel.State.WAITING) {
          desk.budget().give(parcel.size());
        }
      }
    }
    all.clear();
  }
}
