package io.tidegate.view;

import io.tidegate.log.Stored;
import io.tidegate.view.ShelfReader.TombstonePlace;
import io.tidegate.view.Store.StoreBatch;
import java.time.Instant;
import java.util.ArrayList;

/// Takes off a shelf what retention has ended, a bounded piece at a time. Runs on the writing
/// thread, between writes.
final class Upkeep {
  private static final int PIECE = 2_000;

  private final TopicCopy copy;
  private final Spiller spiller;

  Upkeep(TopicCopy copy, Spiller spiller) {
    this.copy = copy;
    this.spiller = spiller;
  }

  /// Drops what lies below a partition's first offset.
  void dropBelow(int partition) {
    if (copy.isRetired()) {
      return;
    }
    long first = copy.firstOffset(partition);
    var gone = new ArrayList<Stored>();
    try (var reader = ShelfReader.whole(copy.shelf())) {
      reader.records(
          partition,
          0,
          stored -> stored.offset() < first && gone.add(stored) && gone.size() < PIECE);
    }
    try (var batch = new StoreBatch()) {
      gone.forEach(stored -> copy.shelf().remove(batch, stored));
      copy.shelf().store().write(batch);
    }
    if (gone.size() >= PIECE) {
      spiller.then(() -> dropBelow(partition));
    }
  }

  /// Drops tombstones from before `before`, so that their keys need no room at all.
  void dropTombstones(Instant before) {
    if (copy.isRetired()) {
      return;
    }
    var places = new ArrayList<TombstonePlace>();
    try (var reader = ShelfReader.whole(copy.shelf())) {
      reader.tombstones(before.toEpochMilli(), place -> places.add(place) && places.size() < PIECE);
    }
    try (var batch = new StoreBatch()) {
      for (var place : places) {
        batch.delete(place.note().array());
        var stored = copy.shelf().record(place.partition(), place.offset());
        if (stored != null && stored.isTombstone()) {
          drop(batch, stored);
        }
      }
      copy.shelf().store().write(batch);
    }
    if (places.size() >= PIECE) {
      spiller.then(() -> dropTombstones(before));
    }
  }

  private void drop(StoreBatch batch, Stored tombstone) {
    copy.shelf().remove(batch, tombstone);
    var memory = copy.partition(tombstone.partition());
    if (memory != null) {
      memory.forget(tombstone);
    }
    if (tombstone.key() != null) {
      copy.cache().forget(tombstone.partition(), tombstone.key());
    }
  }
}
