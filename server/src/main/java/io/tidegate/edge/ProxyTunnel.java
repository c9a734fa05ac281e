package io.tidegate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks a proxy for a connection to another server, and leaves when there is one.
final class ProxyTunnel extends ChannelInboundHandlerAdapter {
  private static final int LONGEST = 16 << 10;

  private final String authority;
  private final Runnable connected;
  private final Consumer<String> refused;
  private final StringBuilder head = new StringBuilder();
  private boolean over;

  /// @param authority host and port
  /// @param refused hears why
  ProxyTunnel(String authority, Runnable connected, Consumer<String> refused) {
    this.authority = authority;
    this.connected = connected;
    this.refused = refused;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    var request =
        "CONNECT "
            + authority
            + " HTTP/1.1\r\nhost: "
            + authority
            + "\r\nuser-agent: Tidegate\r\n\r\n";
    var _ = context.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var bytes = (ByteBuf) message;
    head.append(bytes.toString(StandardCharsets.ISO_8859_1));
    bytes.release();
    int end = head.indexOf("\r\n\r\n");
    if (end >= 0) {
      boolean surplus = head.length() > end + 4;
      finish(context, surplus ? "it sent more than its reply" : fault(head.toString()));
    } else if (head.length() > LONGEST) {
      finish(context, "the head of its reply is too long");
    }
  }

  private static @Nullable String fault(String head) {
    boolean http = head.startsWith("HTTP/1.") && head.length() > 12 && head.charAt(8) == ' ';
    if (!http) {
      return "its reply is not HTTP";
    }
    return head.charAt(9) == '2' ? null : "it answered " + head.substring(9, 12);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    finish(context, "it closed the connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    finish(context, "its connection broke");
  }

  private void finish(ChannelHandlerContext context, @Nullable String fault) {
    if (over) {
      return;
    }
    over = true;
    if (fault == null) {
      context.pipeline().remove(this);
      connected.run();
    } else {
      refused.accept(fault);
    }
  }
}
