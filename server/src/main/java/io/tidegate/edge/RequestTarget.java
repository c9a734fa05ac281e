package io.tidegate.edge;

import io.tidegate.http.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The request target taken apart. Nothing is decoded; but what could not be decoded is refused.
///
/// @param authority of the absolute form (RFC 9112, 3.2.2), else an empty text
/// @param path begins with a slash, or is `*`
record RequestTarget(String authority, String path, String query) {

  static RequestTarget parse(String target) {
    if (!target.startsWith("/")) {
      return special(target);
    }
    return of("", target);
  }

  private static RequestTarget special(String target) {
    if (target.equals("*")) {
      return new RequestTarget("", "*", "");
    }
    int scheme = target.indexOf("://");
    if (scheme <= 0) {
      throw refusal("the request target must begin with a slash");
    }
    int authority = scheme + 3;
    int end = authority;
    while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    var rest = target.substring(end);
    return of(target.substring(authority, end), rest.startsWith("/") ? rest : "/" + rest);
  }

  private static RequestTarget of(String authority, String target) {
    boolean escapes = false;
    int query = -1;
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f) {
        throw refusal("the request target holds a byte that must be percent-encoded");
      }
      if (c == '#') {
        throw refusal("a request target has no fragment");
      }
      if (c == '?' && query < 0) {
        query = i;
      }
      escapes |= c == '%' && query < 0;
    }
    var path = query < 0 ? target : target.substring(0, query);
    if (escapes) {
      check(path);
    }
    return new RequestTarget(authority, path, query < 0 ? "" : target.substring(query + 1));
  }

  /// Refuses a path whose escapes are malformed, or stand for controls or for no UTF-8.
  private static void check(String path) {
    var bytes = new byte[path.length()];
    int count = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%') {
        int high = i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
        int low = i + 2 < path.length() ? Character.digit(path.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw refusal("the path holds a percent sign that is not followed by two hex digits");
        }
        c = (char) (high << 4 | low);
        if (c < ' ' || c == 0x7f) {
          throw refusal("the path holds an escaped control character");
        }
        i += 2;
      }
      bytes[count++] = (byte) c;
    }
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, count));
    } catch (CharacterCodingException malformed) {
      throw refusal("the path is not valid UTF-8");
    }
  }

  private static Problem.Refusal refusal(String detail) {
    return Problem.of(400, "bad_request_target", detail).refuse();
  }
}
