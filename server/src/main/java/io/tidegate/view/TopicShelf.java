package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import io.tidegate.view.PartitionMemory.Change;
import io.tidegate.view.Store.StoreBatch;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One topic's part of the store: what is written there, and where.
///
/// Only the spilling thread writes.
///
/// @param id number of the copy; a topic that is read anew gets another
/// @param indexed names of the headers that can be searched for
record TopicShelf(Store store, int id, boolean compacted, Set<String> indexed) {
  TopicShelf {
    indexed = Set.copyOf(indexed);
  }

  /// Adds a record, and takes away the one that it replaces.
  void put(StoreBatch batch, Change change) {
    var stored = change.stored();
    var key = stored.key();
    if (compacted && key != null) {
      dropReplaced(batch, change, key);
      batch.put(StoreKeys.key(id, stored.partition(), key), Store.number(stored.offset()));
      if (stored.isTombstone()) {
        batch.put(StoreKeys.tombstone(id, stored.timestamp(), stored.partition(), stored.offset()));
      }
    } else if (key != null) {
      batch.put(keyPosting(stored, key));
    }
    batch.put(
        StoreKeys.record(id, stored.partition(), stored.offset()), RecordCodec.encode(stored));
    for (var header : stored.headers()) {
      if (indexed.contains(header.name())) {
        batch.put(headerPosting(stored, header));
      }
    }
  }

  /// Notes how far a partition is written, in the same batch as what was written.
  void position(StoreBatch batch, int partition, long next, long first) {
    batch.put(
        StoreKeys.partition(id, StoreKeys.POSITION, partition),
        ByteBuffer.allocate(2 * Long.BYTES).putLong(next).putLong(first).array());
  }

  /// Notes that keys lie in other partitions than the one they hash to.
  void strays(StoreBatch batch) {
    batch.put(StoreKeys.strays(id));
  }

  /// Takes a record away, and what points to it.
  void remove(StoreBatch batch, Stored stored) {
    removeRecord(batch, stored);
    var key = stored.key();
    if (key == null) {
      return;
    }
    if (!compacted) {
      batch.delete(keyPosting(stored, key));
    } else if (newestOffset(stored.partition(), key) == stored.offset()) {
      batch.delete(StoreKeys.key(id, stored.partition(), key));
    }
  }

  @Nullable Stored record(int partition, long offset) {
    var found = store.value(StoreKeys.record(id, partition, offset));
    return found == null ? null : RecordCodec.decode(partition, offset, found);
  }

  private void dropReplaced(StoreBatch batch, Change change, Bytes key) {
    var replaced = change.replaced();
    if (replaced != null) {
      removeRecord(batch, replaced);
    } else if (change.mayReplaceOnDisk()) {
      int partition = change.stored().partition();
      long offset = newestOffset(partition, key);
      if (offset < 0 || offset == change.stored().offset()) {
        return;
      }
      var onDisk = indexed.isEmpty() ? null : record(partition, offset);
      if (onDisk != null) {
        removeRecord(batch, onDisk);
      } else {
        batch.delete(StoreKeys.record(id, partition, offset));
      }
    }
  }

  private void removeRecord(StoreBatch batch, Stored stored) {
    batch.delete(StoreKeys.record(id, stored.partition(), stored.offset()));
    for (var header : stored.headers()) {
      if (indexed.contains(header.name())) {
        batch.delete(headerPosting(stored, header));
      }
    }
  }

  private long newestOffset(int partition, Bytes key) {
    var found = store.value(StoreKeys.key(id, partition, key));
    return found == null ? -1 : ByteBuffer.wrap(found).getLong();
  }

  private byte[] keyPosting(Stored stored, Bytes key) {
    return StoreKeys.posting(
        id, StoreKeys.KEY_POSTING, stored.partition(), StoreKeys.hash(key), stored.offset());
  }

  private byte[] headerPosting(Stored stored, Header header) {
    return StoreKeys.posting(
        id, StoreKeys.HEADER_POSTING, stored.partition(), StoreKeys.hash(header), stored.offset());
  }
}
