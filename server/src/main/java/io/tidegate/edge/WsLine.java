package io.tidegate.edge;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketFrame;
import java.util.concurrent.TimeUnit;

/// Carries frames from one WebSocket to another (or back to the same), as fast as the receiver
/// takes them, and closes both when one is closed. Whoever is silent is asked whether it is there.
///
/// Only the loop's thread touches it.
final class WsLine extends Watch.Entry {
  static final short GOING_AWAY = 1001;

  private static final short NORMAL = 1000;
  private static final short PROTOCOL_ERROR = 1002;
  private static final short NO_STATUS = 1005;
  private static final short ABNORMAL = 1006;
  private static final short BAD_GATEWAY = 1014;
  private static final long ASK_AFTER = TimeUnit.SECONDS.toNanos(30);
  private static final long GIVE_UP_AFTER = TimeUnit.SECONDS.toNanos(90);

  private final Loop loop;
  private final WebSocketBase from;
  private final WebSocketBase to;
  private final short whenLost;
  private long heard;
  private long asked;

  private WsLine(Loop loop, WebSocketBase from, WebSocketBase to, short whenLost) {
    this.loop = loop;
    this.from = from;
    this.to = to;
    this.whenLost = whenLost;
  }

  /// @param near the caller's
  /// @param far the same for an echo
  @SuppressWarnings("ReferenceEquality") // the same socket, not one like it
  static void between(Loop loop, WebSocket near, WebSocket far) {
    new WsLine(loop, near, far, GOING_AWAY).start();
    if (near != far) {
      new WsLine(loop, far, near, BAD_GATEWAY).start();
    }
  }

  private void start() {
    heard = loop.now();
    from.frameHandler(this::frame);
    from.pongHandler(_ -> heard = loop.now());
    from.exceptionHandler(this::broken);
    from.closeHandler(_ -> closed());
    loop.watch.enter(this);
    from.resume();
  }

  private void frame(WebSocketFrame frame) {
    heard = loop.now();
    if (!(frame.isText() || frame.isBinary() || frame.isContinuation()) || to.isClosed()) {
      return;
    }
    to.writeFrame(frame);
    if (to.writeQueueFull()) {
      from.pause();
      to.drainHandler(_ -> from.resume());
    }
  }

  private void broken(Throwable cause) {
    if (!from.isClosed()) {
      from.close(
          cause instanceof CorruptedWebSocketFrameException corrupt
              ? (short) corrupt.closeStatus().code()
              : PROTOCOL_ERROR);
    }
  }

  private void closed() {
    loop.watch.leave(this);
    if (to.isClosed()) {
      return;
    }
    var status = from.closeStatusCode();
    short code = status == null ? ABNORMAL : status;
    switch (code) {
      case ABNORMAL -> to.close(whenLost);
      case NO_STATUS -> to.close(NORMAL);
      default -> to.close(code, from.closeReason());
    }
  }

  @Override
  void check(long now) {
    if (from.isClosed()) {
      return;
    }
    if (now - heard > GIVE_UP_AFTER) {
      from.close(GOING_AWAY, "nothing was heard");
    } else if (now - heard > ASK_AFTER && now - asked > ASK_AFTER) {
      asked = now;
      from.writePing(Buffer.buffer());
    }
  }
}
