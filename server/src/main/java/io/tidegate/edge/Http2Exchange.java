package io.tidegate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// A call on a stream of HTTP/2, with as much of its reply as has come.
final class Http2Exchange {
  private static final int MOST_INTERIMS = 32;

  final OutboundCall call;
  final int id;
  private int status;
  private Headers headers = Headers.NONE;
  private @Nullable ReplyBody body;
  private int interims;

  Http2Exchange(OutboundCall call, int id) {
    this.call = call;
    this.id = id;
  }

  /// A head, or the fields behind a body, which are let go. What is wrong with it, or nothing.
  @Nullable String head(Http2Headers sent) {
    if (body != null) {
      return null;
    }
    int code = status(sent);
    if (code < 100 || code > 599 || code == 101) {
      return "the status of the reply is none";
    }
    call.heard();
    if (code < 200) {
      call.heardInterim();
      return ++interims > MOST_INTERIMS
          ? "more than " + MOST_INTERIMS + " interim replies came, and no final one"
          : null;
    }
    status = code;
    headers = headers(sent);
    body = new ReplyBody(call.limits.replyBytes(), announced(sent));
    return null;
  }

  private static int status(Http2Headers sent) {
    var text = sent.status();
    return text != null && text.toString().matches("[0-9]{3}")
        ? Integer.parseInt(text.toString())
        : 0;
  }

  private static Headers headers(Http2Headers sent) {
    var fields = new ArrayList<Headers.Field>(sent.size());
    for (var field : sent) {
      var name = FieldNames.lower(field.getKey());
      if (!name.startsWith(":") && !FieldNames.hopByHop(name)) {
        fields.add(new Headers.Field(name, FieldText.lenient(field.getValue().toString())));
      }
    }
    return Headers.of(fields);
  }

  private long announced(Http2Headers sent) {
    boolean bodiless = call.call.method().equals("HEAD") || status == 304;
    return bodiless ? -1 : sent.getLong("content-length", -1);
  }

  void data(ByteBuf data) {
    if (body != null) {
      body.add(data);
    }
  }

  boolean isCut() {
    return body != null && body.isCut();
  }

  long length() {
    return body == null ? 0 : body.length();
  }

  /// Null when there was no final head.
  @Nullable Reply reply() {
    return body == null ? null : new Reply(status, headers, body.bytes());
  }
}
