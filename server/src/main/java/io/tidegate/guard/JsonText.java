package io.tidegate.guard;

import io.tidegate.base.Bytes;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.filter.FilteringParserDelegate;
import tools.jackson.core.filter.JsonPointerBasedFilter;
import tools.jackson.core.filter.TokenFilter.Inclusion;
import tools.jackson.core.json.JsonFactory;

/// Single fields of JSON texts, read without building the rest.
public final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  private static final int MOST_FIELDS = 32;

  private JsonText() {}

  /// The text or number at `pointer` (RFC 6901). Nothing when it is not there or not a plain value,
  /// or when what comes before it is not JSON.
  public static Optional<String> at(Bytes json, String pointer) {
    var wanted = new JsonPointerBasedFilter(pointer);
    try (var all = JSON.createParser(ObjectReadContext.empty(), json.array());
        var found = new FilteringParserDelegate(all, wanted, Inclusion.ONLY_INCLUDE_ALL, false)) {
      var token = found.nextToken();
      return token != null && token.isScalarValue()
          ? Optional.ofNullable(found.getString())
          : Optional.empty();
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }

  /// The texts of an object of one level, by name; empty when the body is not an object, has a name
  /// twice, or has more fields than a message.
  static Map<String, String> texts(Bytes json) {
    var texts = new LinkedHashMap<String, String>();
    try (var parser = JSON.createParser(ObjectReadContext.empty(), json.array())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Map.of();
      }
      for (var name = parser.nextName(); name != null; name = parser.nextName()) {
        var value = parser.nextToken();
        if (value == JsonToken.VALUE_STRING
            && (texts.size() == MOST_FIELDS || texts.put(name, parser.getString()) != null)) {
          return Map.of();
        }
        parser.skipChildren();
      }
      return parser.nextToken() == null ? texts : Map.of();
    } catch (JacksonException notJson) {
      return Map.of();
    }
  }

  /// `pointer`, when it is one.
  public static String pointer(String pointer) {
    if (pointer.isEmpty()) {
      throw new IllegalArgumentException("a JSON pointer to one field was expected, as /data/id");
    }
    return JsonPointer.compile(pointer).toString();
  }

  /// An object of texts: names and values in turn.
  public static String object(String... namesAndValues) {
    var out = new StringWriter();
    try (var json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      for (int i = 0; i < namesAndValues.length; i += 2) {
        json.writeStringProperty(namesAndValues[i], namesAndValues[i + 1]);
      }
      json.writeEndObject();
    }
    return out.toString();
  }
}
