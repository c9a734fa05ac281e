package io.tidegate.edge;

import io.tidegate.http.Request;
import io.tidegate.plan.HttpService.Authorization;
import io.tidegate.plan.HttpService.CredentialsAt;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// Finds what a caller shows to prove who it is: in a cookie, else in a header, else in the query.
final class Credentials {
  private static final String PLACE = "{credentials}";
  private static final String BASIC = "Basic {username}:{password}";

  private final Authorization where;

  Credentials(Authorization where) {
    this.where = where;
  }

  Optional<String> of(Request request) {
    return where
        .cookie()
        .flatMap(at -> cookie(request, at))
        .or(() -> where.header().flatMap(at -> header(request, at)))
        .or(() -> where.query().flatMap(at -> query(request, at)));
  }

  /// The scheme that a caller without credentials is told to use.
  String challenge() {
    return where.header().map(CredentialsAt::pattern).filter(BASIC::equals).isPresent()
        ? "Basic realm=\"tidegate\", charset=\"UTF-8\""
        : "Bearer realm=\"tidegate\"";
  }

  private static Optional<String> header(Request request, CredentialsAt at) {
    for (var field : request.headers()) {
      if (field.name().equals(at.name())) {
        var found = match(at.pattern(), field.value());
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> cookie(Request request, CredentialsAt at) {
    for (var field : request.headers()) {
      if (field.name().equals("cookie")) {
        for (var pair : field.value().split(";", -1)) {
          int equals = pair.indexOf('=');
          if (equals > 0 && pair.substring(0, equals).strip().equals(at.name())) {
            return match(at.pattern(), pair.substring(equals + 1).strip());
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> query(Request request, CredentialsAt at) {
    return QueryText.first(request.query(), at.name()).flatMap(text -> match(at.pattern(), text));
  }

  private static Optional<String> match(String pattern, String text) {
    if (pattern.equals(BASIC)) {
      return basic(text);
    }
    int place = pattern.indexOf(PLACE);
    if (place < 0) {
      return Optional.empty();
    }
    var before = pattern.substring(0, place);
    var after = pattern.substring(place + PLACE.length());
    int end = text.length() - after.length();
    // schemes such as Bearer are written in any case (RFC 9110, 11.1)
    if (end <= before.length()
        || !text.regionMatches(true, 0, before, 0, before.length())
        || !text.endsWith(after)) {
      return Optional.empty();
    }
    var found = text.substring(before.length(), end).strip();
    return found.isEmpty() || found.chars().anyMatch(Character::isWhitespace)
        ? Optional.empty()
        : Optional.of(found);
  }

  private static Optional<String> basic(String text) {
    if (!text.toLowerCase(Locale.ROOT).startsWith("basic ")) {
      return Optional.empty();
    }
    try {
      var pair = Base64.getDecoder().decode(text.substring("basic ".length()).strip());
      return Optional.of(new String(pair, StandardCharsets.UTF_8))
          .filter(found -> found.indexOf(':') >= 0);
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
