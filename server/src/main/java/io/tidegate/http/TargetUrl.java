package io.tidegate.http;

import java.util.Locale;

/// Reads URLs that strangers wrote, strictly: what two programs could read in two ways is refused.
/// What comes out is in normal form, so that one target has one text.
///
/// | of the URL | becomes |
/// |---|---|
/// | scheme and host | lower case; a name in other letters than ASCII its `xn--` form |
/// | an IPv4 address in octal, hex or fewer parts | four decimal numbers |
/// | an IPv6 address | its shortest form; one that stands for IPv4 four decimal numbers |
/// | the scheme's own port, a dot at the end of the host | nothing |
/// | `.` and `..` in the path, escaped too | the path without them |
/// | characters that need escapes, and those outside of ASCII | escapes |
///
/// Refused are credentials, fragments, spaces, backslashes, control characters, half escapes, ports
/// out of range, addresses with a zone, and names that look like others.
public final class TargetUrl {
  /// More characters are refused.
  public static final int LONGEST = 8192;

  private static final int LAST_PORT = 65535;

  private TargetUrl() {}

  /// @throws Unfit when it is not an absolute http or https URL, or not a clear one
  public static Call.Target parse(String url) {
    if (url.length() > LONGEST) {
      throw tooLong();
    }
    int scheme = url.indexOf("://");
    if (scheme < 0) {
      throw new Unfit("it does not begin with http:// or https://");
    }
    int end = endOfAuthority(url, scheme + 3);
    return of(url.substring(0, scheme), url.substring(scheme + 3, end), url.substring(end));
  }

  /// The same of its parts.
  ///
  /// @param authority host, and port if it is not the scheme's own
  /// @param path with the query; empty for the root
  /// @throws Unfit as `parse` does
  public static Call.Target of(String scheme, String authority, String path) {
    var lower = scheme.toLowerCase(Locale.ROOT);
    if (!lower.equals("http") && !lower.equals("https")) {
      throw new Unfit("its scheme is neither http nor https");
    }
    if (authority.length() + path.length() > LONGEST) {
      throw tooLong();
    }
    if (authority.indexOf('@') >= 0) {
      throw new Unfit("it holds credentials; they belong into a guard");
    }
    if (endOfAuthority(authority, 0) < authority.length()) {
      throw new Unfit("its authority holds more than host and port");
    }
    int bracket = authority.startsWith("[") ? authority.indexOf(']') : 0;
    if (bracket < 0) {
      throw new Unfit("its address has no closing bracket");
    }
    int colon = authority.indexOf(':', bracket);
    int end = colon < 0 ? authority.length() : colon;
    var host =
        bracket > 0
            ? HostText.address(authority.substring(1, bracket), end - bracket - 1)
            : HostText.name(authority.substring(0, end));
    int port = colon < 0 ? 0 : port(authority.substring(colon + 1));
    int wanted = port > 0 ? port : lower.equals("https") ? 443 : 80;
    var normal = TargetPath.of(path);
    if (normal.length() > LONGEST) {
      throw tooLong();
    }
    return new Call.Target(lower, host, wanted, normal);
  }

  private static int endOfAuthority(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '/', '?', '#' -> {
          return i;
        }
        case '\\' -> throw new Unfit("it holds a backslash");
        default -> {
          // goes on
        }
      }
    }
    return text.length();
  }

  private static int port(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    int port = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || port > LAST_PORT) {
        throw new Unfit("its port is not a number from 1 to 65535");
      }
      port = port * 10 + digit;
    }
    if (port < 1 || port > LAST_PORT) {
      throw new Unfit("its port is not a number from 1 to 65535");
    }
    return port;
  }

  private static Unfit tooLong() {
    return new Unfit("it is longer than " + LONGEST + " characters");
  }

  /// It is not such a URL.
  public static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unfit(String why) {
      super(why, null, false, false);
    }

    /// Why, as a sentence about `it`, without any part of the URL.
    public String why() {
      return java.util.Objects.requireNonNull(getMessage());
    }
  }
}
