package io.tidegate.inbox;

import io.tidegate.base.Bytes;
import io.tidegate.guard.JsonText;
import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import io.tidegate.log.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// CloudEvents as they come over HTTP. An event keeps its bytes: a batch is cut, not rewritten.
final class CloudEvents {
  /// More events in a batch are refused.
  static final int MOST = 1000;

  static final String STRUCTURED_TYPE = "application/cloudevents+json";
  private static final String ANY_TYPE = "application/cloudevents";
  private static final String BATCH_TYPE = "application/cloudevents-batch";
  private static final String PREFIX = "ce-";
  private static final JsonFactory JSON = new JsonFactory();

  private CloudEvents() {}

  /// How an event is written in a request.
  enum Mode {
    NONE,
    /// Attributes are headers.
    BINARY,
    /// The body is an event.
    STRUCTURED,
    /// The body is a list of events.
    BATCH
  }

  static Mode mode(Headers headers) {
    var type = headers.first("content-type").orElse("");
    if (type.regionMatches(true, 0, ANY_TYPE, 0, ANY_TYPE.length())) {
      return type.regionMatches(true, 0, BATCH_TYPE, 0, BATCH_TYPE.length())
          ? Mode.BATCH
          : Mode.STRUCTURED;
    }
    return headers.has("ce-specversion") && headers.has("ce-id") ? Mode.BINARY : Mode.NONE;
  }

  /// Source and id together name an event, wherever it is seen again.
  static Optional<String> name(Request request) {
    return switch (mode(request.headers())) {
      case BINARY -> name(request.headers().first("ce-source"), request.headers().first("ce-id"));
      case STRUCTURED ->
          name(JsonText.at(request.body(), "/source"), JsonText.at(request.body(), "/id"));
      case BATCH, NONE -> Optional.empty();
    };
  }

  private static Optional<String> name(Optional<String> source, Optional<String> id) {
    return source.isPresent() && id.isPresent()
        ? Optional.of(source.get() + " " + id.get())
        : Optional.empty();
  }

  /// The attributes of binary mode as Kafka's binding of CloudEvents has them: `ce_id` for `ce-id`.
  static void add(Headers from, List<Header> to) {
    for (var field : from) {
      if (field.name().startsWith(PREFIX)) {
        var name = "ce_" + field.name().substring(PREFIX.length()).toLowerCase(Locale.ROOT);
        to.add(Header.of(name, unescaped(field.value())));
      }
    }
  }

  /// Percent-encoding of header values (HTTP binding, 3.1.3.2); a plus sign is a plus sign.
  private static String unescaped(String value) {
    return value.indexOf('%') < 0 ? value : QueryText.decoded(value.replace("+", "%2B"));
  }

  /// The events of a batch, each with the bytes that it came with; empty when the body is no list
  /// of objects, or one of too many.
  static Optional<List<Bytes>> batch(Bytes body) {
    var events = new ArrayList<Bytes>();
    var bytes = body.array();
    try (var parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        var start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        var end = (int) parser.currentLocation().getByteOffset();
        if (events.size() == MOST || !isObject(bytes, start, end)) {
          return Optional.empty();
        }
        events.add(Bytes.wrap(Arrays.copyOfRange(bytes, start, end)));
      }
      return parser.currentToken() == JsonToken.END_ARRAY && parser.nextToken() == null
          ? Optional.of(List.copyOf(events))
          : Optional.empty();
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }

  /// Other encodings than UTF-8 are counted differently.
  private static boolean isObject(byte[] bytes, int start, int end) {
    return start >= 0
        && end <= bytes.length
        && end - start > 1
        && bytes[start] == '{'
        && bytes[end - 1] == '}';
  }
}
