package io.tidegate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.tidegate.http.Client.Failure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection that speaks HTTP/2: as many calls at a time as the server allows.
///
///     opening --SETTINGS--> open --GOAWAY, age, silence--> retiring --last stream--> closed
final class Http2Line extends Http2EventAdapter implements OutboundLine {
  private static final int MOST_STREAMS = 100;

  private final Channel channel;
  private final OutboundPool pool;
  private final String address;
  private final Http2ClientHandler handler;
  private final Map<Integer, Http2Exchange> streams = new HashMap<>();
  private final OutboundLoop.IdleLine idle;
  private final long opened = System.nanoTime();
  private @Nullable Consumer<OutboundLine> ready;
  private @Nullable Consumer<Throwable> failed;
  private boolean flushing;
  private boolean retiring;
  private boolean gone;
  private long lastRead = opened;

  private Http2Line(Channel channel, OutboundPool pool, String address) {
    this.channel = channel;
    this.pool = pool;
    this.address = address;
    this.idle = new OutboundLoop.IdleLine(this, pool.loop.way.pooling());
    this.handler = Http2ClientHandler.with(this);
    handler.connection().addListener(new Closings());
  }

  /// @param ready when the server has said what it allows
  /// @param failed when it does not
  static void on(
      Channel channel,
      OutboundPool pool,
      String address,
      Consumer<OutboundLine> ready,
      Consumer<Throwable> failed) {
    var line = new Http2Line(channel, pool, address);
    line.ready = ready;
    line.failed = failed;
    channel.pipeline().addLast(line.handler);
    channel.closeFuture().addListener(_ -> line.closed());
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public boolean hasRoom() {
    int most = Math.min(MOST_STREAMS, connection().local().maxActiveStreams());
    return !gone && !retiring && channel.isActive() && streams.size() < most;
  }

  private Http2Connection connection() {
    return handler.connection();
  }

  @Override
  public boolean send(OutboundCall call) {
    if (System.nanoTime() - opened > pool.loop.way.pooling().oldestNanos()) {
      retire();
    }
    int id = hasRoom() ? connection().local().incrementAndGetNextStreamId() : -1;
    if (id < 0) {
      retire();
      return false;
    }
    pool.loop.idle.leave(idle);
    var exchange = new Http2Exchange(call, id);
    streams.put(id, exchange);
    call.rides(this);
    write(exchange, handler.context());
    flushSoon();
    return true;
  }

  private void write(Http2Exchange exchange, ChannelHandlerContext context) {
    var call = exchange.call.call;
    boolean empty = call.body().isEmpty();
    var sent = context.newPromise();
    sent.addListener(_ -> {
      if (sent.isSuccess()) {
        exchange.call.sent();
      } else if (streams.remove(exchange.id, exchange)) {
        exchange.call.broken(Failure.RESET, "the request could not be sent");
      }
    });
    var head = head(exchange);
    if (empty) {
      var _ = handler.encoder().writeHeaders(context, exchange.id, head, 0, true, sent);
    } else {
      var _ =
          handler
              .encoder()
              .writeHeaders(context, exchange.id, head, 0, false, context.newPromise());
      var content = Unpooled.wrappedBuffer(call.body().array());
      var _ = handler.encoder().writeData(context, exchange.id, content, 0, true, sent);
    }
  }

  private static Http2Headers head(Http2Exchange exchange) {
    var call = exchange.call.call;
    var head = new DefaultHttp2Headers(false, call.headers().size() + 8);
    head.method(call.method());
    head.scheme(call.target().scheme());
    head.authority(RequestText.host(call));
    head.path(call.target().path());
    for (var field : call.headers().fields()) {
      if (!RequestText.isOurs(field.name())) {
        head.add(field.name(), FieldText.sent(field.value()));
      }
    }
    if (!head.contains("user-agent")) {
      head.add("user-agent", RequestText.USER_AGENT);
    }
    if (RequestText.saysLength(call)) {
      head.add("content-length", Integer.toString(call.body().size()));
    }
    return head;
  }

  /// Once for all that is sent in one go.
  private void flushSoon() {
    if (!flushing) {
      flushing = true;
      channel
          .eventLoop()
          .execute(() -> {
            flushing = false;
            handler.flush(handler.context());
          });
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
    lastRead = System.nanoTime();
    var waiting = ready;
    if (waiting == null) {
      pool.released(this);
    } else {
      ready = null;
      failed = null;
      waiting.accept(this);
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean end) {
    onHeadersRead(context, id, headers, padding, end);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean end) {
    lastRead = System.nanoTime();
    var exchange = streams.get(id);
    if (exchange != null) {
      var odd = exchange.head(headers);
      if (odd != null) {
        broke(exchange, Failure.PROTOCOL, odd);
        reset(id, Http2Error.PROTOCOL_ERROR);
      } else if (exchange.isCut()) {
        cut(exchange);
      } else if (end) {
        finish(exchange);
      }
    }
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean end) {
    lastRead = System.nanoTime();
    int consumed = data.readableBytes() + padding;
    var exchange = streams.get(id);
    if (exchange != null) {
      exchange.data(data);
      if (exchange.isCut()) {
        cut(exchange);
      } else if (end) {
        finish(exchange);
      }
    }
    return consumed;
  }

  private void finish(Http2Exchange exchange) {
    streams.remove(exchange.id);
    if (isSending(connection().stream(exchange.id))) {
      reset(exchange.id, Http2Error.NO_ERROR);
    }
    reply(exchange);
  }

  private static boolean isSending(@Nullable Http2Stream stream) {
    return stream != null && stream.state().localSideOpen();
  }

  private void cut(Http2Exchange exchange) {
    streams.remove(exchange.id);
    reset(exchange.id, Http2Error.CANCEL);
    reply(exchange);
  }

  private void reply(Http2Exchange exchange) {
    var reply = exchange.reply();
    if (reply == null) {
      exchange.call.broken(Failure.PROTOCOL, "the stream ended without a final reply");
    } else {
      exchange.call.replied(reply, exchange.length(), address);
    }
    freed();
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext context, int id, long code) {
    lastRead = System.nanoTime();
    var exchange = streams.remove(id);
    if (exchange == null) {
      return;
    }
    if (code != Http2Error.REFUSED_STREAM.code() || !exchange.call.again(true)) {
      var error = Http2Error.valueOf(code);
      exchange.call.broken(
          Failure.RESET, "the server reset the stream: " + (error == null ? code : error));
    }
    freed();
  }

  @Override
  public void onGoAwayRead(ChannelHandlerContext context, int last, long code, ByteBuf debug) {
    retire();
  }

  private void broke(Http2Exchange exchange, Failure failure, String detail) {
    if (streams.remove(exchange.id, exchange)) {
      exchange.call.broken(failure, detail);
      freed();
    }
  }

  private void reset(int id, Http2Error error) {
    var context = handler.context();
    var _ = handler.resetStream(context, id, error.code(), context.newPromise());
    flushSoon();
  }

  /// A stream less.
  private void freed() {
    if (gone) {
      return;
    }
    if (streams.isEmpty()) {
      if (retiring) {
        close();
        return;
      }
      rest();
    }
    pool.released(this);
  }

  /// Takes no more calls, and ends with the last of those that it has.
  private void retire() {
    if (!retiring) {
      retiring = true;
      pool.retired(this);
    }
    if (streams.isEmpty()) {
      close();
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the very same call
  public void abandon(OutboundCall call) {
    for (var exchange : List.copyOf(streams.values())) {
      if (exchange.call == call) {
        streams.remove(exchange.id);
        reset(exchange.id, Http2Error.CANCEL);
        if (call.hasWaitedSince(lastRead)) {
          retire(); // perhaps there is nobody at the other end any more
        }
        freed();
      }
    }
  }

  @Override
  public void rest() {
    if (streams.isEmpty() && !gone) {
      idle.begin(-1);
      pool.loop.idle.enter(idle);
    }
  }

  @Override
  public void close() {
    if (!gone) {
      gone = true;
      pool.loop.idle.leave(idle);
      var _ = channel.close();
      pool.gone(this);
    }
  }

  private void closed() {
    var waiting = failed;
    failed = null;
    if (waiting != null) {
      waiting.accept(handler.cause());
    }
    close();
  }

  /// Streams that end without a whole reply.
  private final class Closings extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      var exchange = streams.remove(stream.id());
      if (exchange == null) {
        return;
      }
      var call = exchange.call;
      boolean unseen =
          connection().goAwayReceived()
              && stream.id() > connection().local().lastStreamKnownByPeer();
      boolean harmless = !call.isHeard() && Http1Line.isRepeatable(call);
      var tls = TlsFault.of(handler.cause(), pool.destination.host());
      if (tls.isPresent()) {
        call.broken(Failure.TLS, tls.get());
      } else if (handler.fault()) {
        call.broken(Failure.PROTOCOL, "the server broke the rules of HTTP/2");
      } else if (!(unseen || harmless) || !call.again(unseen)) {
        call.broken(Failure.RESET, "the connection ended before the reply was complete");
      }
      freed();
    }
  }
}
