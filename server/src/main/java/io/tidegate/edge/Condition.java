package io.tidegate.edge;

import io.tidegate.http.Request;
import io.tidegate.plan.HttpService.HeaderMatch;
import io.tidegate.plan.HttpService.HeaderPattern;
import io.tidegate.plan.Pattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The `when` of a route: any of its items, and all patterns of the item.
final class Condition {
  private final List<HeaderMatch> any;

  Condition(List<HeaderMatch> any) {
    this.any = any;
  }

  /// The named groups of the first item that matches.
  Optional<Map<String, String>> match(Request request) {
    if (any.isEmpty()) {
      return Optional.of(Map.of());
    }
    for (var item : any) {
      var groups = match(request, item.headers());
      if (groups.isPresent()) {
        return groups;
      }
    }
    return Optional.empty();
  }

  private static Optional<Map<String, String>> match(Request request, List<HeaderPattern> all) {
    Map<String, String> groups = Map.of();
    for (var pattern : all) {
      var found = match(request, pattern);
      if (found.isEmpty()) {
        return found;
      }
      if (groups.isEmpty()) {
        groups = found.get();
      } else if (!found.get().isEmpty()) {
        groups = new LinkedHashMap<>(groups);
        groups.putAll(found.get());
      }
    }
    return Optional.of(groups);
  }

  private static Optional<Map<String, String>> match(Request request, HeaderPattern header) {
    var pattern = header.pattern();
    return switch (header.name()) {
      // the query is no part of the path, unless the pattern asks for one
      case ":path" ->
          pattern.match(pattern.toString().indexOf('?') >= 0 ? request.target() : request.path());
      case ":method" -> pattern.match(request.method());
      case ":scheme" -> pattern.match(request.scheme());
      case ":authority" -> authority(request, pattern);
      default -> field(request, header.name(), pattern);
    };
  }

  /// The port is always there; a pattern without one means the scheme's own.
  private static Optional<Map<String, String>> authority(Request request, Pattern pattern) {
    var authority = request.authority();
    var own = request.scheme().equals("https") ? ":443" : ":80";
    return pattern
        .match(authority)
        .or(() ->
            authority.endsWith(own)
                ? pattern.match(authority.substring(0, authority.length() - own.length()))
                : Optional.empty());
  }

  private static Optional<Map<String, String>> field(
      Request request, String name, Pattern pattern) {
    for (var field : request.headers()) {
      if (field.name().equals(name)) {
        var groups = pattern.match(field.value());
        if (groups.isPresent()) {
          return groups;
        }
      }
    }
    return Optional.empty();
  }
}
