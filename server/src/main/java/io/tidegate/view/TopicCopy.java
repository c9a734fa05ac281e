package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.RecordLog.TopicInfo;
import io.tidegate.log.Stored;
import io.tidegate.view.PartitionMemory.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One topic as it is held here: its newest part in memory, all of it on its shelf. A topic that
/// was recreated, or is to be indexed otherwise, gets a new copy.
///
/// One thread at a time changes it, under a lock that is never held across I/O. Readers take no
/// lock; whoever needs two looks to agree compares `version`, which is odd during a change.
final class TopicCopy {
  private final TopicShelf shelf;
  private final AtomicLong version;
  private final ReadCache cache;
  private final ReentrantLock changing = new ReentrantLock();

  private volatile TopicInfo info;
  private volatile PartitionMemory[] partitions = {};
  private volatile boolean strays;
  private volatile boolean retired;

  TopicCopy(TopicInfo info, TopicShelf shelf, AtomicLong version, ReadCache cache) {
    this.info = info;
    this.shelf = shelf;
    this.version = version;
    this.cache = cache;
    growTo(info.partitions());
  }

  /// Odd while something changes.
  long version() {
    return version.get();
  }

  TopicInfo info() {
    return info;
  }

  TopicShelf shelf() {
    return shelf;
  }

  ReadCache cache() {
    return cache;
  }

  List<PartitionMemory> partitions() {
    return Arrays.asList(partitions);
  }

  int partitionCount() {
    return partitions.length;
  }

  @Nullable PartitionMemory partition(int partition) {
    var all = partitions;
    return partition >= 0 && partition < all.length ? all[partition] : null;
  }

  PartitionMemory partitionOf(Bytes key) {
    var all = partitions;
    return all[Partitioner.partition(key, all.length)];
  }

  /// True when some key lies, or may lie, in another partition than the one it hashes to.
  boolean hasStrays() {
    return strays;
  }

  void expectStrays() {
    strays = true;
  }

  long firstOffset(int partition) {
    var memory = partition(partition);
    return memory == null ? 0 : memory.first();
  }

  Progress applied() {
    var offsets = new TreeMap<Integer, Long>();
    for (var memory : partitions) {
      offsets.put(memory.partition(), memory.next());
    }
    return new Progress(offsets);
  }

  /// True when nothing that lives is on disk alone.
  boolean isComplete() {
    for (var memory : partitions) {
      if (!memory.isComplete()) {
        return false;
      }
    }
    return true;
  }

  int recordsInMemory() {
    int count = 0;
    for (var memory : partitions) {
      count += memory.count();
    }
    return count;
  }

  long bytesInMemory() {
    long bytes = 0;
    for (var memory : partitions) {
      bytes += memory.bytes();
    }
    return bytes;
  }

  /// True when the partitions that can hold an answer have caught up: of a key the one that it
  /// hashes to, unless keys lie elsewhere too.
  boolean isReadyFor(Match match) {
    if (!match.isKeyed()) {
      return isReady();
    }
    for (var clause : match.anyOf()) {
      var key = clause.key();
      if (key == null || !isReadyFor(key)) {
        return false;
      }
    }
    return true;
  }

  private boolean isReadyFor(Bytes key) {
    var own = partitionOf(key);
    return own.isReady() && (!strays || own.latest(key) != null || isReady());
  }

  private boolean isReady() {
    for (var memory : partitions) {
      if (!memory.isReady()) {
        return false;
      }
    }
    return true;
  }

  /// Applies what follows. Returns what has to be written; empty when all was known.
  Spill apply(int partition, List<Stored> records, long next) {
    var changes = new ArrayList<Change>(records.size());
    changing.lock();
    try {
      if (retired) {
        return Spill.nothing(this, partition);
      }
      version.incrementAndGet();
      growTo(partition + 1);
      var memory = partitions[partition];
      long known = memory.next();
      long bytes = 0;
      for (var stored : records) {
        if (stored.offset() >= known) {
          changes.add(memory.apply(stored));
          bytes += PartitionMemory.cost(stored);
          noteKey(partition, stored.key());
        }
      }
      memory.advanceTo(next);
      version.incrementAndGet();
      return new Spill(this, partition, changes, memory.next(), bytes);
    } finally {
      changing.unlock();
    }
  }

  /// Everything below `first` is gone from the log.
  void truncate(int partition, long first) {
    change(() -> {
      growTo(partition + 1);
      partitions[partition].truncate(first);
    });
  }

  void becomeReady(int partition) {
    change(() -> {
      growTo(partition + 1);
      partitions[partition].becomeReady();
    });
  }

  /// Takes in what the cluster says now, of the same topic.
  void learn(TopicInfo now) {
    info = now;
    if (now.partitions() > partitionCount()) {
      change(() -> growTo(now.partitions()));
    }
  }

  /// Nothing changes any more.
  void retire() {
    changing.lock();
    try {
      retired = true;
    } finally {
      changing.unlock();
    }
  }

  boolean isRetired() {
    return retired;
  }

  private void change(Runnable what) {
    changing.lock();
    try {
      if (!retired) {
        version.incrementAndGet();
        what.run();
        version.incrementAndGet();
      }
    } finally {
      changing.unlock();
    }
  }

  private void noteKey(int partition, @Nullable Bytes key) {
    if (key == null) {
      return;
    }
    cache.forget(partition, key);
    if (!strays && Partitioner.partition(key, partitions.length) != partition) {
      strays = true;
    }
  }

  private void growTo(int count) {
    var before = partitions;
    if (count <= before.length) {
      return;
    }
    var grown = Arrays.copyOf(before, count);
    for (int i = before.length; i < count; i++) {
      grown[i] = new PartitionMemory(i, info.compacted(), shelf.indexed());
    }
    // Keys hash to other partitions from now on.
    strays |= before.length > 0;
    partitions = grown;
  }

  /// What was applied and is to be written.
  ///
  /// @param next the position after it
  record Spill(TopicCopy copy, int partition, List<Change> changes, long next, long bytes) {
    static Spill nothing(TopicCopy copy, int partition) {
      return new Spill(copy, partition, List.of(), 0, 0);
    }
  }
}
