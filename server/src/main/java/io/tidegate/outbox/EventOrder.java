package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The field of an event by which a destination's deliveries stay in order: a JSON pointer to
/// something below `/data`, or `/topic`, or `/metadata/NAME`.
///
/// @param steps of the pointer
record EventOrder(List<String> steps) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int LONGEST = 128;

  static EventOrder of(String pointer) {
    return new EventOrder(
        List.of(pointer.substring(1).split("/", -1)).stream()
            .map(step -> step.replace("~1", "/").replace("~0", "~"))
            .toList());
  }

  /// The field's value; empty when the event has no such field, or it is no single value. Then the
  /// event has no order.
  Optional<String> of(Event event) {
    var found =
        switch (steps.getFirst()) {
          case "topic" -> Optional.of(event.topic());
          case "metadata" -> Optional.ofNullable(event.metadata().get(steps.getLast()));
          default -> data(event.data());
        };
    return found.filter(text -> !text.isEmpty()).map(EventOrder::shortened);
  }

  private static String shortened(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  /// Reads no further than to the field.
  private Optional<String> data(Bytes data) {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), data.array())) {
      var token = parser.nextToken();
      for (var step : steps.subList(1, steps.size())) {
        token = descend(parser, token, step);
      }
      return token != null && token.isScalarValue() && token != JsonToken.VALUE_NULL
          ? Optional.of(parser.getString())
          : Optional.empty();
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }

  private static @Nullable JsonToken descend(
      JsonParser parser, @Nullable JsonToken token, String step) {
    if (token == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        var isIt = parser.currentName().equals(step);
        var value = parser.nextToken();
        if (isIt) {
          return value;
        }
        parser.skipChildren();
      }
    } else if (token == JsonToken.START_ARRAY && step.matches("\\d{1,6}")) {
      for (int left = Integer.parseInt(step); ; left--) {
        var element = parser.nextToken();
        if (left == 0 || element == JsonToken.END_ARRAY || element == null) {
          return element;
        }
        parser.skipChildren();
      }
    }
    return null;
  }
}
