package io.tidegate.inbox;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The query of a URL: single parameters, and the whole without credentials.
final class QueryText {
  private static final Set<String> CREDENTIALS =
      Set.of("access_token", "token", "api_key", "apikey", "key", "secret", "hub.verify_token");

  private QueryText() {}

  /// The decoded value of the first parameter of that name.
  static Optional<String> value(String query, String name) {
    for (var part : query.split("&", -1)) {
      var equals = part.indexOf('=');
      if (equals >= 0 && decoded(part.substring(0, equals)).equals(name)) {
        return Optional.of(decoded(part.substring(equals + 1)));
      }
    }
    return Optional.empty();
  }

  /// The query with `***` where credentials are.
  static String shown(String query) {
    if (query.isEmpty()) {
      return query;
    }
    var shown = new StringBuilder(query.length());
    for (var part : query.split("&", -1)) {
      var equals = part.indexOf('=');
      var name = equals < 0 ? part : part.substring(0, equals);
      var hidden = equals >= 0 && CREDENTIALS.contains(decoded(name).toLowerCase(Locale.ROOT));
      shown.append(shown.isEmpty() ? "" : "&").append(hidden ? name + "=***" : part);
    }
    return shown.toString();
  }

  static String decoded(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }
}
