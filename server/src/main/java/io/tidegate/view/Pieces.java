package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads the records that match piece by piece: a bounded number of records and bytes, and a
/// bounded number looked at.
final class Pieces {
  private static final int MOST_RECORDS = 128;
  private static final long MOST_BYTES = 256 * 1024;
  private static final int MOST_TESTED = 2_048;

  private final TopicCopy copy;
  private final Match match;

  Pieces(TopicCopy copy, Match match) {
    this.copy = copy;
    this.match = match;
  }

  /// What comes next in a partition out of memory; null when it is on disk.
  @Nullable Piece fromMemory(PartitionMemory memory, long from, int most) {
    // What is below `end` is in the maps already; what is above may be on its way into them.
    long end = memory.next();
    long start = Math.max(from, memory.first());
    if (start >= end) {
      return new Piece(memory.partition(), List.of(), Math.max(start, from));
    }
    if (start < memory.floor()) {
      return null;
    }
    var taken = new Taking(Math.min(most, MOST_RECORDS));
    boolean all = taken.all(candidates(memory, start), start, end);
    // Evicted while we looked? Then some of it may have been missed.
    return start < memory.floor() && memory.first() < memory.floor()
        ? null
        : new Piece(memory.partition(), taken.records, all ? end : taken.next);
  }

  /// What comes next in a partition out of its shelf, up to where memory begins.
  Piece fromDisk(ShelfReader reader, PartitionMemory memory, long from, long floor, int most) {
    var taken = new Taking(Math.min(most, MOST_RECORDS));
    long start = Math.max(from, memory.first());
    var indexed = ShelfScan.candidates(reader, match, memory.partition());
    boolean all =
        indexed == null
            ? reader.records(memory.partition(), start, stored -> taken.goesOn(stored, floor))
            : indexed.tailMap(start).values().stream().allMatch(one -> taken.goesOn(one, floor));
    return new Piece(
        memory.partition(),
        taken.records,
        all || taken.ended ? Math.max(floor, start) : taken.next);
  }

  /// In order; some of them may not match.
  private Collection<Stored> candidates(PartitionMemory memory, long start) {
    var found = new TreeMap<Long, Stored>();
    for (var clause : match.clauses()) {
      var key = clause.key();
      var header = MemorySearch.indexed(copy.shelf().indexed(), clause);
      if (key != null && copy.shelf().compacted()) {
        addLatest(memory, key, found);
      } else if (header != null) {
        memory.from(header, start).forEach(stored -> found.put(stored.offset(), stored));
      } else {
        return memory.from(start);
      }
    }
    return found.values();
  }

  private static void addLatest(PartitionMemory memory, Bytes key, Map<Long, Stored> found) {
    var latest = memory.latest(key);
    if (latest != null) {
      found.put(latest.offset(), latest);
    }
  }

  /// Records of one partition, and the offset to go on from.
  record Piece(int partition, List<Stored> records, long next) {}

  private final class Taking {
    private final List<Stored> records = new ArrayList<>();
    private final int most;
    private long bytes;
    private int tested;
    private long next;
    private boolean ended;

    Taking(int most) {
      this.most = most;
    }

    boolean all(Collection<Stored> candidates, long start, long end) {
      next = start;
      for (var stored : candidates) {
        if (stored.offset() >= start && !goesOn(stored, end)) {
          return ended;
        }
      }
      return true;
    }

    /// Takes a record if it matches. False when the end is reached or this is enough.
    boolean goesOn(Stored stored, long end) {
      if (stored.offset() >= end) {
        ended = true;
        return false;
      }
      next = stored.offset() + 1;
      if (match.test(stored)) {
        records.add(stored);
        bytes += PartitionMemory.cost(stored);
      }
      return records.size() < most && bytes < MOST_BYTES && ++tested < MOST_TESTED;
    }
  }
}
