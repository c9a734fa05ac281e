package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Responder;
import io.tidegate.http.Session;
import io.tidegate.http.Tenure;

/// The way back to a reader that comes again by itself. A browser that is told 503 never does: what
/// passes is told in an event stream, which ends at once.
record Returning(Responder responder, EventText text) implements Responder {
  private static final int UNAVAILABLE = 503;
  private static final long WAIT_MILLIS = 2_000;

  @Override
  public void reply(Reply reply) {
    if (reply.status() != UNAVAILABLE) {
      responder.reply(reply);
      return;
    }
    var headers = Headers.of("content-type", text.contentType(), "cache-control", "no-store");
    var words = text.comment("the topic cannot be read just now, come back with the last id");
    var out = responder.open(200, headers);
    out.write(Bytes.utf8(text.retry(WAIT_MILLIS) + words));
    out.end();
  }

  @Override
  public Outflow open(int status, Headers headers) {
    return responder.open(status, headers);
  }

  @Override
  public void onGone(Runnable action) {
    responder.onGone(action);
  }

  @Override
  public void onClosing(Runnable action) {
    responder.onClosing(action);
  }

  @Override
  public Tenure hold(Session session) {
    return responder.hold(session);
  }
}
