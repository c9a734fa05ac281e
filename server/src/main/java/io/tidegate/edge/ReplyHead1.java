package io.tidegate.edge;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.tidegate.http.Headers;
import java.util.ArrayList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The head of a reply in HTTP/1.1.
///
/// @param length that is announced, or -1
/// @param keepsAlive the connection can be used again, as far as the head says
/// @param keepAlive the seconds for which the server says it keeps it, or -1
record ReplyHead1(
    String version, int status, Headers headers, long length, boolean keepsAlive, int keepAlive) {
  private static final int MOST_INTERIMS = 32;

  static ReplyHead1 of(HttpResponse response) {
    var sent = response.headers();
    int status = response.status().code();
    var version = response.protocolVersion().text();
    var connection = sent.get("connection");
    boolean silent = status == 204 || status == 304;
    boolean odd =
        silent
            && status == 204
            && (sent.contains("content-length") || sent.contains("transfer-encoding"));
    return new ReplyHead1(
        version,
        status,
        headers(sent),
        length(sent),
        !odd && persistent(version, connection) && (silent || delimited(sent)),
        seconds(sent.get("keep-alive")));
  }

  private static Headers headers(HttpHeaders sent) {
    var fields = new ArrayList<Headers.Field>(sent.size());
    var all = sent.iteratorCharSequence();
    while (all.hasNext()) {
      var field = all.next();
      var name = FieldNames.lower(field.getKey());
      if (!FieldNames.hopByHop(name)) {
        fields.add(new Headers.Field(name, FieldText.lenient(field.getValue().toString())));
      }
    }
    return Headers.of(fields);
  }

  private static long length(HttpHeaders sent) {
    var value = sent.get("content-length");
    try {
      return value == null ? -1 : Long.parseLong(value.strip());
    } catch (NumberFormatException odd) {
      return -1; // the decoder has refused it
    }
  }

  /// Whether its end is known without the end of the connection. (A reply to HEAD is; but then the
  /// connection is closed for once.)
  private static boolean delimited(HttpHeaders sent) {
    return sent.contains("content-length") || sent.contains("transfer-encoding");
  }

  private static boolean persistent(String version, @Nullable String connection) {
    var options = connection == null ? "" : connection.toLowerCase(Locale.ROOT);
    return version.equals("HTTP/1.1") ? !options.contains("close") : options.contains("keep-alive");
  }

  private static int seconds(@Nullable String keepAlive) {
    int at = keepAlive == null ? -1 : keepAlive.toLowerCase(Locale.ROOT).indexOf("timeout=");
    if (keepAlive == null || at < 0) {
      return -1;
    }
    int end = at += 8;
    while (end < keepAlive.length() && end < at + 6 && Character.isDigit(keepAlive.charAt(end))) {
      end++;
    }
    return end == at ? -1 : Integer.parseInt(keepAlive.substring(at, end));
  }

  boolean isInterim() {
    return status < 200;
  }

  boolean hasBody(String method) {
    return !isInterim() && status != 204 && status != 304 && !method.equals("HEAD");
  }

  /// What makes it unusable, or nothing.
  @Nullable String fault(int interims) {
    if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
      return "the reply is in a version of HTTP that is not spoken here";
    }
    if (status < 100 || status > 599) {
      return "the status of the reply is none: " + status;
    }
    if (status == 101) {
      return "the server switches protocols though nobody has asked it to";
    }
    return isInterim() && interims >= MOST_INTERIMS
        ? "more than " + MOST_INTERIMS + " interim replies came, and no final one"
        : null;
  }
}
