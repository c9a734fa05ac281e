package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.Stored;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Records that were read from disk a short while ago, by key. First in, first out, by bytes.
///
/// A place is reserved before the disk is read, and an applied record takes the place away: what
/// was read before it can then no longer be put there.
final class ReadCache {
  private final long bound;
  private final ConcurrentHashMap<Place, Entry> entries = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Entry> order = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();

  ReadCache(long bound) {
    this.bound = bound;
  }

  @Nullable Stored find(int partition, Bytes key) {
    if (entries.isEmpty()) {
      return null;
    }
    var entry = entries.get(new Place(partition, key));
    return entry == null ? null : entry.stored;
  }

  /// To be called before the disk is read, and the result handed to `keep`.
  Entry reserve(int partition, Bytes key) {
    var entry = new Entry(new Place(partition, key), null);
    entries.put(entry.place, entry);
    return entry;
  }

  /// Keeps what was read, unless the key has changed since; null gives the place back.
  void keep(Entry reserved, @Nullable Stored found) {
    long cost = found == null ? Long.MAX_VALUE : PartitionMemory.cost(found);
    if (found == null || cost > bound / 4) {
      entries.remove(reserved.place, reserved);
      return;
    }
    var entry = new Entry(reserved.place, found);
    if (entries.replace(reserved.place, reserved, entry)) {
      order.add(entry);
      bytes.addAndGet(cost);
      trim();
    }
  }

  void forget(int partition, Bytes key) {
    if (!entries.isEmpty()) {
      entries.remove(new Place(partition, key));
    }
  }

  private void trim() {
    while (bytes.get() > bound) {
      var oldest = order.poll();
      if (oldest == null || oldest.stored == null) {
        return;
      }
      entries.remove(oldest.place, oldest);
      bytes.addAndGet(-PartitionMemory.cost(oldest.stored));
    }
  }

  /// A place that is taken, and what lies there. Equal only to itself.
  static final class Entry {
    private final Place place;
    private final @Nullable Stored stored;

    private Entry(Place place, @Nullable Stored stored) {
      this.place = place;
      this.stored = stored;
    }
  }

  private record Place(int partition, Bytes key) {}
}
