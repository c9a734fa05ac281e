package io.tidegate.edge;

import io.netty.util.AsciiString;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/// Puts status and header fields of a reply onto the wire, without those that are the connection's
/// business.
final class ReplyHead {
  static final CharSequence REQUEST_ID = AsciiString.cached("x-request-id");

  private ReplyHead() {}

  static void write(
      HttpServerResponse out, int status, Headers headers, OriginPolicy.@Nullable Grant grant) {
    if (status < 200 || status > 999) {
      throw new IllegalArgumentException("no status of a final reply: " + status);
    }
    if (status != 200) {
      out.setStatusCode(status);
    }
    var to = out.headers();
    for (var field : headers) {
      var name = field.name();
      var common = FieldNames.common(name);
      if (common != null) {
        to.add(common, FieldText.sent(field.value()));
      } else if (passes(name)) {
        to.add(name, FieldText.sent(field.value()));
      }
    }
    if (grant != null) {
      for (var field : grant.fields(headers)) {
        to.add(field.name(), field.value());
      }
    }
  }

  private static boolean passes(String name) {
    return !name.startsWith(":") && !name.equals("content-length") && !FieldNames.hopByHop(name);
  }

  /// `content-length` of a whole reply. A HEAD's, and a 304's, is what a GET would have had.
  static void length(HttpServerResponse out, Reply reply, boolean head) {
    int status = reply.status();
    if (status == 204) {
      return;
    }
    if (status == 304 || (head && reply.body().isEmpty())) {
      var known = reply.headers().first("content-length");
      if (known.isPresent()) {
        out.headers().set(HttpHeaders.CONTENT_LENGTH, known.get());
        return;
      }
    }
    if (status != 304) {
      out.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(reply.body().size()));
    }
  }
}
