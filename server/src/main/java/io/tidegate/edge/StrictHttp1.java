package io.tidegate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import io.vertx.core.http.impl.tcp.Http1xOrH2CHandler;
import java.util.List;

/// The HTTP/1 decoder without what the usual one lets pass: versions that are not spoken here, and
/// `upgrade: h2c`, which RFC 9113 has withdrawn and which is therefore not heard.
final class StrictHttp1 extends VertxHttpRequestDecoder {
  private static final String DECODER = "httpDecoder";

  private StrictHttp1(EdgeLimits.Sizes sizes) {
    super(config(sizes));
  }

  static Http1ServerConfig config(EdgeLimits.Sizes sizes) {
    return new Http1ServerConfig()
        .setMaxInitialLineLength(sizes.line())
        .setMaxHeaderSize(sizes.head())
        .setMaxChunkSize(64 << 10);
  }

  /// Takes the place of the usual decoder, before it sees a byte. Where HTTP/2 is offered too,
  /// there is no decoder before the first bytes have been looked at.
  static void install(ChannelPipeline pipeline, EdgeLimits.Sizes sizes) {
    if (pipeline.get(DECODER) != null) {
      pipeline.replace(DECODER, DECODER, new StrictHttp1(sizes));
    } else if (pipeline.get(Http1xOrH2CHandler.class) != null) {
      pipeline.addBefore("handler", "strict", new WhenDecided(sizes));
    }
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    var version = initialLine[2];
    if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
      throw version.matches("HTTP/[0-9]\\.[0-9]")
          ? new UnspokenVersion(version)
          : new IllegalArgumentException("no HTTP version");
    }
    return super.createMessage(initialLine);
  }

  /// Stands in for a message that could not be read; the reply to it is in our version of HTTP.
  @Override
  protected HttpMessage createInvalidMessage() {
    return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/malformed");
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out)
      throws Exception {
    int before = out.size();
    super.decode(context, bytes, out);
    if (out.size() > before
        && out.get(before) instanceof HttpRequest request
        && request.headers().contains(HttpHeaderNames.UPGRADE, "h2c", true)) {
      request.headers().remove(HttpHeaderNames.UPGRADE);
    }
  }

  /// A version of HTTP that exists, or may exist, but is not spoken here.
  static final class UnspokenVersion extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnspokenVersion(String version) {
      super(version);
    }
  }

  /// Waits for the choice between HTTP/1 and HTTP/2.
  private static final class WhenDecided extends ChannelInboundHandlerAdapter {
    private final EdgeLimits.Sizes sizes;

    WhenDecided(EdgeLimits.Sizes sizes) {
      this.sizes = sizes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      install(context.pipeline(), sizes);
      context.pipeline().remove(this);
      context.fireChannelRead(bytes);
    }
  }
}
