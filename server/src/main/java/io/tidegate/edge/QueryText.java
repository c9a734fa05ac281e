package io.tidegate.edge;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The query of a URL as pairs.
final class QueryText {
  private QueryText() {}

  /// The first value of that name, decoded.
  static Optional<String> first(String query, String name) {
    int from = 0;
    while (from < query.length()) {
      int end = query.indexOf('&', from);
      end = end < 0 ? query.length() : end;
      int equals = query.indexOf('=', from);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      if (decode(query.substring(from, nameEnd)).equals(name)) {
        return Optional.of(nameEnd == end ? "" : decode(query.substring(nameEnd + 1, end)));
      }
      from = end + 1;
    }
    return Optional.empty();
  }

  private static String decode(String text) {
    try {
      return text.indexOf('%') < 0 && text.indexOf('+') < 0
          ? text
          : URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return text;
    }
  }
}
