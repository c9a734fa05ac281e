package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Events for tests of types.
public final class Samples {
  public static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  private Samples() {}

  public static Outgoing outgoing(String topic, String data, Map<String, String> metadata) {
    return outgoing("evt_1", topic, data, metadata);
  }

  public static Outgoing outgoing(
      String id, String topic, String data, Map<String, String> metadata) {
    var event =
        new Event(id, true, "acme", topic, Optional.empty(), NOW, true, Map.of(), Bytes.utf8(data));
    return new Outgoing("dlv_" + id, event, metadata, event.data(), NOW);
  }
}
