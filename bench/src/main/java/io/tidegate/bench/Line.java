package io.tidegate.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// One connection of a `SocketWire`, with at most one request outstanding.
final class Line {

  private static final int CONNECT_MILLIS = (int) Duration.ofSeconds(5).toMillis();

  private final int number;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer out;
  private final ReplyParser reply = new ReplyParser();
  private boolean outstanding;

  private Line(int number, SocketChannel channel, SelectionKey key, ByteBuffer out) {
    this.number = number;
    this.channel = channel;
    this.key = key;
    this.out = out;
    key.attach(this);
  }

  /// @param request belongs to the line from now on
  static Line open(int number, SocketAddress server, Selector selector, ByteBuffer request)
      throws IOException {
    var channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(server, CONNECT_MILLIS);
      channel.configureBlocking(false);
      var key = channel.register(selector, SelectionKey.OP_READ);
      return new Line(number, channel, key, request);
    } catch (IOException refused) {
      channel.close();
      throw refused;
    }
  }

  int number() {
    return number;
  }

  ByteBuffer request() {
    return out;
  }

  int status() {
    return reply.status();
  }

  boolean closes() {
    return reply.closes();
  }

  boolean isOutstanding() {
    return outstanding;
  }

  void send() throws IOException {
    outstanding = true;
    out.rewind();
    write();
  }

  /// Goes on with a request that did not fit into the socket at once.
  void write() throws IOException {
    channel.write(out);
    var wanted = SelectionKey.OP_READ | (out.hasRemaining() ? SelectionKey.OP_WRITE : 0);
    if (key.interestOps() != wanted) {
      key.interestOps(wanted);
    }
  }

  /// Reads what is there.
  ///
  /// @return whether that ended the reply
  boolean read(ByteBuffer in) throws IOException {
    in.clear();
    if (channel.read(in) < 0) {
      if (outstanding && reply.closed()) {
        outstanding = false;
        return true;
      }
      throw new EOFException("the server closed the connection");
    }
    in.flip();
    if (in.hasRemaining() && !outstanding) {
      throw new ProtocolException("bytes that nobody asked for");
    }
    if (!reply.parse(in)) {
      return false;
    }
    if (in.hasRemaining() || out.hasRemaining()) {
      throw new ProtocolException("a reply before the request was whole, or more than one");
    }
    outstanding = false;
    return true;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // It is of no use any more, closed or not.
    }
  }
}
