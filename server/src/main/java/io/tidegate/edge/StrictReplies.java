package io.tidegate.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/// The HTTP/1 decoder for replies, with bounds, and without guessing where a body ends.
abstract class StrictReplies extends HttpResponseDecoder {
  private static final int LONGEST_LINE = 8 << 10;
  private static final int LARGEST_HEAD = 32 << 10;
  private static final int PIECE = 64 << 10;

  /// The request asked for a head only.
  boolean bodiless;

  StrictReplies() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(LONGEST_LINE)
            .setMaxHeaderSize(LARGEST_HEAD)
            .setMaxChunkSize(PIECE));
  }

  /// Anything has come in.
  abstract void bytesCame();

  static String words(Throwable cause) {
    return cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException
        ? "the head of the reply is longer than " + (LARGEST_HEAD >> 10) + " KiB"
        : "the reply is not HTTP as it should be";
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
    bytesCame();
    super.channelRead(context, bytes);
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    return bodiless || super.isContentAlwaysEmpty(message);
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both chunked and with a content-length");
  }

  /// Bytes that belong to no reply yet.
  boolean hasLeftover() {
    return actualReadableBytes() > 0;
  }
}
