package io.tidegate.log;

import io.tidegate.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Entries as Kafka's records and back, without copying keys, values or header values.
final class Records {
  /// What a record costs beside its parts, at most: lengths, offset, time stamp, batch head.
  private static final int OVERHEAD = 96;

  private Records() {}

  static int size(Entry entry) {
    var size = OVERHEAD + size(entry.key()) + size(entry.value());
    for (var header : entry.headers()) {
      size += 10 + 3 * header.name().length() + header.value().size();
    }
    return size;
  }

  private static int size(@Nullable Bytes bytes) {
    return bytes == null ? 0 : bytes.size();
  }

  static ProducerRecord<byte[], byte[]> outward(Entry entry) {
    var headers = new RecordHeaders();
    for (var header : entry.headers()) {
      headers.add(header.name(), header.value().array());
    }
    return new ProducerRecord<>(
        entry.topic(), null, null, array(entry.key()), array(entry.value()), headers);
  }

  private static byte @Nullable [] array(@Nullable Bytes bytes) {
    return bytes == null ? null : bytes.array();
  }

  static List<Stored> inward(List<ConsumerRecord<byte[], byte[]>> records) {
    var stored = new ArrayList<Stored>(records.size());
    for (var record : records) {
      stored.add(inward(record));
    }
    return stored;
  }

  private static Stored inward(ConsumerRecord<byte[], byte[]> record) {
    return new Stored(
        record.partition(),
        record.offset(),
        record.timestamp(),
        bytes(record.key()),
        headers(record),
        bytes(record.value()));
  }

  private static List<Header> headers(ConsumerRecord<?, ?> record) {
    var all = record.headers().toArray();
    if (all.length == 0) {
      return List.of();
    }
    var headers = new Header[all.length];
    for (var i = 0; i < all.length; i++) {
      headers[i] = new Header(all[i].key(), headerValue(all[i].value()));
    }
    return List.of(headers);
  }

  private static Bytes headerValue(byte @Nullable [] value) {
    return value == null ? Bytes.EMPTY : Bytes.wrap(value);
  }

  private static @Nullable Bytes bytes(byte @Nullable [] array) {
    return array == null ? null : Bytes.wrap(array);
  }
}
