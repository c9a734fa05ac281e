package io.tidegate.filter;

import io.tidegate.base.Bytes;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/// Reads one JSON value. Whatever is wrong with the text comes back as an unreadable value that
/// says so; nothing is thrown.
final class JsonReader {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(1000)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final JsonParser parser;
  private final Bounds bounds;
  private String[] names = new String[32];
  private Json[] stack = new Json[32];
  private int top;
  private int values;

  /// What may be read.
  record Bounds(int bytes, int depth, int values) {}

  /// Reading ends here: the text is beyond its bounds.
  private static final class Beyond extends RuntimeException {
    private static final long serialVersionUID = 1;

    Beyond(String reason) {
      super(reason, null, false, false);
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  private JsonReader(JsonParser parser, Bounds bounds) {
    this.parser = parser;
    this.bounds = bounds;
  }

  static Json read(Bytes text, Bounds bounds) {
    if (text.size() > bounds.bytes()) {
      return new Json.Unreadable("longer than " + bounds.bytes() + " bytes");
    }
    try (var parser = JSON.createParser(ObjectReadContext.empty(), text.array())) {
      return new JsonReader(parser, bounds).document();
    } catch (Beyond beyond) {
      return new Json.Unreadable(beyond.reason());
    } catch (JacksonException malformed) {
      var place = malformed.getLocation();
      return place == null
          ? new Json.Unreadable("not JSON")
          : new Json.Unreadable(
              "not JSON (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")");
    }
  }

  private Json document() {
    var first = parser.nextToken();
    if (first == null) {
      return new Json.Unreadable("empty");
    }
    var value = value(first, 0);
    if (parser.nextToken() != null) {
      return new Json.Unreadable("more than one JSON value");
    }
    return value;
  }

  private Json value(JsonToken token, int depth) {
    if (++values > bounds.values()) {
      throw new Beyond("more than " + bounds.values() + " values");
    }
    return switch (token) {
      case START_OBJECT -> fields(depth + 1);
      case START_ARRAY -> items(depth + 1);
      case VALUE_STRING -> new Json.Text(parser.getString());
      case VALUE_NUMBER_INT ->
          parser.getStringLength() <= 18
              ? Num.of(parser.getLongValue())
              : Num.parse(parser.getString());
      case VALUE_NUMBER_FLOAT -> Num.parse(parser.getString());
      case VALUE_TRUE -> Json.Flag.TRUE;
      case VALUE_FALSE -> Json.Flag.FALSE;
      case VALUE_NULL -> Json.Nothing.NULL;
      default -> throw new Beyond("not JSON");
    };
  }

  /// What is read is kept on one stack for all levels: an array is made only when its length is
  /// known.
  private Json fields(int depth) {
    check(depth);
    var from = top;
    for (var name = parser.nextName(); name != null; name = parser.nextName()) {
      push(name, value(parser.nextToken(), depth));
    }
    var fields =
        Fields.of(Arrays.copyOfRange(names, from, top), Arrays.copyOfRange(stack, from, top));
    top = from;
    return fields;
  }

  private Json items(int depth) {
    check(depth);
    var from = top;
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      push("", value(token, depth));
    }
    var items =
        top == from ? Json.Items.NONE : new Json.Items(Arrays.copyOfRange(stack, from, top));
    top = from;
    return items;
  }

  private void push(String name, Json value) {
    if (top == stack.length) {
      names = Arrays.copyOf(names, 2 * top);
      stack = Arrays.copyOf(stack, 2 * top);
    }
    names[top] = name;
    stack[top++] = value;
  }

  private void check(int depth) {
    if (depth > bounds.depth()) {
      throw new Beyond("nested deeper than " + bounds.depth());
    }
  }
}
