package io.tidegate.edge;

import io.tidegate.http.Problem;

/// `host:port`, as requests name the server they are meant for.
final class Authority {
  private Authority() {}

  static String of(String host, int port) {
    return (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
  }

  /// With the scheme's port when `sent` has none; refuses what is no authority.
  static String complete(String sent, String scheme) {
    int bracket = sent.lastIndexOf(']');
    int colon = sent.indexOf(':', Math.max(bracket, 0));
    var host = colon < 0 ? sent : sent.substring(0, colon);
    if (host.isEmpty() || !plain(host) || (colon >= 0 && !port(sent, colon + 1))) {
      throw Problem.of(400, "bad_host", "the host header is no host with an optional port")
          .refuse();
    }
    return colon >= 0 && colon < sent.length() - 1
        ? sent
        : host + (scheme.equals("https") ? ":443" : ":80");
  }

  private static boolean plain(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c <= ' ' || c >= 0x7f || "/?#@\\\"<>^`{|}".indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean port(String text, int from) {
    if (text.length() - from > 5) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
