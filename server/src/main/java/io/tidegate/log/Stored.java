package io.tidegate.log;

import io.tidegate.base.Bytes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A record as it lies in the log.
///
/// @param timestamp milliseconds since 1970
public record Stored(
    int partition,
    long offset,
    long timestamp,
    @Nullable Bytes key,
    List<Header> headers,
    @Nullable Bytes value) {
  public Stored {
    headers = List.copyOf(headers);
  }

  public boolean isTombstone() {
    return value == null;
  }

  /// The last header of that name.
  public Optional<Bytes> header(String name) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      if (headers.get(i).name().equals(name)) {
        return Optional.of(headers.get(i).value());
      }
    }
    return Optional.empty();
  }

  public Instant time() {
    return Instant.ofEpochMilli(timestamp);
  }
}
