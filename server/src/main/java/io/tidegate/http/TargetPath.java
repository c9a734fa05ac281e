package io.tidegate.http;

import io.tidegate.http.TargetUrl.Unfit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.regex.Pattern;

/// The path and query of a URL, in normal form.
final class TargetPath {
  private static final Pattern DOTS = Pattern.compile("/(?:\\.|%2[eE]){1,2}(?:/|$)");
  private static final String TO_BE_ESCAPED = "\"<>^`{|}";
  private static final String HEX = "0123456789ABCDEF";
  private static final int DELETE = 0x7f;

  private TargetPath() {}

  static String of(String text) {
    var full = text.isEmpty() || text.charAt(0) == '?' ? "/" + text : text;
    if (full.charAt(0) != '/') {
      throw new Unfit("its path does not begin with a slash");
    }
    var escaped = escaped(full);
    int query = escaped.indexOf('?');
    return query < 0
        ? withoutDots(escaped)
        : withoutDots(escaped.substring(0, query)) + escaped.substring(query);
  }

  private static String escaped(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int size = Character.charCount(c);
      boolean plain = check(text, i, c);
      if (!plain && out == null) {
        out = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (out != null) {
        if (plain) {
          out.appendCodePoint(c);
        } else {
          escape(text.substring(i, i + size), out);
        }
      }
      i += size;
    }
    return out == null ? text : out.toString();
  }

  /// True when the character may stand as it is, false when it needs an escape.
  private static boolean check(String text, int at, int c) {
    if (c == '#') {
      throw new Unfit("it has a fragment");
    }
    if (c == '\\') {
      throw new Unfit("it holds a backslash");
    }
    if (c <= ' ' || (c >= DELETE && c < 0xa0)) {
      throw new Unfit(c == ' ' ? "it holds a space" : "it holds a control character");
    }
    if ((c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) || c == 0xfffd) {
      throw new Unfit("it is not UTF-8");
    }
    if (c == '%' && !(isHex(text, at + 1) && isHex(text, at + 2))) {
      throw new Unfit("a percent sign in it is not followed by two hex digits");
    }
    return c < DELETE && TO_BE_ESCAPED.indexOf(c) < 0;
  }

  private static boolean isHex(String text, int at) {
    return at < text.length() && Character.digit(text.charAt(at), 16) >= 0 && text.charAt(at) < 128;
  }

  private static void escape(String character, StringBuilder out) {
    for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
      out.append('%').append(HEX.charAt((b >> 4) & 15)).append(HEX.charAt(b & 15));
    }
  }

  private static String withoutDots(String path) {
    if (!DOTS.matcher(path).find()) {
      return path;
    }
    var kept = new ArrayDeque<String>();
    var segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      var plain = segments[i].toLowerCase(Locale.ROOT).replace("%2e", ".");
      var isDots = plain.equals(".") || plain.equals("..");
      if (plain.equals("..")) {
        kept.pollLast();
      }
      if (!isDots) {
        kept.add(segments[i]);
      } else if (i == segments.length - 1) {
        kept.add("");
      }
    }
    return "/" + String.join("/", kept);
  }
}
