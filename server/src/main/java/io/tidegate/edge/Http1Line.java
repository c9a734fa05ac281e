package io.tidegate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.http.Client.Failure;
import io.tidegate.http.Reply;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A connection that speaks HTTP/1.1: one call at a time, and after it, if both sides are clean,
/// another.
///
///     free --send--> sent --head, body--> settling --nothing follows--> free
///                      '--anything odd--> closed
final class Http1Line extends ChannelInboundHandlerAdapter implements OutboundLine {
  private static final int COPIED = 64 << 10;
  private static final long DOUBTFUL = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int TCP_ESTABLISHED = 1;

  /// Sending these twice is as good as once (RFC 9110, 9.2.2).
  private static final Set<String> REPEATABLE =
      Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE");

  private final Channel channel;
  private final OutboundPool pool;
  private final String address;
  private final ReplyDecoder decoder = new ReplyDecoder();
  private final OutboundLoop.IdleLine idle;
  private final long opened = System.nanoTime();
  private @Nullable OutboundCall call;
  private @Nullable ReplyHead1 head;
  private @Nullable ReplyBody body;
  private @Nullable Throwable fault;
  private boolean used;
  private boolean heard;
  private boolean written;
  private boolean settling;
  private boolean gone;
  private int interims;

  private Http1Line(Channel channel, OutboundPool pool, String address) {
    this.channel = channel;
    this.pool = pool;
    this.address = address;
    this.idle = new OutboundLoop.IdleLine(this, pool.loop.way.pooling());
  }

  static Http1Line on(Channel channel, OutboundPool pool, String address) {
    var line = new Http1Line(channel, pool, address);
    channel.pipeline().addLast(line.decoder, line);
    return line;
  }

  static boolean isRepeatable(OutboundCall call) {
    return REPEATABLE.contains(call.call.method());
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public boolean hasRoom() {
    return call == null && !settling && !gone;
  }

  @Override
  public boolean send(OutboundCall next) {
    pool.loop.idle.leave(idle);
    if (gone || !channel.isActive() || (isDoubtful() && !isEstablished())) {
      close();
      return false;
    }
    var request = channel.alloc().buffer(512 + Math.min(COPIED, next.call.body().size()));
    RequestText.write(next.call, pool.loop.way.asksProxy(pool.destination), request);
    begin(next);
    write(next, request);
    return true;
  }

  private boolean isDoubtful() {
    return used && idle.nanos() > DOUBTFUL;
  }

  /// The server may have closed it without our having noticed yet.
  private boolean isEstablished() {
    return !(channel instanceof EpollSocketChannel epoll)
        || epoll.tcpInfo().state() == TCP_ESTABLISHED;
  }

  private void begin(OutboundCall next) {
    call = next;
    head = null;
    body = null;
    heard = false;
    written = false;
    interims = 0;
    decoder.bodiless = next.call.method().equals("HEAD");
    next.rides(this);
  }

  private void write(OutboundCall next, ByteBuf request) {
    var content = next.call.body();
    if (content.size() <= COPIED) {
      request.writeBytes(content.array());
    } else {
      var _ = channel.write(request, channel.voidPromise());
      request = Unpooled.wrappedBuffer(content.array());
    }
    channel
        .writeAndFlush(request)
        .addListener((ChannelFuture done) -> written(next, done.isSuccess()));
  }

  @SuppressWarnings("ReferenceEquality") // the very same call
  private void written(OutboundCall by, boolean fine) {
    if (fine && call == by) {
      written = true;
      by.sent();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (call == null) {
        close(); // nobody has asked
      } else if (((HttpObject) message).decoderResult().isFailure()) {
        undecoded(((HttpObject) message).decoderResult().cause());
      } else {
        read(call, message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void undecoded(Throwable cause) {
    if (cause instanceof PrematureChannelClosureException) {
      broke(Failure.RESET, "the connection ended in the middle of the reply");
    } else {
      broke(Failure.PROTOCOL, StrictReplies.words(cause));
    }
  }

  private void read(OutboundCall to, Object message) {
    if (message instanceof HttpResponse response) {
      head(to, response);
    }
    if (message instanceof HttpContent piece && !gone && head != null) {
      if (body != null) {
        body.add(piece.content());
        if (body.isCut()) {
          cut(to, body);
          return;
        }
      }
      if (piece instanceof LastHttpContent) {
        last(to);
      }
    }
  }

  private void head(OutboundCall to, HttpResponse response) {
    var parsed = ReplyHead1.of(response);
    var odd = parsed.fault(interims);
    if (odd != null) {
      broke(Failure.PROTOCOL, odd);
      return;
    }
    head = parsed;
    if (parsed.isInterim()) {
      interims++;
    } else {
      to.heard();
      body =
          new ReplyBody(
              to.limits.replyBytes(), parsed.hasBody(to.call.method()) ? parsed.length() : -1);
      if (body.isCut()) {
        cut(to, body);
      }
    }
  }

  private void last(OutboundCall to) {
    var ended = head;
    var content = body;
    if (ended == null || content == null) {
      head = null;
      heard = false;
      to.heardInterim();
      return;
    }
    settling = written && ended.keepsAlive() && isYoung();
    idle.begin(ended.keepAlive());
    call = null;
    head = null;
    body = null;
    used = true;
    if (!settling) {
      close();
    }
    to.replied(
        new Reply(ended.status(), ended.headers(), content.bytes()), content.length(), address);
  }

  private boolean isYoung() {
    return System.nanoTime() - opened < pool.loop.way.pooling().oldestNanos();
  }

  /// What more there is does not interest anybody.
  private void cut(OutboundCall to, ReplyBody content) {
    var begun = head;
    call = null;
    close();
    if (begun != null) {
      to.replied(
          new Reply(begun.status(), begun.headers(), content.bytes()), content.length(), address);
    }
  }

  /// Only now it is certain that nothing came behind the reply.
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (settling) {
      settling = false;
      if (decoder.hasLeftover()) {
        close();
      } else if (!gone) {
        pool.released(this);
      }
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (call == null) {
      close();
    } else if (heard || head != null) {
      broke(Failure.RESET, "the connection ended in the middle of the reply");
    } else if (!used || !repeated(call)) {
      broke(
          Failure.RESET,
          fault == null
              ? "the connection was closed without a reply"
              : "the connection was reset before a reply came");
    }
  }

  /// A connection that was open already may have been closed by the server before it saw anything.
  /// That is not known; so only what does no harm twice is sent again (RFC 9112, 9.3.1).
  private boolean repeated(OutboundCall to) {
    if (!isRepeatable(to)) {
      return false;
    }
    call = null;
    close();
    return to.again(false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fault = cause;
    var tls = TlsFault.of(cause, pool.destination.host());
    if (tls.isPresent() && call != null) {
      broke(Failure.TLS, tls.get());
    } else {
      var _ = channel.close();
    }
  }

  @Override
  public void rest() {
    pool.loop.idle.enter(idle);
  }

  private void broke(Failure failure, String detail) {
    var broken = call;
    call = null;
    close();
    if (broken != null) {
      broken.broken(failure, detail);
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the very same call
  public void abandon(OutboundCall left) {
    if (call == left) {
      call = null;
      close();
    }
  }

  @Override
  public void close() {
    if (!gone) {
      gone = true;
      settling = false;
      pool.loop.idle.leave(idle);
      var _ = channel.close();
      pool.gone(this);
    }
  }

  /// Bytes have come, whatever they are.
  private void bytes() {
    heard = true;
    if (call != null) {
      call.heard();
    }
  }

  /// The decoder, with what else is known about replies.
  private final class ReplyDecoder extends StrictReplies {
    @Override
    void bytesCame() {
      bytes();
    }
  }
}
