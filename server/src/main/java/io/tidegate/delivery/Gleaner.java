package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.RecordLog.Stretch;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks in the log for what lanes have more of than they could keep: from the place where the
/// first of those that run dry has to look, for all lanes that come by, a stretch at a time.
/// Stretches in which nothing is owed are passed over.
///
/// Runs on a thread of its own while some lane is hungry; `hungry` belongs to the partition's lock.
final class Gleaner {
  private static final Logger LOG = LoggerFactory.getLogger(Gleaner.class);
  private static final int STRETCH = 512 << 10;
  private static final int STRETCHES = 8;
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Partition partition;
  private final Set<Lane> hungry = new LinkedHashSet<>();
  private boolean running;

  Gleaner(Partition partition) {
    this.partition = partition;
  }

  /// Under the partition's lock.
  void feed(Lane lane) {
    if (hungry.add(lane) && !running) {
      running = true;
      partition.desk.start("glean", this::run);
    }
  }

  private void run() {
    try {
      for (var from = begin(); from != Lane.NOTHING; from = begin()) {
        pass(from);
      }
    } catch (LogUnavailable away) {
      LOG.debug("looking for more of a lane has to wait", away);
      partition.desk.time().after(AGAIN, () -> partition.desk.start("glean", this::run));
    }
  }

  /// Where the next pass begins; `NOTHING` ends the run.
  private long begin() {
    return partition.locked(lanes -> {
      hungry.removeIf(lane -> !lane.equals(lanes.all().get(lane.id)) || !lane.isHungry());
      var from = hungry.stream().mapToLong(Lane::more).min();
      running = from.isPresent() && !lanes.isClosed();
      return running ? from.getAsLong() : Lane.NOTHING;
    });
  }

  private void pass(long from) {
    var full = new HashSet<Lane>();
    var at = from;
    for (var i = 0; i < STRETCHES; i++) {
      var place = at;
      var next = partition.locked(lanes -> nextOwed(lanes.progress(), place));
      if (next == Lane.NOTHING) {
        break;
      }
      var log = partition.desk.log();
      var stretch = log.read(partition.topic, partition.number(), next, STRETCH, LIMIT);
      var routings = stretch.records().stream().map(partition.desk::route).toList();
      at = partition.locked(lanes -> take(lanes, from, next, stretch, routings, full));
      if (partition.locked(_ -> hungry.stream().noneMatch(Lane::isHungry))) {
        break;
      }
    }
    finish(from, at, full);
  }

  private static long nextOwed(Progress progress, long from) {
    var next = progress.owed().next(from);
    return next < progress.read() ? next : Lane.NOTHING;
  }

  /// Gives what was found to the lanes, and says how far it looked.
  private long take(
      Lanes lanes, long from, long next, Stretch stretch, List<Routing> routings, Set<Lane> full) {
    var progress = lanes.progress();
    var end = Math.min(Math.max(stretch.next(), next + 1), progress.read());
    settleMissing(lanes, next, end, stretch.records());
    for (var i = 0; i < routings.size(); i++) {
      var record = stretch.records().get(i);
      if (record.offset() < end && progress.owed().contains(record.offset())) {
        give(lanes, record, routings.get(i), from, full);
      }
    }
    return end;
  }

  private static void give(Lanes lanes, Stored record, Routing routing, long from, Set<Lane> full) {
    var id =
        switch (routing) {
          case Routing.To to -> to.lane();
          case Routing.Refuse _ -> Lanes.REFUSED;
          case Routing.Skip _ -> null;
        };
    if (id == null) {
      // What is routed differs from what it was: a change of the configuration.
      lanes.progress().settle(record.offset());
      return;
    }
    if (lanes.isClosed()) {
      return;
    }
    var lane = lanes.all().get(id);
    if (lane == null) {
      // Nobody knows of it, which should not be: then it is this lane's first.
      adopt(lanes, record, routing, id);
      return;
    }
    if (lane.more() == Lane.NOTHING
        || lane.more() < from
        || lane.more() > record.offset()
        || full.contains(lane)) {
      return;
    }
    if (lanes.found(lane, record, routing)) {
      lane.more(record.offset() + 1);
    } else {
      lane.more(record.offset());
      full.add(lane);
    }
  }

  private static void adopt(Lanes lanes, Stored record, Routing routing, Bytes id) {
    LOG.atWarn().addKeyValue("offset", record.offset()).log("a record was found that no lane owed");
    var authority = routing instanceof Routing.To to ? to.authority() : "";
    var lane = lanes.lane(id, authority);
    var _ = lanes.found(lane, record, routing);
    lane.more(record.offset() + 1);
  }

  /// What the log no longer has is owed by nobody, unless a lane knows its offset: then it is that
  /// lane which finds out, and says so.
  private void settleMissing(Lanes lanes, long from, long to, List<Stored> records) {
    var there = new HashSet<Long>();
    records.forEach(record -> there.add(record.offset()));
    var missing = new ArrayList<Long>();
    var owed = lanes.progress().owed();
    for (var each = owed.next(from); each >= 0 && each < to; each = owed.next(each + 1)) {
      if (!there.contains(each)) {
        missing.add(each);
      }
    }
    if (!missing.isEmpty()) {
      var known = new HashSet<Long>();
      lanes.all().values().forEach(lane -> lane.forEachKnown(known::add));
      missing.removeIf(known::contains);
      missing.forEach(lanes.progress()::settle);
      partition.desk.meters().lost(missing.size());
    }
  }

  private void finish(long from, long at, Set<Lane> full) {
    var ready = new ArrayList<Parcel>();
    partition.locked(lanes -> {
      var end = lanes.progress().read();
      var caughtUp = nextOwed(lanes.progress(), at) == Lane.NOTHING;
      for (var lane : List.copyOf(hungry)) {
        if (lane.more() != Lane.NOTHING && lane.more() >= from && !full.contains(lane)) {
          lane.more(caughtUp ? Lane.NOTHING : Math.max(lane.more(), Math.min(at, end)));
        }
        if (!lanes.isClosed() && lane.equals(lanes.all().get(lane.id))) {
          lanes.advance(lane, ready::add);
        }
      }
      return true;
    });
    ready.forEach(partition.desk.traffic()::offer);
  }
}
