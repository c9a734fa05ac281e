package io.tidegate.edge;

import io.tidegate.http.Headers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/// A reply through which bytes flow from elsewhere: holds the source back when the socket is full.
/// Only the loop's thread touches it.
final class ReplyPipe extends Watch.Entry {
  private static final long INTERNAL_ERROR = 2;

  private final Exchange exchange;
  private final Loop loop;
  private final HttpServerResponse out;
  private final Runnable pause;
  private final Runnable resume;

  private int status;
  private long sent;
  private long blockedSince;
  private boolean blocked;
  private boolean over;

  ReplyPipe(Exchange exchange, Runnable pause, Runnable resume) {
    this.exchange = exchange;
    this.loop = exchange.loop();
    this.out = exchange.out();
    this.pause = pause;
    this.resume = resume;
  }

  /// False when the request was answered already, or nobody is there any more.
  ///
  /// @param length of the body, or -1
  boolean start(int code, Headers headers, long length) {
    if (!exchange.startPipe(code, headers, length)) {
      over = true;
      return false;
    }
    status = code;
    return true;
  }

  void write(Buffer piece) {
    if (over || exchange.gone() || exchange.wantsNoBody()) {
      return;
    }
    sent += piece.length();
    var _ = out.write(piece);
    if (!blocked && out.writeQueueFull()) {
      blocked = true;
      blockedSince = loop.now();
      pause.run();
      out.drainHandler(_ -> drained());
      loop.watch.enter(this);
    }
  }

  private void drained() {
    if (blocked) {
      blocked = false;
      loop.watch.leave(this);
      resume.run();
    }
  }

  void end() {
    loop.watch.leave(this);
    if (!over && !exchange.gone()) {
      over = true;
      exchange.endPipe(status, sent);
    }
  }

  /// Breaks off, so that the caller sees that it is not all.
  void abort() {
    loop.watch.leave(this);
    if (!over && !exchange.gone()) {
      over = true;
      out.reset(INTERNAL_ERROR);
      exchange.dismiss(status, sent);
    }
  }

  @Override
  void check(long now) {
    if (exchange.gone() || now - blockedSince > loop.limits.waits().write().toNanos()) {
      abort();
    }
  }
}
