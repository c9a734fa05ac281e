package io.tidegate.ledger;

import io.tidegate.log.RecordLog;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Records at places that the ledger points to, read from the log: neighbours in one go, up to some
/// size, and within some time. Waits; any thread.
record Contents(RecordLog log, String topic) {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int STRETCH = 256 << 10;
  private static final int MOST_BYTES = 8 << 20;

  /// A place further away than that is sought anew.
  private static final long NEAR = 200;

  /// Those that the log still has, by their places. What would be too much is left out.
  ///
  /// @throws RecordLog.LogUnavailable when it cannot be read now
  Map<Long, Stored> at(Collection<Long> places) {
    var byPartition = new TreeMap<Integer, TreeSet<Long>>();
    for (var place : places) {
      byPartition
          .computeIfAbsent(Keys.partition(place), _ -> new TreeSet<>())
          .add(Keys.offset(place));
    }
    var found = new HashMap<Long, Stored>();
    var left = MOST_BYTES;
    for (var each : byPartition.entrySet()) {
      left = read(each.getKey(), each.getValue(), found, left);
    }
    return found;
  }

  private int read(int partition, TreeSet<Long> wanted, Map<Long, Stored> found, int budget) {
    int left = budget;
    while (!wanted.isEmpty() && left > 0) {
      long first = wanted.getFirst();
      var isAlone = wanted.size() == 1 || wanted.higher(first) - first > NEAR;
      var stretch = log.read(topic, partition, first, isAlone ? 1 : STRETCH, LIMIT);
      for (var record : stretch.records()) {
        if (wanted.remove(record.offset())) {
          found.put(Keys.place(partition, record.offset()), record);
          left -= size(record);
        }
      }
      wanted.headSet(Math.max(stretch.next(), first + 1)).clear();
    }
    return left;
  }

  /// What goes with an event may be more than the event.
  private static int size(Stored record) {
    var value = record.value();
    var size = 512 + (value == null ? 0 : value.size());
    for (var header : record.headers()) {
      size += header.name().length() + header.value().size();
    }
    return size;
  }
}
