package io.tidegate.bridge;

import io.tidegate.http.Headers;
import io.tidegate.log.Stored;
import io.tidegate.view.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a caller has already (`if-none-match`). Tags are understood bare, quoted, weak, in a list,
/// and so is `*`; a tag that is not one of ours says nothing, as if it were not there.
///
/// @param any `*`: whatever there is
/// @param tags in the order given
record Condition(boolean any, List<Tag> tags) {
  static final Condition NONE = new Condition(false, List.of());

  /// Within one bare tag; what comes after that many is taken for part of it.
  private static final int MOST_COMMAS = 100;

  /// In all tags together: a stranger's few characters can stand for thousands each. What comes
  /// after that many is not looked at.
  private static final int MOST_OFFSETS = 8_192;

  Condition {
    tags = List.copyOf(tags);
  }

  /// The same without tags of partitions that the topic does not have: they are of another, and
  /// need not be kept. What is not known of the topic yet leaves all as it is.
  Condition within(Progress applied) {
    var known = applied.offsets().keySet();
    return known.isEmpty() || tags.isEmpty()
        ? this
        : new Condition(
            any,
            tags.stream()
                .filter(tag -> known.containsAll(tag.progress.offsets().keySet()))
                .toList());
  }

  /// @param text without quotes, as our replies carry it
  record Tag(String text, Progress progress) {
    boolean covers(Stored stored) {
      return stored.offset() < progress.at(stored.partition(), 0);
    }
  }

  static Condition of(Headers headers) {
    var said = headers.joined("if-none-match");
    if (said.isEmpty()) {
      return NONE;
    }
    var value = said.get().strip();
    return value.equals("*") ? new Condition(true, List.of()) : new Condition(false, parse(value));
  }

  boolean isAbsent() {
    return !any && tags.isEmpty();
  }

  /// The tag that shows that the caller has this record, or a newer one.
  Optional<Tag> covering(Stored stored) {
    for (var tag : tags) {
      if (tag.covers(stored)) {
        return Optional.of(tag);
      }
    }
    return Optional.empty();
  }

  /// The tag that says exactly this.
  Optional<Tag> equalTo(Progress progress) {
    for (var tag : tags) {
      if (tag.progress.equals(progress)) {
        return Optional.of(tag);
      }
    }
    return Optional.empty();
  }

  /// A comma ends a bare tag only where another of our tags begins: what follows the slash of a tag
  /// is any text.
  private static List<Tag> parse(String value) {
    var tags = new ArrayList<Tag>();
    int at = 0;
    while (at < value.length() && offsets(tags) < MOST_OFFSETS) {
      if (value.charAt(at) == ',' || Character.isWhitespace(value.charAt(at))) {
        at++;
        continue;
      }
      var open = value.startsWith("W/\"", at) ? at + 3 : value.charAt(at) == '"' ? at + 1 : -1;
      if (open >= 0) {
        var close = value.indexOf('"', open);
        var end = close < 0 ? value.length() : close;
        tag(value.substring(open, end)).ifPresent(tags::add);
        at = end + 1;
      } else {
        var end = endOfBare(value, at);
        tag(value.substring(at, end).strip()).ifPresent(tags::add);
        at = end;
      }
    }
    return tags;
  }

  private static int offsets(List<Tag> tags) {
    return tags.stream().mapToInt(tag -> tag.progress.offsets().size()).sum();
  }

  private static int endOfBare(String value, int from) {
    var comma = value.indexOf(',', from);
    for (int i = 0; i < MOST_COMMAS && comma >= 0; i++) {
      if (beginsTag(value, comma + 1)) {
        return comma;
      }
      comma = value.indexOf(',', comma + 1);
    }
    return value.length();
  }

  private static boolean beginsTag(String value, int from) {
    int at = from;
    while (at < value.length() && Character.isWhitespace(value.charAt(at))) {
      at++;
    }
    if (at == value.length() || value.startsWith("\"", at) || value.startsWith("W/\"", at)) {
      return true;
    }
    var next = value.indexOf(',', at);
    return tag(value.substring(at, next < 0 ? value.length() : next).strip()).isPresent();
  }

  private static Optional<Tag> tag(String text) {
    var slash = text.indexOf('/');
    return ProgressTag.decode(slash < 0 ? text : text.substring(0, slash))
        .map(progress -> new Tag(text, progress));
  }
}
