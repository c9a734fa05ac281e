package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import io.tidegate.view.Match.Clause;
import io.tidegate.view.TopicView.Newest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Searches what is in memory. Fast enough for an event loop: nothing blocks, and what would take
/// long is left to the disk's threads.
final class MemorySearch {
  /// How many records a search may look at before it is left to the disk's threads.
  private static final int MOST_TESTED = 512;

  /// The largest topic that is collected on the caller's thread.
  private static final int MOST_COLLECTED = 2_048;

  private static final int ATTEMPTS = 3;
  private static final Newest ABSENT = new Newest.Absent();

  private MemorySearch() {}

  /// The newest record that matches; null when only the disk can tell.
  static @Nullable Newest newest(TopicCopy copy, Match match) {
    Newest best = ABSENT;
    for (var clause : match.clauses()) {
      var found = newest(copy, clause);
      if (found == null) {
        return null;
      }
      best = newer(best, found);
    }
    return best;
  }

  /// All live records that match, when they are few and all in memory. Empty when the disk has to
  /// be asked, or when the topic changes too fast to be seen at rest.
  static Optional<Collected> all(TopicCopy copy, Match match, Progress from) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long before = copy.version();
      if (!copy.isComplete()) {
        return Optional.empty();
      }
      var found = collect(copy, match, from);
      if (found.isEmpty()) {
        return found;
      }
      if ((before & 1) == 0 && copy.version() == before && copy.isComplete()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Collected> collect(TopicCopy copy, Match match, Progress from) {
    if (match.isKeyed() && copy.shelf().compacted() && !copy.hasStrays()) {
      return Optional.of(collectKeys(copy, match, from));
    }
    if (copy.recordsInMemory() > MOST_COLLECTED) {
      return Optional.empty();
    }
    var records = new ArrayList<Stored>();
    for (var memory : copy.partitions()) {
      for (var stored : memory.from(from.at(memory.partition(), 0))) {
        if (!stored.isTombstone() && match.test(stored)) {
          records.add(stored);
        }
      }
    }
    return Optional.of(new Collected(records, copy.applied()));
  }

  private static Collected collectKeys(TopicCopy copy, Match match, Progress from) {
    var records = new ArrayList<Stored>();
    for (var clause : match.anyOf()) {
      var found = clause.key() == null ? null : newest(copy, clause);
      if (found instanceof Newest.Found(var stored)
          && !stored.isTombstone()
          && stored.offset() >= from.at(stored.partition(), 0)
          && !records.contains(stored)) {
        records.add(stored);
      }
    }
    records.sort(ShelfScan.ORDER);
    return new Collected(records, copy.applied());
  }

  private static @Nullable Newest newest(TopicCopy copy, Clause clause) {
    var key = clause.key();
    if (key == null) {
      return newestAnywhere(copy, clause);
    }
    var own = copy.partitionOf(key);
    var found = newestOfKey(copy, own, key, clause);
    if (!(found instanceof Newest.Absent) || !copy.hasStrays()) {
      return found;
    }
    Newest best = ABSENT;
    for (var memory : copy.partitions()) {
      var stray = memory == own ? ABSENT : newestOfKey(copy, memory, key, clause);
      if (stray == null) {
        return null;
      }
      best = newer(best, stray);
    }
    return best;
  }

  private static @Nullable Newest newestOfKey(
      TopicCopy copy, PartitionMemory memory, Bytes key, Clause clause) {
    var latest = memory.latest(key);
    if (latest == null) {
      // Looked up first, asked second: see `PartitionMemory`.
      return memory.isComplete() ? ABSENT : null;
    }
    if (latest.offset() < memory.first()) {
      return ABSENT;
    }
    if (clause.test(latest)) {
      return new Newest.Found(latest);
    }
    return copy.shelf().compacted() ? ABSENT : null;
  }

  private static @Nullable Newest newestAnywhere(TopicCopy copy, Clause clause) {
    var header = indexed(copy.shelf().indexed(), clause);
    Newest best = ABSENT;
    for (var memory : copy.partitions()) {
      var records = header == null ? memory.newestFirst() : memory.newestFirst(header);
      var found = newestOf(memory, records, clause);
      if (found == null) {
        return null;
      }
      best = newer(best, found);
    }
    return best;
  }

  private static @Nullable Newest newestOf(
      PartitionMemory memory, Collection<Stored> newestFirst, Clause clause) {
    int tested = 0;
    for (var stored : newestFirst) {
      if (stored.offset() < memory.first()) {
        return ABSENT;
      }
      if (clause.test(stored)) {
        return new Newest.Found(stored);
      }
      if (++tested == MOST_TESTED) {
        return null;
      }
    }
    return memory.isComplete() ? ABSENT : null;
  }

  static @Nullable Header indexed(Collection<String> names, Clause clause) {
    for (var header : clause.headers()) {
      if (names.contains(header.name())) {
        return header;
      }
    }
    return null;
  }

  /// The newer of two: by offset in one partition, by time across partitions.
  static Newest newer(Newest one, Newest other) {
    if (!(one instanceof Newest.Found(var first))) {
      return other;
    }
    if (!(other instanceof Newest.Found(var second))) {
      return one;
    }
    return isNewer(second, first) ? other : one;
  }

  static boolean isNewer(Stored one, Stored other) {
    if (one.partition() == other.partition()) {
      return one.offset() > other.offset();
    }
    if (one.timestamp() != other.timestamp()) {
      return one.timestamp() > other.timestamp();
    }
    return one.offset() > other.offset();
  }

  /// What matched, at one moment.
  record Collected(List<Stored> records, Progress upTo) {}
}
