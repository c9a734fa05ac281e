package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads one topic's shelf as it was at one moment. One thread uses it and closes it.
///
/// Every search is bounded in time.
final class ShelfReader implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final TopicShelf shelf;
  private final StoreSnapshot snapshot;
  private final IntToLongFunction first;
  private final Time time;
  private final long deadline;

  /// @param first the first offset of a partition that is still there
  ShelfReader(TopicShelf shelf, IntToLongFunction first, Time time) {
    this.shelf = shelf;
    this.snapshot = shelf.store().snapshot();
    this.first = first;
    this.time = time;
    this.deadline = time.nanos() + LIMIT.toNanos();
  }

  /// Reads what the log has ended too, as far as it still lies there.
  static ShelfReader whole(TopicShelf shelf) {
    return new ShelfReader(shelf, _ -> 0, Time.system());
  }

  /// How far each partition is written.
  Progress positions() {
    var found = new TreeMap<Integer, Long>();
    var prefix = StoreKeys.kind(shelf.id(), StoreKeys.POSITION);
    try (var cursor = snapshot.upwards(prefix, prefix)) {
      while (cursor.next()) {
        found.put(
            StoreKeys.positionPartition(cursor.key()), ByteBuffer.wrap(cursor.value()).getLong());
      }
    }
    return new Progress(found);
  }

  Set<String> indexed() {
    return shelf.indexed();
  }

  boolean hasStrays() {
    return snapshot.value(StoreKeys.strays(shelf.id())) != null;
  }

  /// The newest record of a partition that a clause matches, a tombstone included.
  @Nullable Stored newest(int partition, Match.Clause clause) {
    var key = clause.key();
    if (key != null) {
      return shelf.compacted()
          ? tested(newestOfKey(partition, key), clause)
          : newestPosting(partition, StoreKeys.KEY_POSTING, StoreKeys.hash(key), clause);
    }
    for (var header : clause.headers()) {
      if (shelf.indexed().contains(header.name())) {
        return newestPosting(partition, StoreKeys.HEADER_POSTING, StoreKeys.hash(header), clause);
      }
    }
    return newestByScan(partition, clause);
  }

  /// Gives the records of a partition from `from` on, in order, until `to` says no. True when the
  /// end was reached.
  boolean records(int partition, long from, Predicate<Stored> to) {
    long start = Math.max(from, first.applyAsLong(partition));
    var prefix = StoreKeys.partition(shelf.id(), StoreKeys.RECORD, partition);
    var at = StoreKeys.record(shelf.id(), partition, start);
    try (var cursor = snapshot.upwards(prefix, at)) {
      while (cursor.next()) {
        if (!to.test(decode(partition, cursor))) {
          return false;
        }
      }
      return true;
    }
  }

  /// Gives the records of a partition that may match an indexed header, in order. True when the end
  /// was reached.
  boolean records(int partition, Header header, Predicate<Stored> to) {
    long hash = StoreKeys.hash(header);
    return postings(partition, StoreKeys.HEADER_POSTING, hash, to);
  }

  /// Gives the records of a partition that may have a key, in order. True when the end was reached.
  boolean records(int partition, Bytes key, Predicate<Stored> to) {
    if (shelf.compacted()) {
      var newest = newestOfKey(partition, key);
      return newest == null || to.test(newest);
    }
    return postings(partition, StoreKeys.KEY_POSTING, StoreKeys.hash(key), to);
  }

  /// Gives the newest records of a partition, newest first, until `to` says no. True when the
  /// beginning was reached.
  boolean newestFirst(int partition, Predicate<Stored> to) {
    var prefix = StoreKeys.partition(shelf.id(), StoreKeys.RECORD, partition);
    var last = StoreKeys.record(shelf.id(), partition, Long.MAX_VALUE);
    long lowest = first.applyAsLong(partition);
    try (var cursor = snapshot.downwards(prefix, last)) {
      while (cursor.next() && StoreKeys.lastLong(cursor.key()) >= lowest) {
        if (!to.test(decode(partition, cursor))) {
          return false;
        }
      }
      return true;
    }
  }

  /// Gives tombstones that were written before `before`, until `to` says no. What lies there may
  /// have been replaced since.
  void tombstones(long before, Predicate<TombstonePlace> to) {
    var prefix = StoreKeys.kind(shelf.id(), StoreKeys.TOMBSTONE);
    try (var cursor = snapshot.upwards(prefix, prefix)) {
      while (cursor.next() && StoreKeys.tombstoneTime(cursor.key()) < before) {
        var key = cursor.key();
        var place =
            new TombstonePlace(
                Bytes.wrap(key), StoreKeys.tombstonePartition(key), StoreKeys.lastLong(key));
        if (!to.test(place)) {
          return;
        }
      }
    }
  }

  @Nullable Stored record(int partition, long offset) {
    if (offset < first.applyAsLong(partition)) {
      return null;
    }
    var found = snapshot.value(StoreKeys.record(shelf.id(), partition, offset));
    return found == null ? null : RecordCodec.decode(partition, offset, found);
  }

  @Override
  public void close() {
    snapshot.close();
  }

  private @Nullable Stored newestOfKey(int partition, Bytes key) {
    var offset = snapshot.value(StoreKeys.key(shelf.id(), partition, key));
    return offset == null ? null : record(partition, ByteBuffer.wrap(offset).getLong());
  }

  private @Nullable Stored newestPosting(int partition, byte kind, long hash, Match.Clause clause) {
    var prefix = StoreKeys.postings(shelf.id(), kind, partition, hash);
    var last = StoreKeys.posting(shelf.id(), kind, partition, hash, Long.MAX_VALUE);
    try (var cursor = snapshot.downwards(prefix, last)) {
      while (cursor.next()) {
        checkTime();
        var found = tested(record(partition, StoreKeys.lastLong(cursor.key())), clause);
        if (found != null) {
          return found;
        }
      }
      return null;
    }
  }

  private @Nullable Stored newestByScan(int partition, Match.Clause clause) {
    var found = new @Nullable Stored[1];
    newestFirst(
        partition,
        stored -> {
          checkTime();
          found[0] = clause.test(stored) ? stored : null;
          return found[0] == null;
        });
    return found[0];
  }

  private boolean postings(int partition, byte kind, long hash, Predicate<Stored> to) {
    var prefix = StoreKeys.postings(shelf.id(), kind, partition, hash);
    try (var cursor = snapshot.upwards(prefix, prefix)) {
      while (cursor.next()) {
        var stored = record(partition, StoreKeys.lastLong(cursor.key()));
        if (stored != null && !to.test(stored)) {
          return false;
        }
      }
      return true;
    }
  }

  private static @Nullable Stored tested(@Nullable Stored stored, Match.Clause clause) {
    return stored != null && clause.test(stored) ? stored : null;
  }

  private Stored decode(int partition, StoreSnapshot.Cursor cursor) {
    return RecordCodec.decode(partition, StoreKeys.lastLong(cursor.key()), cursor.value());
  }

  private void checkTime() {
    if (time.nanos() - deadline > 0) {
      throw new StoreFailure(
          "no answer after "
              + LIMIT.toSeconds()
              + " s of searching; index the header that the"
              + " filter asks for");
    }
  }

  /// Where a tombstone lies, and the key of that note.
  record TombstonePlace(Bytes note, int partition, long offset) {}
}
