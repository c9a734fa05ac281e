package io.tidegate.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/// A path or header pattern of the configuration: `*` is any run of characters, `{name}` one or
/// more of any characters, `/` included, kept under that name. The whole text must match.
///
/// Any thread. Patterns whose only wildcard is at the end, and those without any, are matched
/// without a regular expression, since they are nearly all there are.
public final class Pattern {
  private final String source;
  private final List<String> names;
  private final String prefix;
  private final Tail tail;
  private final java.util.regex.Pattern regex;

  private enum Tail {
    NOTHING,
    ANY,
    GROUP,
    REGEX
  }

  private Pattern(
      String source, List<String> names, String prefix, Tail tail, java.util.regex.Pattern regex) {
    this.source = source;
    this.names = names;
    this.prefix = prefix;
    this.tail = tail;
    this.regex = regex;
  }

  /// Compiles a pattern. Braces that hold no name are literal.
  public static Pattern of(String source) {
    var wildcard = java.util.regex.Pattern.compile("\\*|\\{([A-Za-z_][A-Za-z_0-9]*)}");
    var found = wildcard.matcher(source);
    var names = new ArrayList<String>();
    var regex = new StringBuilder();
    int from = 0;
    int count = 0;
    var prefix = source;
    var tail = Tail.NOTHING;
    while (found.find()) {
      regex.append(java.util.regex.Pattern.quote(source.substring(from, found.start())));
      var name = found.group(1);
      regex.append(name == null ? ".*" : "(.+)");
      if (name != null) {
        names.add(name);
      }
      if (count++ == 0) {
        prefix = source.substring(0, found.start());
        tail = found.end() < source.length() ? Tail.REGEX : name == null ? Tail.ANY : Tail.GROUP;
      } else {
        tail = Tail.REGEX;
      }
      from = found.end();
    }
    regex.append(java.util.regex.Pattern.quote(source.substring(from)));
    return new Pattern(
        source,
        List.copyOf(names),
        prefix,
        tail,
        java.util.regex.Pattern.compile(regex.toString(), java.util.regex.Pattern.DOTALL));
  }

  /// The named groups of `text`, or nothing when it does not match.
  public Optional<Map<String, String>> match(String text) {
    if (!text.startsWith(prefix)) {
      return Optional.empty();
    }
    return switch (tail) {
      case NOTHING -> text.length() == prefix.length() ? Optional.of(Map.of()) : Optional.empty();
      case ANY -> Optional.of(Map.of());
      case GROUP ->
          text.length() > prefix.length()
              ? Optional.of(Map.of(names.getFirst(), text.substring(prefix.length())))
              : Optional.empty();
      case REGEX -> groups(regex.matcher(text));
    };
  }

  private Optional<Map<String, String>> groups(Matcher matcher) {
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var groups = new LinkedHashMap<String, String>();
    for (int i = 0; i < names.size(); i++) {
      groups.put(names.get(i), matcher.group(i + 1));
    }
    return Optional.of(Collections.unmodifiableMap(groups));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pattern that && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  /// The pattern as configured.
  @Override
  public String toString() {
    return source;
  }
}
