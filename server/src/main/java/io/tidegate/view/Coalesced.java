package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.view.PartitionMemory.Change;
import io.tidegate.view.Store.StoreBatch;
import io.tidegate.view.TopicCopy.Spill;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Spills as they are written: of a key on a compacted topic the last change alone.
final class Coalesced {
  private final Map<Place, Changes> byPlace = new HashMap<>();

  Coalesced(List<Spill> spills) {
    for (var spill : spills) {
      if (!spill.copy().isRetired()) {
        byPlace
            .computeIfAbsent(new Place(spill.copy(), spill.partition()), _ -> new Changes())
            .add(spill);
      }
    }
  }

  void writeTo(StoreBatch batch) {
    byPlace.forEach((place, changes) -> {
      var shelf = place.copy().shelf();
      changes.others.forEach(change -> shelf.put(batch, change));
      changes.byKey.values().forEach(change -> shelf.put(batch, change));
      shelf.position(
          batch, place.partition(), changes.next, place.copy().firstOffset(place.partition()));
      if (place.copy().hasStrays()) {
        shelf.strays(batch);
      }
    });
  }

  private static final class Changes {
    private final List<Change> others = new ArrayList<>();
    private final Map<Bytes, Change> byKey = new LinkedHashMap<>();
    private long next;

    void add(Spill spill) {
      boolean compacted = spill.copy().shelf().compacted();
      for (var change : spill.changes()) {
        var key = change.stored().key();
        if (compacted && key != null) {
          byKey.merge(key, change, Changes::join);
        } else {
          others.add(change);
        }
      }
      next = Math.max(next, spill.next());
    }

    /// The later record, in place of what the earlier one replaced.
    private static Change join(Change earlier, Change later) {
      return new Change(later.stored(), earlier.replaced(), earlier.mayReplaceOnDisk());
    }
  }

  private record Place(TopicCopy copy, int partition) {}
}
