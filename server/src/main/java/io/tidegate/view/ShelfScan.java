package io.tidegate.view;

import io.tidegate.log.Stored;
import io.tidegate.view.Match.Clause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Gives all live records of a shelf that match, in batches of a bounded size.
final class ShelfScan {
  static final Comparator<Stored> ORDER =
      Comparator.comparingInt(Stored::partition).thenComparingLong(Stored::offset);

  private static final int BATCH = 256;
  private static final long BATCH_BYTES = 512 * 1024;

  /// What an index may lead to, before reading everything in order is better.
  private static final int MOST_CANDIDATES = 10_000;

  private static final long MOST_CANDIDATE_BYTES = 8 << 20;

  private final ShelfReader reader;
  private final Match match;
  private final Progress from;
  private final TopicView.Scan scan;
  private final BooleanSupplier closed;

  private List<Stored> batch = new ArrayList<>();
  private long bytes;
  private boolean cut;

  ShelfScan(
      ShelfReader reader, Match match, Progress from, TopicView.Scan scan, BooleanSupplier closed) {
    this.reader = reader;
    this.match = match;
    this.from = from;
    this.scan = scan;
    this.closed = closed;
  }

  void run() {
    var upTo = reader.positions();
    for (int partition : upTo.offsets().keySet()) {
      long start = from.at(partition, 0);
      var candidates = candidates(reader, match, partition);
      boolean goesOn =
          candidates == null
              ? reader.records(partition, start, this::take)
              : candidates.tailMap(start).values().stream().allMatch(this::take);
      if (cut) {
        scan.unready("the view is closed");
      }
      if (!goesOn) {
        return;
      }
    }
    if (!batch.isEmpty() && !scan.records(batch)) {
      return;
    }
    scan.end(upTo);
  }

  /// What the indexes lead to; null when not every clause has one, or when it is too much.
  static @Nullable SortedMap<Long, Stored> candidates(
      ShelfReader reader, Match match, int partition) {
    var found = new TreeMap<Long, Stored>();
    var cost = new long[1];
    for (var clause : match.clauses()) {
      if (!find(reader, partition, clause, found, cost)) {
        return null;
      }
    }
    return found;
  }

  private static boolean find(
      ShelfReader reader,
      int partition,
      Clause clause,
      SortedMap<Long, Stored> found,
      long[] cost) {
    var key = clause.key();
    if (key != null) {
      return reader.records(partition, key, stored -> add(stored, found, cost));
    }
    var header = MemorySearch.indexed(reader.indexed(), clause);
    return header != null && reader.records(partition, header, stored -> add(stored, found, cost));
  }

  private static boolean add(Stored stored, SortedMap<Long, Stored> found, long[] cost) {
    found.put(stored.offset(), stored);
    cost[0] += PartitionMemory.cost(stored);
    return found.size() < MOST_CANDIDATES && cost[0] < MOST_CANDIDATE_BYTES;
  }

  private boolean take(Stored stored) {
    if (stored.isTombstone() || !match.test(stored)) {
      return isOpen();
    }
    batch.add(stored);
    bytes += PartitionMemory.cost(stored);
    if (batch.size() < BATCH && bytes < BATCH_BYTES) {
      return true;
    }
    var full = batch;
    batch = new ArrayList<>();
    bytes = 0;
    return isOpen() && scan.records(full);
  }

  /// False when the views close; whoever waits for this scan is told.
  private boolean isOpen() {
    cut = closed.getAsBoolean();
    return !cut;
  }
}
