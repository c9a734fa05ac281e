package io.tidegate.log;

import io.tidegate.base.Bytes;
import io.tidegate.log.Appended.Reason;
import io.tidegate.log.RecordLog.TopicInfo;
import io.tidegate.log.RecordLog.TopicSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;

/// A topic of a `MemoryLog`. Locks itself; the records of a partition never change.
final class MemoryTopic {
  private final TopicSpec spec;
  private final List<Partition> partitions = new ArrayList<>();
  private int turn;

  MemoryTopic(TopicSpec spec) {
    this.spec = spec;
    grow(spec.partitions());
  }

  synchronized void grow(int count) {
    while (partitions.size() < count) {
      partitions.add(new Partition());
    }
  }

  synchronized Partition partition(int number) {
    return partitions.get(number);
  }

  synchronized int size() {
    return partitions.size();
  }

  synchronized List<Stored> all() {
    return partitions.stream().flatMap(partition -> partition.from(0).stream()).toList();
  }

  synchronized Appended append(Entry entry, Instant now) {
    if (spec.compacted() && entry.key() == null) {
      return new Appended.Refused(Reason.INVALID, "a compacted topic needs keys");
    }
    if (Records.size(entry) > maxMessageBytes()) {
      return new Appended.Refused(Reason.TOO_LARGE, "more than " + maxMessageBytes() + " bytes");
    }
    var number = partition(entry.key());
    return new Appended.At(number, partitions.get(number).append(number, entry, now));
  }

  private int partition(@org.jspecify.annotations.Nullable Bytes key) {
    return key == null
        ? turn++ % partitions.size()
        : Utils.toPositive(Utils.murmur2(key.array())) % partitions.size();
  }

  private int maxMessageBytes() {
    return Integer.parseInt(setting("max.message.bytes", "1048588"));
  }

  private String setting(String name, String otherwise) {
    return spec.settings().getOrDefault(name, otherwise);
  }

  synchronized TopicInfo info() {
    var first = new HashMap<Integer, Long>();
    var end = new HashMap<Integer, Long>();
    for (var i = 0; i < partitions.size(); i++) {
      first.put(i, partitions.get(i).first());
      end.put(i, partitions.get(i).end());
    }
    return new TopicInfo(
        spec.name(),
        partitions.size(),
        spec.compacted(),
        !spec.compacted(),
        Duration.ofMillis(Long.parseLong(setting("retention.ms", "604800000"))),
        Long.parseLong(setting("retention.bytes", "-1")),
        Duration.ofMillis(Long.parseLong(setting("delete.retention.ms", "86400000"))),
        maxMessageBytes(),
        Map.copyOf(first),
        Map.copyOf(end),
        Integer.toString(System.identityHashCode(this)));
  }

  static final class Partition {
    private final List<Stored> records = new ArrayList<>();
    private long first;

    synchronized long append(int number, Entry entry, Instant now) {
      var offset = end();
      records.add(
          new Stored(
              number, offset, now.toEpochMilli(), entry.key(), entry.headers(), entry.value()));
      return offset;
    }

    synchronized long first() {
      return first;
    }

    synchronized long end() {
      return records.size();
    }

    synchronized void truncate(long first) {
      this.first = Math.max(this.first, Math.min(first, end()));
    }

    synchronized RecordLog.Stretch read(long from, int bytes) {
      var read = new ArrayList<Stored>();
      var size = 0;
      var next = Math.max(from, first);
      for (; next < end() && (read.isEmpty() || size < bytes); next++) {
        var record = records.get((int) next);
        read.add(record);
        size += 64 + (record.value() == null ? 0 : record.value().size());
      }
      return new RecordLog.Stretch(read, next, end());
    }

    List<Stored> from(long next) {
      return from(next, Integer.MAX_VALUE);
    }

    synchronized List<Stored> from(long next, int most) {
      var from = (int) Math.max(first, next);
      return List.copyOf(records.subList(from, from + Math.min(most, records.size() - from)));
    }
  }
}
