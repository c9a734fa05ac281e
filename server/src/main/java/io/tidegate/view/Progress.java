package io.tidegate.view;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Offsets by partition: how far a reader, or a view, has come. Immutable; ordered by partition.
public record Progress(SortedMap<Integer, Long> offsets) {
  public static final Progress NONE = new Progress(new TreeMap<>());

  public Progress {
    offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
  }

  public static Progress of(Map<Integer, Long> offsets) {
    return new Progress(new TreeMap<>(offsets));
  }

  public static Progress of(int partition, long offset) {
    return of(Map.of(partition, offset));
  }

  /// The same, but for one partition.
  public Progress with(int partition, long offset) {
    var changed = new TreeMap<>(offsets);
    changed.put(partition, offset);
    return new Progress(changed);
  }

  public long at(int partition, long otherwise) {
    return offsets.getOrDefault(partition, otherwise);
  }
}
