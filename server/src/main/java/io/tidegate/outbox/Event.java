package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// One fact, published for a tenant.
///
/// @param named false when the id was made here, so that nobody can repeat it
/// @param topic empty when it has none
/// @param destination the only one that is to get it
/// @param retried whether deliveries that fail are tried again
/// @param data JSON, byte for byte as it was sent
public record Event(
    String id,
    boolean named,
    String tenant,
    String topic,
    Optional<String> destination,
    Instant time,
    boolean retried,
    Map<String, String> metadata,
    Bytes data) {
  public Event {
    metadata = Map.copyOf(metadata);
  }
}
