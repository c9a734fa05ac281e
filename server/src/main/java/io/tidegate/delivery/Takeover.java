package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.JournalEntry.Step;
import io.tidegate.log.Appended;
import io.tidegate.log.RecordLog.Claim;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes a partition over: says so in the journal, reads the checkpoint and what the journal says
/// since, and puts the lanes back where they were. Records from `resume` on are then read as
/// always.
///
/// All of this is kept under the topic's name and incarnation: a topic that is deleted and created
/// again begins at offset 0, and nothing that was known of the old one may count for the new one.
final class Takeover {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int STRETCH = 1 << 20;

  private final Desk desk;
  private final String topic;
  private final Claim claim;
  private final long first;
  private final Journal journal;
  private final Checkpoints checkpoints;
  private final Map<Long, Standing> standings = new HashMap<>();
  private final Set<Bytes> gone = new HashSet<>();

  /// @throws LogUnavailable when the log cannot say now what the topic is
  Takeover(Desk desk, String topic, Claim claim) {
    var info =
        desk.log().describe(topic, LIMIT).orElseThrow(() -> unavailable("there is no " + topic));
    var base = desk.pump().group() + "/" + topic + "@" + info.id() + "/" + claim.partition();
    this.desk = desk;
    this.topic = topic;
    this.claim = claim;
    this.first = info.firstOffsets().getOrDefault(claim.partition(), 0L);
    this.journal = new Journal(desk.log(), Bytes.utf8(base));
    this.checkpoints = new Checkpoints(desk.log(), base, info.id());
  }

  /// What was taken over, ready for records from `resume` on.
  ///
  /// @param ready what may be sent at once
  record Taken(Keeper keeper, long resume, List<Parcel> ready) {}

  /// @throws LogUnavailable when the log cannot be read or written now
  Taken take() throws InterruptedException {
    var opened = open();
    var found = checkpoints.load(claim);
    if (found.isEmpty()) {
      return anew(checkpoints.isOutlived(claim) ? first : claim.position());
    }
    var known = found.get();
    var keeps = known.ordering().equals(Keeper.ordering(desk.pump()));
    var resume = keeps ? known.resume() : Math.min(known.resume(), low(known));
    var progress = new Progress(resume, known.horizon(), known.owed());
    if (known.journal() == opened.partition()) {
      replay(progress, known.from(), opened);
    }
    var asides = keeps ? standings : withAsides(known.lanes());
    var partition = new Partition(desk, topic, claim, journal, progress, asides);
    var ready = keeps ? restore(partition, known.lanes(), resume) : List.<Parcel>of();
    return new Taken(new Keeper(partition, checkpoints), resume, ready);
  }

  private static long low(Checkpoints.Found known) {
    var first = known.owed().next(0);
    return first < 0 ? known.resume() : first;
  }

  private Appended.At open() throws InterruptedException {
    var line =
        new JournalEntry(Step.OPENED, claim.position(), 0, desk.nowMillis(), "", Bytes.EMPTY);
    return switch (journal.append(line)) {
      case Appended.At at -> at;
      case Appended.Refused refused -> throw unwritable(refused.cause());
      case Appended.Unavailable unavailable -> throw unwritable(unavailable.cause());
      case Appended.Unknown unknown -> throw unwritable(unknown.cause());
    };
  }

  private static LogUnavailable unwritable(String cause) {
    return unavailable("the topic " + DeliveryTopics.ATTEMPTS + " cannot be written: " + cause);
  }

  private static LogUnavailable unavailable(String what) {
    return new LogUnavailable(what, new IllegalStateException(what));
  }

  /// Takes it over at `from`, whatever was known of it: the log is not what it was.
  ///
  /// @throws LogUnavailable when the log cannot be read or written now
  Taken takeAnew(long from) throws InterruptedException {
    var _ = open();
    return anew(from);
  }

  /// Leaves a first checkpoint before anything is sent, so that the journal counts from here on.
  private Taken anew(long from) throws InterruptedException {
    var progress = new Progress(from);
    var partition = new Partition(desk, topic, claim, journal, progress, Map.of());
    var keeper = new Keeper(partition, checkpoints);
    keeper.writeNow();
    return new Taken(keeper, from, List.of());
  }

  private void replay(Progress progress, long from, Appended.At opened) {
    for (var next = from; next < opened.offset(); ) {
      var read = desk.log().read(DeliveryTopics.ATTEMPTS, opened.partition(), next, STRETCH, LIMIT);
      read.records().forEach(record -> replay(progress, record));
      if (read.next() <= next) {
        return;
      }
      next = read.next();
    }
  }

  private void replay(Progress progress, Stored record) {
    var key = record.key();
    var value = record.value();
    if (key == null || value == null || !journal.isOurs(key)) {
      return;
    }
    var line = JournalEntry.unpack(value);
    if (line.step().isSettled()) {
      progress.settleAhead(line.offset());
      standings.remove(line.offset());
      if (line.step() == Step.GONE) {
        gone.add(line.lane());
      }
    } else if (line.step() != Step.OPENED && progress.isOwed(line.offset())) {
      var blocked = line.step() == Step.BLOCKED;
      standings.put(line.offset(), new Standing(line.number(), line.at(), blocked, line.word(), 0));
    }
  }

  /// Lanes under another name: only what is known of single records can be kept.
  private Map<Long, Standing> withAsides(List<Checkpoint.LaneNote> lanes) {
    for (var lane : lanes) {
      for (var aside : lane.asides()) {
        if (aside.attempts() > 0) {
          standings.putIfAbsent(aside.offset(), standing(aside));
        }
      }
    }
    return standings;
  }

  private static Standing standing(Checkpoint.Aside aside) {
    return new Standing(
        aside.attempts(), aside.dueAt(), aside.blocked(), aside.word(), aside.seen());
  }

  private List<Parcel> restore(Partition partition, List<Checkpoint.LaneNote> notes, long resume) {
    var ready = new ArrayList<Parcel>();
    partition.locked(lanes -> {
      gone.forEach(id -> lanes.gone().put(id, true));
      for (var note : notes) {
        if (note.gone()) {
          lanes.gone().put(note.id(), true);
        }
        if (note.more() != Lane.NOTHING || !note.asides().isEmpty()) {
          restore(lanes, note, resume, ready);
        }
      }
      return resume;
    });
    return ready;
  }

  private void restore(Lanes lanes, Checkpoint.LaneNote note, long resume, List<Parcel> ready) {
    var lane = lanes.lane(note.id(), note.authority());
    lane.more(note.more());
    for (var aside : note.asides()) {
      if (aside.offset() >= resume) {
        lanes.standings().putIfAbsent(aside.offset(), standing(aside)); // it will be read again
      } else if (lanes.progress().isOwed(aside.offset())) {
        var newer = lanes.standings().remove(aside.offset());
        var known =
            newer == null
                ? standing(aside)
                : new Standing(
                    newer.attempts(), newer.dueAt(), newer.blocked(), newer.word(), aside.seen());
        var parcel = lanes.adopt(lane, aside.offset(), known);
        parcel.timestamp = aside.timestamp();
        if (parcel.state == Parcel.State.WAITING) {
          desk.alarms().add(parcel);
        }
      }
    }
    lanes.advance(lane, ready::add);
  }
}
