package io.tidegate.model;

import io.tidegate.base.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What the simple models share.
final class PlainCodecs {
  static final Codec FLAG =
      value -> {
        var text = text(value);
        return text != null && (text.equals("true") || text.equals("false"))
            ? new Verdict.Fits(value)
            : new Verdict.Misfit("it is not true or false");
      };

  private PlainCodecs() {}

  /// Null when it is not UTF-8.
  static @Nullable String text(Bytes value) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value.array())).toString();
    } catch (CharacterCodingException malformed) {
      return null;
    }
  }
}
