package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.log.Stored;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/// The values of records as one JSON array, written piece by piece.
///
/// A value that is JSON goes in as it is, to the byte. One that is not becomes a string, or, where
/// it is not even text, an object with the single member `base64`; so the whole is always JSON.
/// Nothing at all (an empty value, a tombstone) is left out.
final class JsonArray {
  /// Deeper nesting is taken for text: it would break those who read it.
  private static final int DEEPEST = 1000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
  private boolean isFirst = true;

  JsonArray() {
    out.write('[');
  }

  void add(Stored stored) {
    var value = stored.value();
    if (value == null || value.isEmpty()) {
      return;
    }
    if (!isFirst) {
      out.write(',');
    }
    isFirst = false;
    out.writeBytes(json(value));
  }

  void close() {
    out.write(']');
  }

  /// Bytes written and not yet taken.
  int size() {
    return out.size();
  }

  /// What was written since the last time.
  Bytes take() {
    var piece = Bytes.wrap(out.toByteArray());
    out.reset();
    return piece;
  }

  static byte[] json(Bytes value) {
    if (isJson(value.array())) {
      return value.array();
    }
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  /// As a JSON string, or an object with the member `base64` where it is no text.
  static String text(Bytes value) {
    var text = text(value.array());
    return text == null
        ? "{\"base64\":\"" + Base64.getEncoder().encodeToString(value.array()) + "\"}"
        : "\"" + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + "\"";
  }

  /// One JSON value and nothing else, in UTF-8.
  private static boolean isJson(byte[] bytes) {
    if (beginsWithMark(bytes)) {
      return false;
    }
    try (var parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null && (isAscii(bytes) || text(bytes) != null);
    } catch (JacksonException notJson) {
      return false;
    }
  }

  /// A byte order mark may stand before a document, but not inside one.
  private static boolean beginsWithMark(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == (byte) 0xef
        && bytes[1] == (byte) 0xbb
        && bytes[2] == (byte) 0xbf;
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notText) {
      return null;
    }
  }
}
