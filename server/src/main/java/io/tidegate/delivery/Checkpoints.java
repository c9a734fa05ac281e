package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The checkpoints of one partition, in the compacted topic `tidegate.progress`: a head that says
/// where the rest lies, ranges of what is owed, and the lanes that are behind.
///
/// A range is written when it changed. An older head with a newer range is well, since what is
/// settled stays settled. Lanes are written whole, to two places in turn, so that a head always
/// finds its own. Where the head lies is left with the group's commit.
///
/// One thread at a time.
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int CHUNK = 256 << 10;
  private static final int STRETCH = 1 << 20;
  private static final String OURS = "tidegate:2:";

  private final RecordLog log;
  private final String base;
  private final String mark;
  private final NavigableMap<Long, Long> ranges = new TreeMap<>();
  private final int[] chunks = new int[2];
  private int slot;
  private String remark = "";
  private boolean whole;

  /// What was found.
  ///
  /// @param owed below the horizon
  record Found(
      long resume,
      long horizon,
      OffsetSet owed,
      List<Checkpoint.LaneNote> lanes,
      int journal,
      long from,
      String ordering) {}

  /// @param incarnation of the topic: what was written of an earlier one is of no use
  Checkpoints(RecordLog log, String base, String incarnation) {
    this.log = log;
    this.base = base + "#";
    this.mark = OURS + incarnation + ":";
  }

  /// To be left with the commit; empty when nothing was written yet.
  String remark() {
    return remark;
  }

  /// True when the next one must hold all ranges, since what was written of the last is not known.
  boolean wantsAll() {
    return whole;
  }

  /// How much was written.
  ///
  /// @throws LogUnavailable when it was not stored, or nobody knows
  int write(Checkpoint checkpoint) throws InterruptedException {
    whole = true;
    var bytes = 0;
    var next = 1 - slot;
    var waiting = new HashMap<Long, CompletableFuture<Appended>>();
    for (var range : checkpoint.ranges()) {
      waiting.put(range.number(), append("r" + range.number(), range.bytes()));
      bytes += range.bytes().size();
    }
    var pieces = new ArrayList<CompletableFuture<Appended>>();
    for (var piece : Checkpoint.pack(checkpoint.lanes(), CHUNK)) {
      pieces.add(append("l" + next + "." + pieces.size(), piece));
      bytes += piece.size();
    }
    for (var stored : waiting.entrySet()) {
      ranges.put(stored.getKey(), offset(stored.getValue()));
    }
    var lanes = new ArrayList<Long>();
    for (var piece : pieces) {
      lanes.add(offset(piece));
    }
    var owing = java.util.Set.copyOf(checkpoint.owing());
    var gone = ranges.keySet().stream().filter(number -> !owing.contains(number)).toList();
    gone.forEach(ranges::remove);
    var head =
        new Checkpoint.Head(
            checkpoint.low(),
            checkpoint.resume(),
            checkpoint.horizon(),
            checkpoint.journal(),
            checkpoint.from(),
            checkpoint.ordering(),
            next,
            ranges,
            lanes);
    remark = mark + offset(append("h", head.pack()));
    whole = false;
    slot = next;
    for (var number : gone) {
      var _ = append("r" + number, null);
    }
    for (var i = lanes.size(); i < chunks[next]; i++) {
      var _ = append("l" + next + "." + i, null);
    }
    chunks[next] = lanes.size();
    return bytes + 100;
  }

  private CompletableFuture<Appended> append(String name, @Nullable Bytes value) {
    var answer = new CompletableFuture<Appended>();
    var entry = new Entry(DeliveryTopics.PROGRESS, Bytes.utf8(base + name), List.of(), value);
    log.append(entry, Acks.IN_SYNC_REPLICAS, answer::complete);
    return answer;
  }

  private static long offset(CompletableFuture<Appended> answer) throws InterruptedException {
    try {
      var appended = answer.get();
      if (appended instanceof Appended.At(var _, var offset) && offset >= 0) {
        return offset;
      }
      throw new LogUnavailable(
          "a checkpoint could not be written: " + appended, new IllegalStateException());
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// The newest one, if there is any. A commit that others made, with another tool, says that they
  /// want the group to begin there and to forget the rest.
  Optional<Found> load(RecordLog.Claim claim) {
    if (claim.isCommitted() && !claim.remark().startsWith(mark)) {
      return Optional.empty();
    }
    try {
      return find(claim);
    } catch (IllegalArgumentException broken) {
      LOG.atError()
          .addKeyValue("progress", base)
          .log(
              "the checkpoint cannot be read ({}); going on at the commit, so that some records"
                  + " may be sent again",
              broken.getMessage());
      return Optional.empty();
    }
  }

  /// The group's commit is from before the topic was deleted and created again.
  boolean isOutlived(RecordLog.Claim claim) {
    return claim.remark().startsWith(OURS) && !claim.remark().startsWith(mark);
  }

  private Optional<Found> find(RecordLog.Claim claim) {
    var from = claim.isCommitted() ? Long.parseLong(claim.remark().substring(mark.length())) : 0;
    var latest = latest(from);
    var stored = latest.get("h");
    if (stored == null || stored.value() == null) {
      return Optional.empty();
    }
    var head = Checkpoint.Head.unpack(stored.value());
    slot = head.slot();
    chunks[slot] = head.lanes().size();
    chunks[1 - slot] = head.lanes().size();
    remark = mark + stored.offset();
    var notes = rangeNotes(head, latest);
    var horizon = horizon(head, notes);
    var owed = new OffsetSet();
    owed.addAll(head.horizon(), horizon);
    for (var note : notes) {
      var start = note.number() * OffsetSet.RANGE;
      owed.removeAll(start, Math.min(start + OffsetSet.RANGE, note.upTo()));
      note.addTo(owed);
    }
    return Optional.of(
        new Found(
            head.resume(),
            horizon,
            owed,
            lanes(head),
            head.journal(),
            head.from(),
            head.ordering()));
  }

  /// What newer ranges say of offsets that the head did not know.
  private static long horizon(Checkpoint.Head head, List<Checkpoint.RangeNote> notes) {
    var horizon = head.horizon();
    for (var note : notes) {
      horizon = Math.max(horizon, Math.min(note.upTo(), (note.number() + 1) * OffsetSet.RANGE));
    }
    return horizon;
  }

  /// The last record of each name from there on.
  private Map<String, Stored> latest(long from) {
    var latest = new HashMap<String, Stored>();
    for (var next = from; ; ) {
      var read = log.read(DeliveryTopics.PROGRESS, 0, next, STRETCH, LIMIT);
      for (var record : read.records()) {
        var key = record.key();
        if (key != null && key.utf8().startsWith(base)) {
          latest.put(key.utf8().substring(base.length()), record);
        }
      }
      next = read.next();
      if (next >= read.end()) {
        return latest;
      }
    }
  }

  private List<Checkpoint.RangeNote> rangeNotes(Checkpoint.Head head, Map<String, Stored> latest) {
    var notes = new ArrayList<Checkpoint.RangeNote>();
    latest.forEach((name, record) -> {
      if (name.startsWith("r") && record.value() != null) {
        var number = Long.parseLong(name.substring(1));
        notes.add(Checkpoint.RangeNote.unpack(number, record.value()));
        ranges.put(number, record.offset());
      }
    });
    head.ranges()
        .forEach((number, offset) -> {
          if (!latest.containsKey("r" + number)) {
            notes.add(Checkpoint.RangeNote.unpack(number, place(offset)));
            ranges.put(number, offset);
          }
        });
    return notes;
  }

  private List<Checkpoint.LaneNote> lanes(Checkpoint.Head head) {
    var lanes = new ArrayList<Checkpoint.LaneNote>();
    head.lanes().forEach(offset -> Checkpoint.unpack(place(offset), lanes::add));
    return lanes;
  }

  private Bytes place(long offset) {
    var read = log.read(DeliveryTopics.PROGRESS, 0, offset, 1, LIMIT);
    if (!read.records().isEmpty() && read.records().getFirst().offset() == offset) {
      var value = read.records().getFirst().value();
      if (value != null) {
        return value;
      }
    }
    throw new IllegalArgumentException("the piece at " + offset + " is missing");
  }
}
