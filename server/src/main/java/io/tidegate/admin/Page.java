package io.tidegate.admin;

import io.tidegate.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which part of a list is wanted: `limit`, `dir`, and `next` or `prev` as an earlier page gave it.
///
/// @param cursor where an earlier page ended; opaque to callers
/// @param backwards the page before the cursor
record Page(int limit, boolean ascending, Optional<Cursor> cursor, boolean backwards) {
  private static final int USUAL = 100;
  private static final int MOST = 1000;

  /// @param at milliseconds since 1970
  record Cursor(long at, String id) {
    String text() {
      var plain = (at + " " + id).getBytes(StandardCharsets.UTF_8);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
    }

    static Cursor read(String text) {
      try {
        var plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        var space = plain.indexOf(' ');
        return new Cursor(Long.parseLong(plain.substring(0, space)), plain.substring(space + 1));
      } catch (IllegalArgumentException | StringIndexOutOfBoundsException notOurs) {
        throw Problem.of(400, "malformed", "the cursor is none of ours").refuse();
      }
    }
  }

  static Page read(String query) {
    return read(query, USUAL, MOST);
  }

  /// @param usual limit, and the largest
  static Page read(String query, int usual, int most) {
    var values = values(query);
    var next = Optional.ofNullable(values.get("next")).filter(text -> !text.isEmpty());
    var prev = Optional.ofNullable(values.get("prev")).filter(text -> !text.isEmpty());
    if (next.isPresent() && prev.isPresent()) {
      throw Problem.of(400, "malformed", "next or prev, not both").refuse();
    }
    return new Page(
        limit(values.get("limit"), usual, most),
        ascending(values.getOrDefault("dir", "desc")),
        next.or(() -> prev).map(Cursor::read),
        prev.isPresent());
  }

  static int limit(@org.jspecify.annotations.Nullable String text) {
    return limit(text, USUAL, MOST);
  }

  private static int limit(@org.jspecify.annotations.Nullable String text, int usual, int most) {
    if (text == null) {
      return usual;
    }
    try {
      var limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    } catch (NumberFormatException notANumber) {
      // said below
    }
    throw Problem.of(400, "malformed", "limit: 1 to " + most + " was expected").refuse();
  }

  private static boolean ascending(String dir) {
    if (!List.of("asc", "desc").contains(dir)) {
      throw Problem.of(400, "malformed", "dir: asc or desc was expected").refuse();
    }
    return dir.equals("asc");
  }

  static Map<String, String> values(String query) {
    var values = new HashMap<String, String>();
    for (var pair : query.split("&", -1)) {
      var equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return values;
  }
}
