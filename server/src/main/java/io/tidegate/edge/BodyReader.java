package io.tidegate.edge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Problem;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.internal.buffer.BufferInternal;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads one request's body: whole and within a limit, or piece by piece, or only to be rid of it.
/// A body that stops coming ends the request.
final class BodyReader extends Watch.Entry {
  private static final int FIRST = 64 << 10;

  private final Exchange exchange;
  private final HttpServerRequest wire;
  private final Loop loop;
  private final long declared;

  private Handler<Buffer> taker = _ -> {};
  private Runnable atEnd = () -> {};
  private UnaryOperator<Problem> atLimit = UnaryOperator.identity();
  private long received;
  private long progress;
  private boolean paused;
  private boolean complete;
  private boolean broken;
  private boolean discarding;

  private long limit;
  private @Nullable Buffer only;
  private byte[] content = Bytes.EMPTY.array();

  /// @param declared `content-length`, or -1
  BodyReader(Exchange exchange, HttpServerRequest wire, long declared) {
    this.exchange = exchange;
    this.wire = wire;
    this.loop = exchange.loop();
    this.declared = declared;
  }

  /// Gives the whole body to `whole`, or refuses the request.
  void collect(long most, Consumer<Bytes> whole) {
    collect(most, whole, UnaryOperator.identity());
  }

  /// @param tooLarge makes what is said of a body beyond the limit
  void collect(long most, Consumer<Bytes> whole, UnaryOperator<Problem> tooLarge) {
    limit = most;
    atLimit = tooLarge;
    start(this::append, () -> whole.accept(whole()));
  }

  /// Gives each piece to `piece`; `pause` and `resume` hold back the sender.
  void stream(Handler<Buffer> piece, Runnable end) {
    start(piece, end);
  }

  private void start(Handler<Buffer> piece, Runnable end) {
    taker = piece;
    atEnd = end;
    progress = loop.now();
    loop.watch.enter(this);
    wire.handler(this::piece);
    wire.exceptionHandler(this::broken);
    wire.endHandler(_ -> end());
  }

  void pause() {
    if (!paused && !complete) {
      paused = true;
      wire.pause();
    }
  }

  void resume() {
    if (paused && !complete) {
      paused = false;
      progress = loop.now();
      wire.resume();
    }
  }

  /// Lets go of what is still to come; `exchange` hears of the end.
  void discard() {
    content = Bytes.EMPTY.array();
    only = null;
    if (discarding) {
      return;
    }
    discarding = true;
    boolean started = watched();
    taker = _ -> {};
    atEnd = exchange::inputEnded;
    if (started) {
      resume();
    } else {
      start(taker, atEnd);
    }
  }

  boolean complete() {
    return complete;
  }

  long received() {
    return received;
  }

  /// What is still to come, as far as the sender has said.
  long left() {
    return complete ? 0 : declared < 0 ? Long.MAX_VALUE : declared - received;
  }

  private void piece(Buffer piece) {
    received += piece.length();
    progress = loop.now();
    taker.handle(piece);
  }

  private void append(Buffer piece) {
    if (received > limit) {
      exchange.refuse(atLimit.apply(tooLarge(limit)));
    } else if (!exchange.hold(piece.length())) {
      exchange.refuse(busy());
    } else if (received == piece.length()) {
      only = piece;
    } else {
      join(piece);
    }
  }

  private void join(Buffer piece) {
    int before = (int) (received - piece.length());
    if (only != null) {
      content = Arrays.copyOf(only.getBytes(), roomFor(received));
      only = null;
    } else if (content.length < received) {
      content = Arrays.copyOf(content, roomFor(received));
    }
    piece.getBytes(content, before);
  }

  /// Grows as bytes come, not as they are announced.
  private int roomFor(long size) {
    long room = Math.max(FIRST, size * 2);
    return (int) Math.min(room, declared >= size ? declared : Math.max(limit, size));
  }

  private Bytes whole() {
    var piece = only;
    if (piece != null) {
      only = null;
      var bytes = ((BufferInternal) piece).getByteBuf();
      return bytes.hasArray()
              && bytes.arrayOffset() == 0
              && bytes.readerIndex() == 0
              && bytes.array().length == bytes.readableBytes()
          ? Bytes.wrap(bytes.array()) // the decoder made it for us alone
          : Bytes.wrap(piece.getBytes());
    }
    var bytes = content.length == received ? content : Arrays.copyOf(content, (int) received);
    content = Bytes.EMPTY.array();
    return Bytes.wrap(bytes);
  }

  private void end() {
    complete = true;
    loop.watch.leave(this);
    atEnd.run();
  }

  private void broken(Throwable cause) {
    loop.watch.leave(this);
    if (!broken) {
      broken = true;
      if (!(cause instanceof HttpClosedException || cause instanceof StreamResetException)) {
        exchange.refuse(Problem.of(400, "bad_body", "the body is not framed as HTTP demands"));
      }
    }
  }

  @Override
  void check(long now) {
    if (!paused && now - progress > loop.limits.waits().body().toNanos()) {
      loop.watch.leave(this);
      exchange.stalled();
    }
  }

  static Problem tooLarge(long limit) {
    return Problem.of(413, "body_too_large", "the body may have " + limit + " bytes at most");
  }

  static Problem busy() {
    return Problem.of(503, "busy", "too much is being worked on; try again")
        .retryAfter(Duration.ofSeconds(1));
  }
}
