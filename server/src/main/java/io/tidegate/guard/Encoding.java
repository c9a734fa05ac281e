package io.tidegate.guard;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How bytes are written as text, in signature headers and in secrets.
public enum Encoding {
  /// The text itself.
  UTF8,
  HEX,
  BASE64,
  BASE64URL,
  /// Base64 after the prefix `whsec_`, as Standard Webhooks writes symmetric secrets.
  WHSEC;

  private static final String SYMMETRIC = "whsec_";

  /// The bytes, or null when the text is not of this encoding. Padding may be left out.
  byte @Nullable [] decode(String text) {
    try {
      return switch (this) {
        case UTF8 -> text.getBytes(StandardCharsets.UTF_8);
        case HEX -> HexFormat.of().parseHex(text);
        case BASE64 -> Base64.getDecoder().decode(text);
        case BASE64URL -> Base64.getUrlDecoder().decode(text);
        case WHSEC -> BASE64.decode(unprefixed(text));
      };
    } catch (IllegalArgumentException notThis) {
      return null;
    }
  }

  /// The bytes, or null when `text` is not the one way to write them. So no two texts are the same
  /// signature, but for upper-case hexadecimals and left-out padding.
  byte @Nullable [] decodeExactly(String text) {
    var bytes = decode(text);
    if (bytes == null) {
      return null;
    }
    var written = encode(bytes);
    return text.equals(written)
            || text.equals(written.replace("=", ""))
            || (this == HEX && text.equals(written.toUpperCase(Locale.ROOT)))
        ? bytes
        : null;
  }

  String encode(byte[] bytes) {
    return switch (this) {
      case UTF8 -> new String(bytes, StandardCharsets.UTF_8);
      case HEX -> HexFormat.of().formatHex(bytes);
      case BASE64 -> Base64.getEncoder().encodeToString(bytes);
      case BASE64URL -> Base64.getUrlEncoder().encodeToString(bytes);
      case WHSEC -> SYMMETRIC + BASE64.encode(bytes);
    };
  }

  private static String unprefixed(String text) {
    return text.startsWith(SYMMETRIC) ? text.substring(SYMMETRIC.length()) : text;
  }
}
