package io.tidegate.edge;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;

/// A reply in an HTTP/2 stream that waits for the peer's flow control. The connection as a whole
/// may be lively, so each stream has its own end of patience.
final class SlowReader extends Watch.Entry {
  private static final int PATIENCE = 5;
  private static final long CANCEL = 8;

  private final Loop loop;
  private final HttpServerResponse out;
  private final long since;

  private SlowReader(Loop loop, HttpServerResponse out) {
    this.loop = loop;
    this.out = out;
    this.since = loop.now();
  }

  static void watch(Loop loop, HttpServerResponse out, Future<Void> written) {
    if (written.isComplete()) {
      return;
    }
    var reader = new SlowReader(loop, out);
    loop.watch.enter(reader);
    written.onComplete(_ -> loop.watch.leave(reader));
  }

  @Override
  void check(long now) {
    if (now - since > PATIENCE * loop.limits.waits().write().toNanos()) {
      loop.watch.leave(this);
      out.reset(CANCEL);
    }
  }
}
