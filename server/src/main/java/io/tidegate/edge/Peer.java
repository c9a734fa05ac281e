package io.tidegate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.tidegate.http.Session;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One connection, seen from its outer end: takes the time of everything that a stranger could
/// stretch, and closes so that the last reply is not lost.
///
///     opened --byte--> head --request--> busy --last reply--> idle --byte--> head
///     any --refused with input unread--> lingering --peer's end, or 2 s--> closed
///
/// Only the loop's thread touches it.
@SuppressWarnings("FutureReturnValueIgnored") // when a close fails, the connection is closed
final class Peer extends ChannelDuplexHandler {
  private static final AttributeKey<Peer> KEY = AttributeKey.valueOf("tidegate.peer");
  private static final long LINGER = TimeUnit.SECONDS.toNanos(2);
  private static final ByteBuf TOO_SLOW =
      Unpooled.unreleasableBuffer(
          Unpooled.copiedBuffer(
              "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
              StandardCharsets.US_ASCII));

  private enum State {
    OPENED,
    HEAD,
    BUSY,
    IDLE,
    RAW,
    LINGERING
  }

  private final EdgeLimits limits;
  private final Function<Channel, Loop> loops;
  private final @Nullable Entrance entrance;
  private final Watch.Entry watched =
      new Watch.Entry() {
        @Override
        void check(long now) {
          Peer.this.check(now);
        }
      };

  private @Nullable Loop loop;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ChannelHandlerContext inside;
  private Map<String, Session> sessions = Map.of();
  private State state = State.OPENED;
  private boolean seen;
  private boolean http2;
  private boolean inputUnread;
  private int inWork;
  private List<HeldSession> held = List.of();
  private long deadline;
  private long unsent;
  private long stalledSince;
  private @Nullable String remote;
  private String host = "";
  private String authority = "";

  Peer(EdgeLimits limits, Function<Channel, Loop> loops, @Nullable Entrance entrance) {
    this.limits = limits;
    this.loops = loops;
    this.entrance = entrance;
  }

  static Peer of(HttpConnection connection) {
    return of(((ConnectionBase) connection).channel());
  }

  static Peer of(Channel channel) {
    var peer = channel.attr(KEY).get();
    if (peer == null) {
      throw new IllegalStateException("a connection came in past the doorkeeper");
    }
    return peer;
  }

  Loop loop() {
    var known = loop;
    if (known == null) {
      throw new IllegalStateException("not registered yet");
    }
    return known;
  }

  private ChannelHandlerContext context() {
    var known = context;
    if (known == null) {
      throw new IllegalStateException("not registered yet");
    }
    return known;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    added.channel().attr(KEY).set(this);
    context = added;
    var here = loops.apply(added.channel());
    loop = here;
    deadline = here.now() + limits.waits().head().toNanos();
    here.watch.enter(watched);
    if (entrance != null) {
      entrance.furnish(added.channel(), this);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    loop().watch.leave(watched);
  }

  @Override
  public void channelInactive(ChannelHandlerContext closed) {
    loop().watch.leave(watched);
    closed.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object bytes) {
    switch (state) {
      case LINGERING -> {
        ReferenceCountUtil.release(bytes);
        return;
      }
      case RAW -> deadline = loop().now() + limits.waits().tcp().toNanos();
      case IDLE -> {
        if (!http2) {
          state = State.HEAD;
          deadline = loop().now() + limits.waits().head().toNanos();
        }
      }
      case OPENED -> state = State.HEAD; // the time runs since it was opened
      case HEAD, BUSY -> {}
    }
    if (!seen) {
      seen = true;
      StrictHttp1.install(reading.pipeline(), limits.sizes());
    }
    reading.fireChannelRead(bytes);
  }

  /// TLS is set up: the time for the first request begins.
  ///
  /// @param within the innermost place at which clear text can be written
  void secured(ChannelHandlerContext within, Map<String, Session> proved) {
    inside = within;
    sessions = proved;
    if (state != State.RAW) {
      state = State.OPENED;
      deadline = loop().now() + limits.waits().head().toNanos();
    }
  }

  /// The first bytes inside TLS are here.
  void heard() {
    if (state == State.OPENED) {
      state = State.HEAD;
    }
  }

  boolean isSecured() {
    return inside != null;
  }

  /// What the caller proved when the connection was made, as far as it still holds.
  Map<String, Session> sessions() {
    if (!sessions.isEmpty() && sessions.values().stream().anyMatch(Peer::expired)) {
      sessions = Map.of();
    }
    return sessions;
  }

  private static boolean expired(Session session) {
    return session.expires().isPresent() && !Instant.now().isBefore(session.expires().get());
  }

  /// A load balancer says for whom it calls.
  void callsFor(InetAddress caller) {
    remote = caller.getHostAddress();
  }

  /// From now on it is no HTTP: only silence ends it.
  void raw() {
    state = State.RAW;
    seen = true;
    deadline = loop().now() + limits.waits().tcp().toNanos();
  }

  /// HTTP/2 keeps its own counsel about frames; without a stream it is idle.
  void http2() {
    http2 = true;
    rest();
  }

  void begin() {
    inWork++;
    state = State.BUSY;
  }

  void end() {
    if (--inWork == 0 && state == State.BUSY) {
      rest();
    }
  }

  private void rest() {
    state = State.IDLE;
    deadline = loop().now() + limits.waits().idle().toNanos();
  }

  /// A close will leave input unread. Closing at once would make the kernel throw away, on the
  /// peer's side too, the reply that says why.
  void inputUnread() {
    inputUnread = true;
  }

  private void check(long now) {
    checkWrites(now);
    if (state == State.BUSY || now < deadline) {
      return;
    }
    if (state == State.HEAD && !http2 && inWork == 0) {
      sayTooSlow();
      return;
    }
    context().close();
  }

  private void sayTooSlow() {
    var clear = scheme().equals("http") ? context() : inside;
    if (clear == null) {
      context().close(); // still shaking hands: nobody could read it
      return;
    }
    clear.writeAndFlush(TOO_SLOW.duplicate()).addListener(ChannelFutureListener.CLOSE);
    clear.close();
  }

  private void checkWrites(long now) {
    var buffer = context().channel().unsafe().outboundBuffer();
    if (buffer == null || buffer.totalPendingWriteBytes() == 0) {
      stalledSince = 0;
      return;
    }
    var left = buffer.totalPendingWriteBytes() - buffer.currentProgress();
    if (stalledSince == 0 || left != unsent) {
      unsent = left;
      stalledSince = now;
    } else if (now - stalledSince > limits.waits().write().toNanos()) {
      context().channel().unsafe().closeForcibly();
      context().close();
    }
  }

  @Override
  public void close(ChannelHandlerContext closing, ChannelPromise promise) {
    var channel = closing.channel();
    if (!inputUnread || state == State.LINGERING || !channel.isActive()) {
      closing.close(promise);
      return;
    }
    state = State.LINGERING;
    deadline = loop().now() + LINGER;
    channel.closeFuture().addListener(_ -> promise.trySuccess());
    channel.config().setAutoRead(true);
    ((DuplexChannel) channel).shutdownOutput();
  }

  /// `http` or `https`.
  String scheme() {
    return context().pipeline().get(SslHandler.class) == null ? "http" : "https";
  }

  /// Our own end, for clients that do not say whom they mean.
  String local() {
    return context().channel().localAddress() instanceof InetSocketAddress inet
        ? Authority.of(inet.getAddress().getHostAddress(), inet.getPort())
        : "local";
  }

  /// The peer's address, without the port.
  String remote() {
    var known = remote;
    if (known == null) {
      known =
          context().channel().remoteAddress() instanceof InetSocketAddress inet
              ? inet.getAddress().getHostAddress()
              : "local";
      remote = known;
    }
    return known;
  }

  /// The sessions of replies that go on here.
  List<HeldSession> held() {
    return held;
  }

  void hold(HeldSession session) {
    if (held.isEmpty()) {
      held = new ArrayList<>(1);
    }
    held.add(session);
  }

  void release(HeldSession session) {
    held.remove(session);
  }

  /// Host and port, where `sent` may lack the port. Clients send the same on every request.
  String authority(String sent, String scheme) {
    if (!sent.equals(host)) {
      authority = Authority.complete(sent, scheme);
      host = sent;
    }
    return authority;
  }
}
