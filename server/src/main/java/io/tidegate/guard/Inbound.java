package io.tidegate.guard;

import io.tidegate.base.Bytes;
import io.tidegate.http.Request;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A request under examination.
///
/// @param url as the sender knows it, without a port that its scheme implies
record Inbound(Request request, String url, Instant now) {
  Inbound {
    url = withoutImpliedPort(url);
  }

  List<String> values(String header) {
    var values = new ArrayList<String>(1);
    for (var field : request.headers()) {
      if (field.name().equals(header)) {
        values.add(field.value());
      }
    }
    return values;
  }

  /// The value of a header that is there exactly once. What is signed must not be ambiguous.
  Optional<String> single(String header) {
    var values = values(header);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  /// The bytes of a header value as they were on the wire: listeners read headers as Latin-1.
  static Bytes wire(String headerValue) {
    return Bytes.wrap(headerValue.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// The same URL with the port that its scheme implies written out.
  static String withImpliedPort(String url) {
    var end = endOfAuthority(url);
    if (end < 0 || hasPort(url, end)) {
      return url;
    }
    return url.substring(0, end) + (isHttps(url) ? ":443" : ":80") + url.substring(end);
  }

  private static String withoutImpliedPort(String url) {
    var end = endOfAuthority(url);
    var port = isHttps(url) ? ":443" : ":80";
    if (end < 0 || !url.startsWith(port, end - port.length())) {
      return url;
    }
    return url.substring(0, end - port.length()) + url.substring(end);
  }

  private static boolean isHttps(String url) {
    return url.regionMatches(true, 0, "https:", 0, 6);
  }

  private static int endOfAuthority(String url) {
    var scheme = url.indexOf("://");
    if (scheme < 0 || !url.substring(0, scheme).toLowerCase(Locale.ROOT).startsWith("http")) {
      return -1;
    }
    for (int i = scheme + 3; i < url.length(); i++) {
      var c = url.charAt(i);
      if (c == '/' || c == '?' || c == '#') {
        return i;
      }
    }
    return url.length();
  }

  private static boolean hasPort(String url, int end) {
    var colon = url.lastIndexOf(':', end - 1);
    return colon > url.indexOf("://") && colon > url.lastIndexOf(']', end - 1);
  }
}
