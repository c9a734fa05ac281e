package io.tidegate.bridge;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Percent-encoding of paths and queries (RFC 3986).
final class PathText {
  private static final String HEX = "0123456789ABCDEF";

  /// What may stand in a path segment as it is. The slash is not among them.
  private static final String PLAIN = "-._~!$&'()*+,;=:@";

  private PathText() {}

  /// `text` so that it can be one segment of a path.
  static String encode(String text) {
    var out = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      var c = (char) (b & 0xff);
      if (isPlain(c)) {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
      }
    }
    return out.toString();
  }

  /// The opposite. A percent sign that two hex digits do not follow stands for itself.
  static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      var high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      var low = high >= 0 ? Character.digit(bytes[i + 2], 16) : -1;
      if (bytes[i] == '%' && low >= 0) {
        out.write(high << 4 | low);
        i += 2;
      } else {
        out.write(bytes[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /// The first value of that name in a query, decoded; a plus sign is a space.
  static Optional<String> query(String query, String name) {
    for (var pair : query.split("&", -1)) {
      var equals = pair.indexOf('=');
      var key = equals < 0 ? pair : pair.substring(0, equals);
      if (decodeForm(key).equals(name)) {
        return Optional.of(equals < 0 ? "" : decodeForm(pair.substring(equals + 1)));
      }
    }
    return Optional.empty();
  }

  private static String decodeForm(String text) {
    return decode(text.replace('+', ' '));
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || PLAIN.indexOf(c) >= 0;
  }
}
