package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Several requests to publish in one body, cut apart without touching their data: a JSON array, or
/// a JSON object on each line.
public final class PublishBatch {
  public static final int MOST = 1_000;

  private static final JsonFactory JSON = new JsonFactory();

  private PublishBatch() {}

  /// What became of a body.
  public sealed interface Cut {
    record Into(List<Bytes> parts) implements Cut {
      public Into {
        parts = List.copyOf(parts);
      }
    }

    /// @param why a sentence
    record Malformed(String why) implements Cut {}

    record TooMany() implements Cut {}
  }

  public static Cut cut(Bytes body) {
    var bytes = body.array();
    int first = 0;
    while (first < bytes.length && bytes[first] <= ' ' && bytes[first] >= 0) {
      first++;
    }
    if (first == bytes.length) {
      return new Cut.Malformed("a JSON array, or a JSON object on each line, was expected");
    }
    return bytes[first] == '[' ? array(bytes) : lines(bytes);
  }

  private static Cut lines(byte[] bytes) {
    var parts = new ArrayList<Bytes>();
    for (int from = 0; from < bytes.length; ) {
      int to = from;
      while (to < bytes.length && bytes[to] != '\n') {
        to++;
      }
      part(bytes, from, to).ifPresent(parts::add);
      if (parts.size() > MOST) {
        return new Cut.TooMany();
      }
      from = to + 1;
    }
    return new Cut.Into(parts);
  }

  /// Nothing for a line of spaces.
  private static Optional<Bytes> part(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0 || bytes[i] > ' ') {
        return Optional.of(Bytes.wrap(Arrays.copyOfRange(bytes, from, to)));
      }
    }
    return Optional.empty();
  }

  private static Cut array(byte[] bytes) {
    var parts = new ArrayList<Bytes>();
    try (var parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      parser.nextToken();
      for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; ) {
        if (token == null) {
          return new Cut.Malformed("the array has no end");
        }
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        if (token.isScalarValue()) {
          parser.getString();
        }
        int to = (int) parser.currentLocation().getByteOffset();
        if (from < 0 || to > bytes.length || from >= to) {
          return new Cut.Malformed("JSON in UTF-8 was expected");
        }
        parts.add(Bytes.wrap(Arrays.copyOfRange(bytes, from, to)));
        if (parts.size() > MOST) {
          return new Cut.TooMany();
        }
        token = parser.nextToken();
      }
      return parser.nextToken() == null
          ? new Cut.Into(parts)
          : new Cut.Malformed("something follows the array");
    } catch (JacksonException malformed) {
      var at = malformed.getLocation();
      return new Cut.Malformed(
          "it cannot be read as JSON"
              + (at == null || at.getLineNr() < 1
                  ? ""
                  : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"));
    }
  }
}
