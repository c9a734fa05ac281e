package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.registry.Judgement.Fault;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// A request to publish, read without touching its data: that is cut out of the body byte for byte.
///
///     {"id":"evt_1","tenant_id":"t","topic":"a","time":"…","metadata":{…},"data":{…}}
public final class PublishForm {
  private static final int LAST_YEAR = 9998;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(256)
                  .maxStringLength(8 << 20)
                  .maxNumberLength(64 << 10)
                  .maxNameLength(16 << 10)
                  .build())
          .build();

  private static final int MOST_METADATA = 64;
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_WORD = 8192;

  /// Stands where something else than a text was, which is a fault already.
  private static final String NOT_A_TEXT = "\u0000";

  private final Bytes body;
  private final TopicPolicy topics;
  private final List<Fault> faults = new ArrayList<>();
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private boolean retried = true;
  private @Nullable Bytes data;

  private PublishForm(Bytes body, TopicPolicy topics) {
    this.body = body;
    this.topics = topics;
  }

  /// What became of a body.
  public sealed interface Read {
    record Ok(Event event) implements Read {}

    record Wrong(List<Fault> faults) implements Read {
      public Wrong {
        faults = List.copyOf(faults);
      }
    }

    /// @param where line and column, if that is known
    record Malformed(String where) implements Read {}
  }

  public static Read read(Bytes body, TopicPolicy topics, Instant now) {
    var form = new PublishForm(body, topics);
    try (var parser = JSON.createParser(ObjectReadContext.empty(), body.array())) {
      form.read(parser);
    } catch (JacksonException malformed) {
      var at = malformed.getLocation();
      return new Read.Malformed(
          at == null || at.getLineNr() < 1
              ? ""
              : "line " + at.getLineNr() + ", column " + at.getColumnNr());
    }
    return form.event(now);
  }

  private void read(JsonParser parser) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      faults.add(new Fault("", "a JSON object was expected"));
      return;
    }
    var seen = new HashSet<String>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = parser.currentName();
      var token = parser.nextToken();
      if (!seen.add(name)) {
        faults.add(new Fault("/" + name, "is there twice"));
      }
      switch (name) {
        case "data" -> data(parser, token);
        case "metadata" -> metadata(parser, token);
        case "eligible_for_retry" -> retried(token);
        case "id", "tenant_id", "destination_id", "topic", "time" -> text(name, parser, token);
        default -> parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      faults.add(new Fault("", "something follows the JSON object"));
    }
  }

  private void data(JsonParser parser, JsonToken token) {
    long begin = parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    long end = parser.currentLocation().getByteOffset();
    if (token != JsonToken.START_OBJECT) {
      faults.add(new Fault("/data", "must be a valid JSON object"));
    } else if (begin < 0 || end > body.size() || begin >= end) {
      faults.add(new Fault("", "must be JSON in UTF-8"));
    } else {
      data = Bytes.wrap(java.util.Arrays.copyOfRange(body.array(), (int) begin, (int) end));
    }
  }

  private void text(String name, JsonParser parser, JsonToken token) {
    if (token == JsonToken.VALUE_STRING) {
      texts.put(name, parser.getString());
    } else if (token != JsonToken.VALUE_NULL) {
      parser.skipChildren();
      texts.put(name, NOT_A_TEXT);
      faults.add(new Fault("/" + name, "must be a text"));
    }
  }

  private void retried(JsonToken token) {
    if (token == JsonToken.VALUE_FALSE) {
      retried = false;
    } else if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_NULL) {
      faults.add(new Fault("/eligible_for_retry", "must be true or false"));
    }
  }

  private void metadata(JsonParser parser, JsonToken token) {
    if (token != JsonToken.START_OBJECT) {
      if (token != JsonToken.VALUE_NULL) {
        parser.skipChildren();
        faults.add(new Fault("/metadata", "must be an object of texts"));
      }
      return;
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = parser.currentName();
      var value = parser.nextToken();
      if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
        metadata.put(name, parser.getString());
      } else if (value != JsonToken.VALUE_NULL) {
        parser.skipChildren();
        faults.add(new Fault("/metadata/" + cut(name), "must be a text"));
      }
    }
    if (metadata.size() > MOST_METADATA
        || metadata.keySet().stream().anyMatch(name -> !isName(name))
        || metadata.values().stream().anyMatch(value -> value.length() > LONGEST_WORD)) {
      faults.add(
          new Fault(
              "/metadata",
              "must have at most %d texts of %d characters, with names of 1 to %d"
                  .formatted(MOST_METADATA, LONGEST_WORD, LONGEST_NAME)));
    }
  }

  private static boolean isName(String name) {
    return !name.isBlank()
        && name.length() <= LONGEST_NAME
        && name.chars().noneMatch(Character::isISOControl);
  }

  private static String cut(String name) {
    return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
  }

  private Read event(Instant now) {
    if (faults.stream().anyMatch(fault -> fault.pointer().isEmpty())) {
      return new Read.Wrong(faults);
    }
    var id = texts.getOrDefault("id", "");
    var tenant = texts.getOrDefault("tenant_id", "");
    var destination =
        Optional.of(texts.getOrDefault("destination_id", "")).filter(it -> !it.isEmpty());
    var topic = texts.getOrDefault("topic", "");
    if (tenant.isEmpty()) {
      faults.add(new Fault("/tenant_id", "is required"));
    }
    checkId("id", id);
    checkId("tenant_id", tenant);
    checkId("destination_id", destination.orElse(""));
    checkTopic(topic);
    var time = time(now);
    if (data == null && faults.stream().noneMatch(fault -> fault.pointer().equals("/data"))) {
      faults.add(new Fault("/data", "is required"));
    }
    if (!faults.isEmpty() || data == null) {
      return new Read.Wrong(faults);
    }
    return new Read.Ok(
        new Event(
            id.isEmpty() ? Ids.event(now) : id,
            !id.isEmpty(),
            tenant,
            topic,
            destination,
            time,
            retried,
            metadata,
            data));
  }

  private void checkId(String name, String id) {
    if (!id.equals(NOT_A_TEXT) && !id.isEmpty() && !Ids.isLegal(id)) {
      faults.add(
          new Fault(
              "/" + name, "must have 1 to 255 characters without slashes and control characters"));
    }
  }

  private void checkTopic(String topic) {
    if (topic.equals(NOT_A_TEXT)) {
      return;
    }
    if (topic.isEmpty()) {
      if (!topics.isOpen()) {
        faults.add(new Fault("/topic", "is required"));
      }
    } else if (!topics.accepts(topic)) {
      faults.add(new Fault("/topic", "is invalid"));
    }
  }

  private Instant time(Instant now) {
    var text = texts.getOrDefault("time", "");
    try {
      if (text.isEmpty() || text.equals(NOT_A_TEXT)) {
        return now;
      }
      var time = OffsetDateTime.parse(text);
      if (time.getYear() < 0 || time.getYear() > LAST_YEAR) {
        throw new DateTimeException("out of range");
      }
      return time.toInstant();
    } catch (DateTimeException none) {
      faults.add(new Fault("/time", "must be a time such as 2027-01-31T12:00:00Z"));
      return now;
    }
  }
}
