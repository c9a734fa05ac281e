package io.tidegate.edge;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.tidegate.guard.Guards;
import io.tidegate.plan.Listener;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;

/// A listener that sends every byte back as it came, as fast as the peer takes them. A peer that
/// has said its last byte gets what is still on the way.
///
/// `start` and `close` may be called from any thread, but not on an event loop.
public final class EchoListener implements AutoCloseable {
  private final Sockets sockets;
  private final Entrance entrance;

  private EchoListener(Sockets sockets, Entrance entrance) {
    this.sockets = sockets;
    this.entrance = entrance;
  }

  /// Opens the listener's ports; fails with a `BindFailure` when one cannot be had.
  public static EchoListener start(Edge edge, Listener listener, Guards guards) {
    var entrance = Entrance.open(edge, listener, guards);
    var sockets =
        new Sockets(
            edge,
            listener,
            entrance,
            () -> {
              var server =
                  edge.vertx()
                      .createNetServer(new NetServerOptions().setTcpKeepAlive(true))
                      .connectHandler(EchoListener::connected);
              return new Sockets.Server(
                  address -> server.listen(address).map(_ -> server.actualPort()),
                  server::shutdown);
            });
    sockets.open();
    return new EchoListener(sockets, entrance);
  }

  /// The next connections follow these rules. Fails with a `VaultFault`, having changed nothing.
  public void update(Listener listener, Guards guards) {
    entrance.update(listener, guards);
  }

  public List<Integer> ports() {
    return sockets.ports();
  }

  @Override
  public void close() {
    sockets.close(Duration.ZERO);
  }

  private static void connected(NetSocket socket) {
    var channel = ((NetSocketInternal) socket).channelHandlerContext().channel();
    Peer.of(channel).raw();
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.pipeline().addBefore("handler", "echo", new Mirror());
  }

  /// Sits before what would copy them, so that bytes go back as the very buffers they came in.
  @SuppressWarnings("FutureReturnValueIgnored") // when a write fails, the connection is closed
  private static final class Mirror extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      context.write(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
      takeAsMuchAsIsTaken(context.channel());
      context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      takeAsMuchAsIsTaken(context.channel());
      context.fireChannelWritabilityChanged();
    }

    private static void takeAsMuchAsIsTaken(Channel channel) {
      channel.config().setAutoRead(channel.isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      } else {
        context.fireUserEventTriggered(event);
      }
    }
  }
}
