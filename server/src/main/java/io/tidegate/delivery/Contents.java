package io.tidegate.delivery;

import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The contents of a partition's parcels that were left to the log, read again when their turn has
/// come. What comes along with one is kept for those who want it next, and whoever wants what is
/// just being read waits for that: so a backlog is read once more in all, and not once for each
/// record.
///
/// Any thread that may wait.
final class Contents {
  private static final int LOOK = 64 << 10;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /// So far behind the beginning of a read a record may lie and be expected of it.
  private static final int REACH = 1_000;

  private static final int TOGETHER = 64;

  private final Partition partition;
  private final List<Reading> under = new ArrayList<>();

  /// A read that is under way.
  private record Reading(long from, CountDownLatch over) {
    boolean mayBring(long offset) {
      return from <= offset && offset - from < REACH;
    }
  }

  Contents(Partition partition) {
    this.partition = partition;
  }

  /// The record; null when the log no longer has it.
  ///
  /// @throws LogUnavailable when it cannot be read now
  @Nullable Stored of(Parcel parcel) throws InterruptedException {
    var known = parcel.record;
    if (known != null) {
      return known;
    }
    parcel.wanted = true;
    var before = under(parcel.offset);
    if (before != null && before.over.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      var brought = brought(parcel);
      if (brought != null) {
        return brought;
      }
    }
    return read(parcel);
  }

  private synchronized @Nullable Reading under(long offset) {
    for (var reading : under) {
      if (reading.mayBring(offset)) {
        return reading;
      }
    }
    return null;
  }

  private @Nullable Stored brought(Parcel parcel) {
    var brought = partition.locked(_ -> Optional.ofNullable(parcel.record));
    if (brought.isPresent()) {
      parcel.begun = partition.desk.time().nanos(); // waiting was not the receiver's time
    }
    return brought.orElse(null);
  }

  private @Nullable Stored read(Parcel parcel) {
    var reading = new Reading(parcel.offset, new CountDownLatch(1));
    synchronized (this) {
      under.add(reading);
    }
    try {
      var log = partition.desk.log();
      var read =
          log.read(partition.topic, partition.number(), parcel.offset, LOOK, LIMIT).records();
      if (read.isEmpty() || read.getFirst().offset() != parcel.offset) {
        return null;
      }
      var found = read.getFirst();
      var routing = partition.desk.route(found);
      var owed = partition.locked(lanes -> take(lanes, parcel, found, routing, read));
      share(owed);
      return found;
    } finally {
      synchronized (this) {
        under.remove(reading);
      }
      reading.over.countDown();
    }
  }

  /// Fills the parcel. What came along and is owed.
  private List<Stored> take(
      Lanes lanes, Parcel parcel, Stored found, Routing routing, List<Stored> read) {
    lanes.fill(parcel, found, routing);
    parcel.begun = partition.desk.time().nanos(); // reading is not the receiver's time
    if (!parcel.flows) {
      lanes.room().add(parcel);
    }
    if (routing instanceof Routing.To to) {
      parcel.lane.authority = to.authority();
    }
    return read.stream()
        .filter(each -> each.offset() > parcel.offset && lanes.progress().isOwed(each.offset()))
        .toList();
  }

  /// To those who want it next, as long as there are any and there is room.
  private void share(List<Stored> owed) {
    for (var from = 0; from < owed.size(); from += TOGETHER) {
      var some = owed.subList(from, Math.min(owed.size(), from + TOGETHER));
      var routings = some.stream().map(partition.desk::route).toList();
      if (!partition.locked(lanes -> keep(lanes, some, routings))) {
        return;
      }
    }
  }

  private boolean keep(Lanes lanes, List<Stored> records, List<Routing> routings) {
    var kept = false;
    for (var i = 0; i < records.size() && lanes.room().isFree() && !lanes.isClosed(); i++) {
      if (routings.get(i) instanceof Routing.To to) {
        kept |= keep(lanes, records.get(i), to);
      }
    }
    return kept;
  }

  private boolean keep(Lanes lanes, Stored record, Routing.To to) {
    var lane = lanes.all().get(to.lane());
    if (lane == null) {
      return false;
    }
    if (lane.isNextFar(record.offset())) {
      var near = lanes.parcel(lane, record, to);
      lane.comeNear(near);
      lanes.room().add(near);
      return true;
    }
    var kept = false;
    for (var parcel : lane.out()) {
      if (parcel.offset == record.offset() && parcel.record == null && isExpected(parcel)) {
        lanes.fill(parcel, record, to);
        lanes.room().add(parcel);
        partition.desk.traffic().prefer(parcel);
        kept = true;
      }
    }
    return kept;
  }

  private static boolean isExpected(Parcel parcel) {
    return parcel.state == Parcel.State.READY
        || (parcel.state == Parcel.State.SENDING && parcel.wanted);
  }
}
