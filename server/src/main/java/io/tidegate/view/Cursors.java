package io.tidegate.view;

import io.tidegate.log.RecordLog.From;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The offsets that a reader goes on from, one for each partition. A partition gets its own when it
/// has caught up: only then it is known where it begins and ends.
///
/// A reader may be ahead of the copy. Mostly another instance has read further and has shown it
/// more, and the copy gets there soon; else the topic was created again, and the reader has to
/// begin anew. Until either is certain the partition has no cursor.
///
/// Guarded by the reading it belongs to.
final class Cursors {
  private static final long UNKNOWN = -1;

  /// Partitions that others may know already; what readers say of more is not kept.
  private static final int MOST_ADDED = 64;

  private final Map<Integer, Long> from;
  private final From otherwise;
  private long[] next = {};
  private int turn;

  /// How many partitions there were at first; what is added later is read whole.
  private int atFirst;

  Cursors(Map<Integer, Long> from, From otherwise) {
    this.from = new HashMap<>(from);
    this.otherwise = otherwise;
  }

  boolean knows(int partition) {
    return at(partition) != UNKNOWN;
  }

  long at(int partition) {
    return partition < next.length ? next[partition] : UNKNOWN;
  }

  void advance(int partition, long offset) {
    next[partition] = Math.max(next[partition], offset);
  }

  /// Everything before this event was had, and it was not.
  void fallBehind(Event event) {
    event
        .before()
        .offsets()
        .forEach((partition, offset) -> {
          if (partition < next.length) {
            next[partition] = Math.max(next[partition], offset);
          }
        });
    if (knows(event.stored().partition())) {
      next[event.stored().partition()] = event.stored().offset();
    }
  }

  /// Finds out where to begin in those partitions that have caught up.
  void resolve(TopicCopy copy) {
    int known = next.length;
    if (atFirst == 0) {
      atFirst = copy.partitionCount();
      from.keySet().removeIf(partition -> partition >= atFirst + MOST_ADDED);
    }
    if (copy.partitionCount() > known) {
      next = Arrays.copyOf(next, copy.partitionCount());
      Arrays.fill(next, known, next.length, UNKNOWN);
    }
    for (var memory : copy.partitions()) {
      if (memory.isReady() && at(memory.partition()) == UNKNOWN) {
        next[memory.partition()] = beginning(memory);
      } else if (otherwise == From.LATEST && memory.partition() < atFirst && !memory.isReady()) {
        // As far as is known: without it the reader would come back to the beginning.
        var end = copy.info().endOffsets().get(memory.partition());
        if (end != null) {
          from.putIfAbsent(memory.partition(), end);
        }
      }
    }
  }

  /// Whether the reader knows more of some partition than the copy does.
  boolean areAhead(TopicCopy copy) {
    for (var memory : copy.partitions()) {
      if (memory.isReady()
          && at(memory.partition()) == UNKNOWN
          && from.getOrDefault(memory.partition(), UNKNOWN) > memory.next()) {
        return true;
      }
    }
    return false;
  }

  /// The log was looked at since: who is ahead of the copy but not of the log reads on when the
  /// copy gets there, and who is ahead of both has known another topic.
  void resolve(TopicCopy copy, Map<Integer, Long> ends) {
    resolve(copy);
    for (var memory : copy.partitions()) {
      int partition = memory.partition();
      var wanted = from.getOrDefault(partition, UNKNOWN);
      var end = ends.get(partition);
      if (memory.isReady() && at(partition) == UNKNOWN && wanted != UNKNOWN && end != null) {
        next[partition] = wanted > end ? memory.first() : wanted;
      }
    }
  }

  /// A partition that has something to be read, in turn; null when there is none.
  @Nullable PartitionMemory nextToRead(TopicCopy copy) {
    resolve(copy);
    for (int i = 0; i < next.length; i++) {
      turn = (turn + 1) % next.length;
      var memory = copy.partition(turn);
      if (memory != null && next[turn] != UNKNOWN && next[turn] < memory.next()) {
        return memory;
      }
    }
    return null;
  }

  /// A reader that is ahead is not at the end: the copy's would lead it back.
  boolean areAtEnd(TopicCopy copy) {
    for (var memory : copy.partitions()) {
      if (at(memory.partition()) != memory.next()) {
        return false;
      }
    }
    return true;
  }

  Progress progress() {
    var offsets = new TreeMap<>(from);
    if (next.length > 0) {
      offsets.tailMap(next.length).clear(); // there are no such partitions
    }
    for (int i = 0; i < next.length; i++) {
      if (next[i] != UNKNOWN) {
        offsets.put(i, next[i]);
      }
    }
    return new Progress(offsets);
  }

  private long beginning(PartitionMemory memory) {
    var wanted = from.get(memory.partition());
    if (wanted == null) {
      boolean atEnd = otherwise == From.LATEST && memory.partition() < atFirst;
      return atEnd ? memory.next() : memory.first();
    }
    return wanted > memory.next() ? UNKNOWN : wanted;
  }
}
