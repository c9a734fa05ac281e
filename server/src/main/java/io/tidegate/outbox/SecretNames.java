package io.tidegate.outbox;

import java.util.List;
import java.util.Locale;

/// Names of headers whose values may be credentials. Asked about every header of every attempt, of
/// whose cost a regular expression would be a tenth.
final class SecretNames {
  private static final List<String> PARTS =
      List.of(
          "authorization",
          "authenticat",
          "cookie",
          "signature",
          "secret",
          "token",
          "password",
          "key",
          "jwt",
          "session",
          "credential");

  /// The same, as a word between hyphens.
  private static final String WORD = "auth";

  private SecretNames() {}

  static boolean has(String header) {
    var name = header.toLowerCase(Locale.ROOT);
    for (var part : PARTS) {
      if (name.contains(part)) {
        return true;
      }
    }
    for (int at = name.indexOf(WORD); at >= 0; at = name.indexOf(WORD, at + 1)) {
      if (isEdge(name, at - 1) && isEdge(name, at + WORD.length())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEdge(String name, int at) {
    return at < 0 || at >= name.length() || name.charAt(at) == '-' || name.charAt(at) == '_';
  }
}
