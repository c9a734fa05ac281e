package io.tidegate.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The frames of HTTP/2 on an outbound connection, with bounds; remembers whether the server has
/// broken the rules.
final class Http2ClientHandler extends Http2ConnectionHandler {
  private static final int LARGEST_HEAD = 32 << 10;

  private @Nullable ChannelHandlerContext context;
  private boolean fault;
  private Throwable cause = new ClosedChannelException();

  private Http2ClientHandler(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    super(decoder, encoder, settings);
  }

  static Http2ClientHandler with(Http2FrameListener listener) {
    return new Maker(listener).build();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) throws Exception {
    context = added;
    super.handlerAdded(added);
    added.flush();
  }

  ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  /// Why the connection has ended.
  Throwable cause() {
    return cause;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext in, Throwable thrown) throws Exception {
    cause = thrown;
    if (Http2CodecUtil.getEmbeddedHttp2Exception(thrown) != null) {
      super.exceptionCaught(in, thrown);
    } else {
      var _ = in.close();
    }
  }

  boolean fault() {
    return fault;
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext in, boolean outbound, Throwable cause, Http2Exception error) {
    fault = true;
    super.onConnectionError(in, outbound, cause, error);
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext in,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException error) {
    boolean before = fault;
    fault = !outbound || before;
    super.onStreamError(in, outbound, cause, error);
    fault = before;
  }

  private static final class Maker
      extends AbstractHttp2ConnectionHandlerBuilder<Http2ClientHandler, Maker> {
    Maker(Http2FrameListener listener) {
      server(false);
      initialSettings(
          Http2Settings.defaultSettings().pushEnabled(false).maxHeaderListSize(LARGEST_HEAD));
      frameListener(listener);
      gracefulShutdownTimeoutMillis(0);
    }

    @Override
    public Http2ClientHandler build() {
      return super.build();
    }

    @Override
    protected Http2ClientHandler build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new Http2ClientHandler(decoder, encoder, settings);
    }
  }
}
