package io.tidegate.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Stands where connections are accepted: turns away what is too many, and sets a `Peer` before
/// everything else that will see a connection's bytes, so that time is taken from the first moment.
@Sharable
final class Doorkeeper extends ChannelInboundHandlerAdapter {
  private final EdgeLimits limits;
  private final Function<Channel, Loop> loops;
  private final AtomicInteger inside = new AtomicInteger();

  Doorkeeper(EdgeLimits limits, Function<Channel, Loop> loops) {
    this.limits = limits;
    this.loops = loops;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    var channel = (Channel) accepted;
    if (inside.incrementAndGet() > limits.counts().connections()) {
      inside.decrementAndGet();
      channel.unsafe().closeForcibly();
      return;
    }
    channel.closeFuture().addListener(_ -> inside.decrementAndGet());
    var entrance = context.channel().attr(Entrance.KEY).get();
    channel.pipeline().addLast("peer", new Peer(limits, loops, entrance));
    context.fireChannelRead(channel);
  }

  int inside() {
    return inside.get();
  }
}
