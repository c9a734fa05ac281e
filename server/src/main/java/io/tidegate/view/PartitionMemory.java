package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One partition's newest records: everything live from `floor` on is here; what is below is on
/// disk, or nowhere when this is complete.
///
///     first ........ floor ............ persisted ......... next
///       on disk only | in memory and on disk | in memory only |
///
/// Any thread reads. One thread at a time applies; another may evict meanwhile: each record leaves
/// once, because the removal from the order of offsets decides who did it. Readers look into a map
/// first and at `isComplete` after: the floor rises before anything is evicted.
final class PartitionMemory {
  /// What a record costs besides its bytes: objects and places in three maps, roughly.
  private static final int RECORD_COST = 250;

  private static final int HEADER_COST = 120;

  private final int partition;
  private final boolean compacted;
  private final Set<String> indexed;

  private final ConcurrentSkipListMap<Long, Stored> byOffset = new ConcurrentSkipListMap<>();
  private final ConcurrentHashMap<Bytes, Stored> latest = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<Posting, Stored> postings =
      new ConcurrentSkipListMap<>(Posting.ORDER);
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  private volatile long first;
  private volatile long floor;
  private volatile long persisted;
  private volatile long next;
  private volatile boolean placed;
  private volatile boolean ready;

  PartitionMemory(int partition, boolean compacted, Set<String> indexed) {
    this.partition = partition;
    this.compacted = compacted;
    this.indexed = indexed;
  }

  /// Begins at `next`, with everything from `first` to there on disk.
  void startAt(long first, long next) {
    this.first = first;
    this.next = next;
    this.floor = next;
    this.persisted = next;
    this.placed = true;
  }

  /// True when it is known where it begins; else the log has to say.
  boolean isPlaced() {
    return placed;
  }

  int partition() {
    return partition;
  }

  /// The offset after the last record applied.
  long next() {
    return next;
  }

  /// Everything below is gone.
  long first() {
    return first;
  }

  long floor() {
    return floor;
  }

  /// True when nothing that lives is on disk alone.
  boolean isComplete() {
    return floor <= first;
  }

  /// True once the end that the log had when following began is reached.
  boolean isReady() {
    return ready;
  }

  void becomeReady() {
    ready = true;
  }

  void persistedTo(long offset) {
    persisted = Math.max(persisted, offset);
  }

  long bytes() {
    return bytes.get();
  }

  int count() {
    return count.get();
  }

  @Nullable Stored latest(Bytes key) {
    return latest.get(key);
  }

  /// Records from `offset` on, in order.
  Collection<Stored> from(long offset) {
    return byOffset.tailMap(Math.max(offset, first)).values();
  }

  Collection<Stored> newestFirst() {
    return byOffset.descendingMap().values();
  }

  /// Records with an indexed header, newest first.
  Collection<Stored> newestFirst(Header header) {
    return postings
        .subMap(new Posting(header, first), true, new Posting(header, Long.MAX_VALUE), true)
        .descendingMap()
        .values();
  }

  /// Records with an indexed header, from `offset` on, in order.
  Collection<Stored> from(Header header, long offset) {
    return postings
        .subMap(new Posting(header, offset), true, new Posting(header, Long.MAX_VALUE), true)
        .values();
  }

  /// Adds the next record. Returns what it adds to memory (less what it drops), and hands on the
  /// older record of its key that it replaces, if that is here.
  Change apply(Stored stored) {
    var key = stored.key();
    var replaced = key == null ? null : latest.put(key, stored);
    boolean mayReplaceOnDisk = compacted && key != null && replaced == null && !isComplete();
    insert(stored);
    if (!compacted || replaced == null) {
      return new Change(stored, null, mayReplaceOnDisk);
    }
    remove(replaced);
    return new Change(stored, replaced, false);
  }

  void advanceTo(long offset) {
    next = Math.max(next, offset);
  }

  /// Takes in a record that lies on disk, from before everything that is here.
  void warm(Stored stored) {
    if (stored.key() != null) {
      latest.putIfAbsent(stored.key(), stored);
    }
    insert(stored);
    floor = stored.offset();
  }

  void warmedAll() {
    floor = first;
  }

  /// Gives up the oldest records that are on disk, about `wanted` bytes. Returns how many bytes it
  /// gave up.
  long evict(long wanted) {
    long freed = 0;
    for (var oldest = byOffset.firstEntry();
        freed < wanted && oldest != null && oldest.getKey() < persisted;
        oldest = byOffset.firstEntry()) {
      floor = Math.max(floor, oldest.getKey() + 1);
      freed += remove(oldest.getValue());
      forgetLatest(oldest.getValue());
    }
    return freed;
  }

  /// Everything below `offset` is gone from the log.
  void truncate(long offset) {
    if (offset <= first) {
      return;
    }
    first = offset;
    advanceTo(offset);
    for (var gone : byOffset.headMap(offset).values()) {
      remove(gone);
      forgetLatest(gone);
    }
  }

  /// Drops a tombstone whose time is over, unless something newer took its place.
  void forget(Stored tombstone) {
    remove(tombstone);
    forgetLatest(tombstone);
  }

  static long cost(Stored stored) {
    long cost = RECORD_COST;
    cost += stored.key() == null ? 0 : stored.key().size();
    cost += stored.value() == null ? 0 : stored.value().size();
    for (var header : stored.headers()) {
      cost += HEADER_COST + header.name().length() + header.value().size();
    }
    return cost;
  }

  private void insert(Stored stored) {
    if (byOffset.put(stored.offset(), stored) != null) {
      return;
    }
    count.incrementAndGet();
    bytes.addAndGet(cost(stored));
    if (!indexed.isEmpty()) {
      for (var header : stored.headers()) {
        if (indexed.contains(header.name())) {
          postings.put(new Posting(header, stored.offset()), stored);
        }
      }
    }
  }

  /// Takes a record out of the order and out of the header index. Returns what it cost, or 0 when
  /// someone else did it first.
  private long remove(Stored stored) {
    var removed = byOffset.remove(stored.offset());
    if (removed == null) {
      return 0;
    }
    if (!indexed.isEmpty()) {
      for (var header : removed.headers()) {
        if (indexed.contains(header.name())) {
          postings.remove(new Posting(header, removed.offset()));
        }
      }
    }
    count.decrementAndGet();
    long cost = cost(removed);
    bytes.addAndGet(-cost);
    return cost;
  }

  private void forgetLatest(Stored stored) {
    if (stored.key() != null) {
      latest.computeIfPresent(
          stored.key(), (_, newest) -> newest.offset() == stored.offset() ? null : newest);
    }
  }

  /// One record applied: what it replaces in memory, or whether it may replace something that is on
  /// disk alone.
  record Change(Stored stored, @Nullable Stored replaced, boolean mayReplaceOnDisk) {}

  /// A place in the header index: by header, then by offset.
  private record Posting(Header header, long offset) {
    private static final Comparator<Posting> ORDER = Posting::compare;

    private static int compare(Posting one, Posting other) {
      int hashes = Integer.compare(one.header.value().hashCode(), other.header.value().hashCode());
      if (hashes != 0) {
        return hashes;
      }
      int values = one.header.value().compareTo(other.header.value());
      if (values != 0) {
        return values;
      }
      int names = one.header.name().compareTo(other.header.name());
      return names != 0 ? names : Long.compare(one.offset, other.offset);
    }
  }
}
