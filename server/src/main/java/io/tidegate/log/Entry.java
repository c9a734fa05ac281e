package io.tidegate.log;

import io.tidegate.base.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A record to be appended.
///
/// @param key decides the partition, as the Java client does it; null lets the log choose
/// @param value null is a tombstone
public record Entry(
    String topic, @Nullable Bytes key, List<Header> headers, @Nullable Bytes value) {
  public Entry {
    headers = List.copyOf(headers);
  }
}
