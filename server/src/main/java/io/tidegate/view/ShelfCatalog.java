package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.RecordLog.TopicInfo;
import io.tidegate.view.Store.StoreBatch;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which topic has which shelf in the store. A shelf is used again only for the same topic, read
/// the same way; else what it holds is dropped.
final class ShelfCatalog {
  private final Store store;

  /// The last number given; none is given twice, even when the store was emptied meanwhile.
  private int given;

  ShelfCatalog(Store store) {
    this.store = store;
  }

  /// The shelf of a topic: the one it had, if it is still right, else a new one.
  synchronized TopicShelf shelf(TopicInfo info, Set<String> indexed) {
    var description = describe(info, indexed);
    var known = find(info.name());
    if (known.isPresent() && known.get().description().equals(description)) {
      return new TopicShelf(store, known.get().id(), info.compacted(), indexed);
    }
    var last = store.value(StoreKeys.lastCopy());
    int id = 1 + Math.max(given, last == null ? 0 : ByteBuffer.wrap(last).getInt());
    given = id;
    try (var batch = new StoreBatch()) {
      known.ifPresent(old -> dropRows(batch, old.id()));
      batch.put(StoreKeys.lastCopy(), number(id));
      batch.put(
          StoreKeys.description(info.name()),
          ByteBuffer.allocate(Integer.BYTES + description.size())
              .putInt(id)
              .put(description.array())
              .array());
      store.write(batch);
    }
    return new TopicShelf(store, id, info.compacted(), indexed);
  }

  /// Forgets what is stored of a topic.
  synchronized void drop(String topic) {
    var known = find(topic);
    if (known.isEmpty()) {
      return;
    }
    try (var batch = new StoreBatch()) {
      dropRows(batch, known.get().id());
      batch.delete(StoreKeys.description(topic));
      store.write(batch);
    }
  }

  private Optional<Known> find(String topic) {
    var found = store.value(StoreKeys.description(topic));
    if (found == null || found.length < Integer.BYTES) {
      return Optional.empty();
    }
    var in = ByteBuffer.wrap(found);
    int id = in.getInt();
    var description = new byte[in.remaining()];
    in.get(description);
    return Optional.of(new Known(id, Bytes.wrap(description)));
  }

  private static void dropRows(StoreBatch batch, int id) {
    batch.deleteRange(StoreKeys.copy(id), StoreKeys.copy(id + 1));
  }

  private static Bytes describe(TopicInfo info, Set<String> indexed) {
    return Bytes.utf8(info.id() + "\n" + info.compacted() + "\n" + new TreeSet<>(indexed));
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  /// @param description what the shelf was made for
  private record Known(int id, Bytes description) {}
}
