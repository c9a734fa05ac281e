package io.tidegate.delivery;

import java.util.Locale;
import java.util.regex.Pattern;

/// A pattern of URLs: `https://*.shop.example/in/*`. A `*` is any run of characters, but in host
/// and port it ends where they end, so that no other host can put the pattern's name into its path.
/// It is held against URLs in normal form; without a path it is any path.
///
/// Immutable; any thread.
final class UrlPattern {
  private static final String ANYTHING = "*";
  private static final int LONGEST = 1024;

  private final String source;
  private final String origin;
  private final Pattern regex;

  private UrlPattern(String source, String origin, Pattern regex) {
    this.source = source;
    this.origin = origin;
    this.regex = regex;
  }

  /// True for texts that look like patterns of URLs, and not of any keys.
  static boolean looksLikeOne(String text) {
    return text.equals(ANYTHING) || text.contains("://");
  }

  /// @throws IllegalArgumentException when it is not a pattern of URLs
  static UrlPattern of(String source) {
    if (source.equals(ANYTHING)) {
      return new UrlPattern(source, "", Pattern.compile(".*", Pattern.DOTALL));
    }
    int scheme = source.indexOf("://");
    var begin = source.substring(0, Math.max(scheme, 0)).toLowerCase(Locale.ROOT);
    boolean known = begin.equals("https") || begin.equals("http") || begin.equals(ANYTHING);
    if (!known || source.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a pattern of URLs was expected, as https://hooks.shop.example/*");
    }
    int slash = source.indexOf('/', scheme + 3);
    int end = slash < 0 ? source.length() : slash;
    var authority = authority(begin, source.substring(scheme + 3, end).toLowerCase(Locale.ROOT));
    if (authority.isEmpty() || authority.matches(".*[@?#\\\\\\s].*")) {
      throw new IllegalArgumentException("host and port are expected behind " + begin + "://");
    }
    var path = slash < 0 ? "/*" : source.substring(slash);
    var regex =
        (begin.equals(ANYTHING) ? "https?" : begin)
            + "://"
            + glob(authority, "[^/]*")
            + glob(path, ".*");
    var origin = begin + "://" + authority;
    return new UrlPattern(
        source, origin.contains(ANYTHING) ? "" : origin, Pattern.compile(regex, Pattern.DOTALL));
  }

  /// As URLs in normal form have it.
  private static String authority(String scheme, String given) {
    var implied = scheme.equals("https") ? ":443" : scheme.equals("http") ? ":80" : " ";
    return given.endsWith(implied) ? given.substring(0, given.length() - implied.length()) : given;
  }

  private static String glob(String text, String star) {
    var out = new StringBuilder();
    var parts = text.split("\\*", -1);
    for (int i = 0; i < parts.length; i++) {
      out.append(i == 0 ? "" : star).append(Pattern.quote(parts[i]));
    }
    return out.toString();
  }

  boolean matches(String url) {
    return regex.matcher(url).matches();
  }

  /// Scheme, host and port of all URLs that match; empty when they may differ.
  String origin() {
    return origin;
  }

  /// Scheme, host and port of a URL in normal form.
  static String origin(String url) {
    int slash = url.indexOf('/', url.indexOf("://") + 3);
    return slash < 0 ? url : url.substring(0, slash);
  }

  /// How much of it is said: of two that match, the one that says more is meant.
  int weight() {
    return (int) source.chars().filter(c -> c != '*').count();
  }

  @Override
  public String toString() {
    return source;
  }
}
