package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An event on its way to one destination.
///
/// @param id the same for all attempts to bring this event there
/// @param metadata of the event, and what the destination adds
/// @param data as it was published
public record Outgoing(
    String id, Event event, Map<String, String> metadata, Bytes data, Instant now) {
  private static final int DEEPEST = 128;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  public Outgoing {
    metadata = Map.copyOf(metadata);
  }

  /// What goes with the event where there are headers without a prefix: `event-id`, `topic`,
  /// `timestamp` of the attempt, and metadata of other names.
  public Map<String, String> labels() {
    var labels = new TreeMap<>(metadata);
    labels.put("event-id", event.id());
    labels.put("timestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    if (event.topic().isEmpty()) {
      labels.remove("topic");
    } else {
      labels.put("topic", event.topic());
    }
    return labels;
  }

  /// What templates see: `id`, `topic`, `tenant_id`, `time`, `metadata` (with the labels) and
  /// `data`, which is missing when it is no JSON.
  public ObjectNode scope() {
    var scope = JsonNodeFactory.instance.objectNode();
    scope.put("id", event.id()).put("topic", event.topic()).put("tenant_id", event.tenant());
    scope.put("time", event.time().toString()).set("metadata", Words.write(labels()));
    var parsed = parsed();
    if (!parsed.isMissingNode()) {
      scope.set("data", parsed);
    }
    return scope;
  }

  /// The data as JSON; missing when it is none.
  JsonNode parsed() {
    if (data.isEmpty()) {
      return JsonNodeFactory.instance.missingNode();
    }
    try {
      return JSON.readTree(data.array());
    } catch (JacksonException noJson) {
      return JsonNodeFactory.instance.missingNode();
    }
  }
}
