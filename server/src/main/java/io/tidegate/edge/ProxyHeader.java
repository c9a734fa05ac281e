package io.tidegate.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the header of the PROXY protocol, versions 1 and 2, that a load balancer puts before the
/// first byte, and takes the caller's address from it. What is no such header, or does not come in
/// time, closes the connection: who may speak for others is decided by who can connect.
@SuppressWarnings("FutureReturnValueIgnored") // when a close fails, the connection is closed
final class ProxyHeader extends ByteToMessageDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyHeader.class);
  private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] V2 = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
  private static final int LONGEST_LINE = 107;
  private static final int FIXED = 16;
  private static final int LONGEST = 2048;
  private static final int VERSION = 2;
  private static final int PROXY = 1;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  private final Peer peer;
  private final Duration limit;

  ProxyHeader(Peer peer, Duration limit) {
    this.peer = peer;
    this.limit = limit;
  }

  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context
        .executor()
        .schedule(
            () -> {
              if (!context.isRemoved()) {
                context.close();
              }
            },
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    try {
      if (isVersion2(in) ? version2(in) : version1(in)) {
        context.pipeline().remove(this); // which passes on what is left
      }
    } catch (Malformed malformed) {
      LOG.atDebug()
          .addKeyValue("remote", peer.remote())
          .addKeyValue("reason", malformed.getMessage())
          .log("no PROXY protocol header came");
      in.skipBytes(in.readableBytes());
      context.close();
    }
  }

  private static boolean isVersion2(ByteBuf in) throws Malformed {
    if (startsWith(in, V2)) {
      return true;
    }
    if (!startsWith(in, V1)) {
      throw new Malformed("neither version 1 nor version 2");
    }
    return false;
  }

  /// As far as it is there.
  private static boolean startsWith(ByteBuf in, byte[] start) {
    int seen = Math.min(in.readableBytes(), start.length);
    for (int i = 0; i < seen; i++) {
      if (in.getByte(in.readerIndex() + i) != start[i]) {
        return false;
      }
    }
    return true;
  }

  /// `PROXY TCP4 192.0.2.1 192.0.2.2 56324 443`
  private boolean version1(ByteBuf in) throws Malformed {
    int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
    if (end < 0 || end - in.readerIndex() >= LONGEST_LINE) {
      if (in.readableBytes() >= LONGEST_LINE) {
        throw new Malformed("the line is too long");
      }
      return false;
    }
    var line = in.readString(end - in.readerIndex() + 1, StandardCharsets.US_ASCII);
    if (!line.endsWith("\r\n")) {
      throw new Malformed("the line does not end as it should");
    }
    var words = line.strip().split(" ", -1);
    if (words.length >= 2 && words[1].equals("UNKNOWN")) {
      return true;
    }
    boolean four = words.length == 6 && words[1].equals("TCP4");
    if (!four && !(words.length == 6 && words[1].equals("TCP6"))) {
      throw new Malformed("the line is not as it should be");
    }
    var source = address(words[2], four);
    address(words[3], four);
    port(words[4]);
    port(words[5]);
    peer.callsFor(source);
    return true;
  }

  private static InetAddress address(String text, boolean four) throws Malformed {
    try {
      var address = InetAddress.ofLiteral(text);
      if ((address.getAddress().length == IPV4_BYTES) == four) {
        return address;
      }
    } catch (IllegalArgumentException noAddress) {
      // said below
    }
    throw new Malformed("an address is none");
  }

  private static void port(String text) throws Malformed {
    if (!text.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(text) > 65_535) {
      throw new Malformed("a port is none");
    }
  }

  private boolean version2(ByteBuf in) throws Malformed {
    if (in.readableBytes() < FIXED) {
      return false;
    }
    int start = in.readerIndex();
    int command = in.getUnsignedByte(start + V2.length);
    int family = in.getUnsignedByte(start + V2.length + 1);
    int length = in.getUnsignedShort(start + V2.length + 2);
    if (command >> 4 != VERSION || (command & 15) > PROXY || length > LONGEST) {
      throw new Malformed("the fixed part is not as it should be");
    }
    if (in.readableBytes() < FIXED + length) {
      return false;
    }
    if ((command & 15) == PROXY) {
      source(in, start + FIXED, family, length);
    }
    in.skipBytes(FIXED + length);
    return true;
  }

  private void source(ByteBuf in, int at, int family, int length) throws Malformed {
    int size = family == TCP4 ? IPV4_BYTES : family == TCP6 ? IPV6_BYTES : 0;
    if (size == 0) {
      return; // no address that means something here
    }
    if (length < 2 * size + 4) {
      throw new Malformed("the addresses are cut off");
    }
    var bytes = new byte[size];
    in.getBytes(at, bytes);
    try {
      peer.callsFor(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException impossible) {
      throw new Malformed("an address is none");
    }
  }

  /// The connection ended before there was a header, or because there was none.
  @Override
  protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {}
}
