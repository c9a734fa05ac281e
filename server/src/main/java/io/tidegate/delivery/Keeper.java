package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.Checkpoint.Aside;
import io.tidegate.delivery.Checkpoint.LaneNote;
import io.tidegate.delivery.Checkpoint.RangeNote;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a partition's progress: commits the low-water mark, writes checkpoints, and brings the
/// partition to an orderly end.
///
/// Any thread that may wait; `turn` lets one at a time write, and nobody else needs it.
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  /// Lanes further behind than that are written down one by one, so that others need not be read
  /// again because of them.
  private static final int NEAR_BY = 20_000;

  /// Checkpoints may cost that much a second, on the average.
  private static final int BYTES_PER_SECOND = 1 << 20;

  private static final Duration SHORTEST = Duration.ofSeconds(3);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration FINISH = Duration.ofSeconds(5);
  private static final Duration CANCEL = Duration.ofSeconds(2);

  private final Partition partition;
  private final Checkpoints checkpoints;
  private final ReentrantLock turn = new ReentrantLock();
  private long written = -1;
  private long nextWrite;
  private volatile String remark;

  Keeper(Partition partition, Checkpoints checkpoints) {
    this.partition = partition;
    this.checkpoints = checkpoints;
    this.remark = checkpoints.remark();
  }

  Partition partition() {
    return partition;
  }

  /// To be called now and then: commits, and writes a checkpoint when there is news and it is time.
  void tick() {
    commit();
    var changes = partition.locked(Lanes::changes);
    if (changes != written && partition.desk.time().nanos() - nextWrite >= 0 && turn.tryLock()) {
      try {
        write();
      } catch (LogUnavailable away) {
        LOG.atInfo().log("{}; it is tried again", away.getMessage());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      } finally {
        turn.unlock();
      }
    }
  }

  /// Without a checkpoint to point to, nothing is committed: see `Checkpoints.load`.
  private void commit() {
    if (!remark.isEmpty()) {
      partition.claim.commit(partition.locked(lanes -> lanes.progress().low()), remark);
    }
  }

  /// Writes one now.
  ///
  /// @throws LogUnavailable when it could not be stored
  void writeNow() throws InterruptedException {
    turn.lock();
    try {
      write();
    } finally {
      turn.unlock();
    }
  }

  private void write() throws InterruptedException {
    var seen = partition.locked(Lanes::changes);
    var all = checkpoints.wantsAll();
    var captured = partition.locked(lanes -> capture(lanes, all));
    if (captured.isEmpty()) {
      return;
    }
    var checkpoint = captured.get();
    var bytes = checkpoints.write(checkpoint);
    remark = checkpoints.remark();
    written = seen;
    nextWrite = partition.desk.time().nanos() + pause(bytes).toNanos();
    partition.claim.commit(checkpoint.low(), remark);
  }

  private static Duration pause(int bytes) {
    var pause = Duration.ofMillis(1000L * bytes / BYTES_PER_SECOND);
    if (pause.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }

  /// What there is to be written; nothing once the partition is closed.
  private Optional<Checkpoint> capture(Lanes lanes, boolean all) {
    if (lanes.isClosed()) {
      return Optional.empty();
    }
    var progress = lanes.progress();
    var resume = progress.read();
    var behind = new ArrayList<Lane>();
    for (var lane : lanes.all().values()) {
      var first = lane.first();
      if (lane.hasFailed() || first < progress.read() - NEAR_BY) {
        behind.add(lane);
      } else {
        resume = Math.min(resume, first);
      }
    }
    var changed = new ArrayList<RangeNote>();
    var owing = new ArrayList<Long>();
    for (var range : progress.owed().ranges()) {
      owing.add(range.number);
      if (range.takeChanged() || all) {
        changed.add(RangeNote.of(range, progress.horizon()));
      }
    }
    return Optional.of(
        new Checkpoint(
            progress.low(),
            resume,
            progress.horizon(),
            changed,
            owing,
            notes(lanes, behind, resume),
            partition.journal.partition(),
            partition.journal.known(),
            ordering(partition.desk.pump())));
  }

  static String ordering(Pump pump) {
    return switch (pump.ordering()) {
      case Pump.Ordering.Key _ -> "key";
      case Pump.Ordering.None _ -> "none";
      case Pump.Ordering.ByHeader(var name) -> "header " + name;
    };
  }

  private static List<LaneNote> notes(Lanes lanes, List<Lane> behind, long resume) {
    var notes = new ArrayList<LaneNote>(behind.size());
    var flagged = new HashSet<Bytes>(lanes.gone().keySet());
    for (var lane : behind) {
      var second = lane.second().orElse(Lane.NOTHING);
      var more = second < resume ? second : Lane.NOTHING;
      var gone = flagged.remove(lane.id);
      notes.add(new LaneNote(lane.id, lane.authority, more, gone, asides(lane)));
    }
    flagged.forEach(id -> notes.add(new LaneNote(id, "", Lane.NOTHING, true, List.of())));
    return notes;
  }

  private static List<Aside> asides(Lane lane) {
    var asides = new ArrayList<Aside>(lane.out().size());
    for (var parcel : lane.out()) {
      asides.add(
          new Aside(
              parcel.offset,
              Math.max(0, parcel.timestamp),
              parcel.seen,
              parcel.attempts,
              parcel.dueAt,
              parcel.state == Parcel.State.BLOCKED,
              parcel.word));
    }
    return asides;
  }

  /// Finishes or cancels what is on its way, writes down how far it got, and commits.
  void release() {
    try {
      partition.carriers.stop();
      if (!partition.carriers.awaitQuiet(FINISH)) {
        partition.carriers.cancel();
        partition.carriers.awaitQuiet(CANCEL);
      }
      writeNow();
      commit();
    } catch (LogUnavailable away) {
      LOG.atWarn()
          .addKeyValue("topic", partition.topic)
          .addKeyValue("partition", partition.number())
          .log("the last checkpoint is missing ({}); the journal has it all", away.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      partition.close();
    }
  }
}
