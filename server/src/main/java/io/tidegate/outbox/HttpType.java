package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.http.Call;
import java.time.Instant;
import java.util.Map;

/// A type whose destinations get their events as HTTP requests.
public interface HttpType extends DestinationType {

  /// The request for one attempt.
  ///
  /// @param credentials opened
  /// @throws IllegalArgumentException with a sentence, when none can be made
  Call call(Map<String, String> config, Map<String, String> credentials, Outgoing outgoing);

  /// An event on its way.
  ///
  /// @param id the same for all attempts to bring this event there
  /// @param metadata of the event, and what the destination adds
  /// @param data as it was published
  record Outgoing(String id, Event event, Map<String, String> metadata, Bytes data, Instant now) {
    public Outgoing {
      metadata = Map.copyOf(metadata);
    }
  }
}
