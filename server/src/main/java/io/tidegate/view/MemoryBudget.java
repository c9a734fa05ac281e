package io.tidegate.view;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The memory that all views of a cluster share. When it is over the bound, those topics that use
/// most give up their oldest records, as far as these are on disk; small topics stay whole.
final class MemoryBudget {
  private final long bound;
  private final Set<TopicCopy> copies = ConcurrentHashMap.newKeySet();

  MemoryBudget(long bound) {
    this.bound = bound;
  }

  void add(TopicCopy copy) {
    copies.add(copy);
  }

  void remove(TopicCopy copy) {
    copies.remove(copy);
  }

  long used() {
    long used = 0;
    for (var copy : copies) {
      used += copy.bytesInMemory();
    }
    return used;
  }

  long records() {
    long records = 0;
    for (var copy : copies) {
      records += copy.recordsInMemory();
    }
    return records;
  }

  /// What a copy that is being opened may take into memory from disk.
  long room() {
    return Math.max(0, bound / 4 * 3 - used());
  }

  /// Brings memory back to the bound. Called on the writing thread alone.
  void trim() {
    if (used() <= bound) {
      return;
    }
    // A little less, so that this is not needed at every batch.
    long wanted = bound - bound / 32;
    var all = List.copyOf(copies);
    long level = level(all.stream().mapToLong(TopicCopy::bytesInMemory).toArray(), wanted);
    for (var copy : all) {
      if (copy.bytesInMemory() > level) {
        trim(copy.partitions(), level);
      }
    }
  }

  private static void trim(List<PartitionMemory> partitions, long wanted) {
    long level = level(partitions.stream().mapToLong(PartitionMemory::bytes).toArray(), wanted);
    for (var partition : partitions) {
      if (partition.bytes() > level) {
        partition.evict(partition.bytes() - level);
      }
    }
  }

  /// How much each may have so that together they have no more than `wanted`: small ones are left
  /// whole, large ones share the rest.
  static long level(long[] sizes, long wanted) {
    Arrays.sort(sizes);
    long left = wanted;
    for (int i = 0; i < sizes.length; i++) {
      long share = left / (sizes.length - i);
      if (sizes[i] > share) {
        return share;
      }
      left -= sizes[i];
    }
    return Long.MAX_VALUE;
  }
}
