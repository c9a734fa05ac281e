package io.tidegate.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// One connection of a receiver: finds requests in what is read and answers each with the same few
/// bytes. The path is the number of the key; the first digits in the body are the number of the
/// record and the time of its making.
final class Reception {
  static final int NUMBER_DIGITS = 8;
  static final int STAMP_DIGITS = 19;

  private static final int LONGEST = 16 * 1024;
  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REPLY =
      "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final SocketChannel channel;
  private final boolean hangs;
  private final Sink sink;
  private final byte[] bytes = new byte[LONGEST];
  private final ByteBuffer in = ByteBuffer.wrap(bytes);
  private final ByteBuffer out = ByteBuffer.allocateDirect(REPLY.length);
  private long arrived;

  interface Sink {
    /// @param stamp when it was made, and `arrived` when its first byte came, in nanoseconds
    void received(int key, int number, long stamp, long arrived);
  }

  Reception(SocketChannel channel, boolean hangs, Sink sink) {
    this.channel = channel;
    this.hangs = hangs;
    this.sink = sink;
    out.put(REPLY);
  }

  void read() throws IOException {
    boolean first = in.position() == 0;
    if (channel.read(in) < 0) {
      throw new EOFException("closed by the sender");
    }
    if (first) {
      arrived = System.nanoTime();
    }
    if (hangs) {
      in.clear();
      return;
    }
    int start = 0;
    for (int end = endOfRequest(start); end > 0; end = endOfRequest(start)) {
      take(start, end);
      start = end;
    }
    in.flip().position(start);
    in.compact();
    if (!in.hasRemaining()) {
      throw new ProtocolException("a request is longer than " + LONGEST + " bytes");
    }
  }

  /// Where the request ends that begins there; -1 when it is not whole yet.
  private int endOfRequest(int start) throws ProtocolException {
    int filled = in.position();
    for (int i = start + 3; i < filled; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        int end = i + 1 + bodyLength(start, i);
        return end <= filled ? end : -1;
      }
    }
    return -1;
  }

  private int bodyLength(int start, int endOfHead) throws ProtocolException {
    for (int i = start; i < endOfHead; i++) {
      if (bytes[i] == '\n' && isLength(i + 1)) {
        int at = i + 1 + LENGTH.length;
        while (bytes[at] == ' ') {
          at++;
        }
        return (int) number(at, endOfHead);
      }
    }
    throw new ProtocolException("a request without content-length");
  }

  private boolean isLength(int at) {
    for (int i = 0; i < LENGTH.length; i++) {
      if ((bytes[at + i] | 0x20) != (LENGTH[i] | 0x20)) {
        return false;
      }
    }
    return true;
  }

  /// The decimal digits from there on.
  private long number(int at, int end) {
    long value = 0;
    for (int i = at; i < end && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      value = value * 10 + bytes[i] - '0';
    }
    return value;
  }

  private void take(int start, int end) throws IOException {
    int slash = start;
    while (bytes[slash] != '/') {
      slash++;
    }
    int key = (int) number(slash + 1, end);
    int countAt = firstDigit(endOfHead(slash), end);
    int count = (int) number(countAt, countAt + NUMBER_DIGITS);
    int stampAt = countAt + NUMBER_DIGITS;
    sink.received(key, count, number(stampAt, stampAt + STAMP_DIGITS), arrived);
    out.flip();
    channel.write(out);
    if (out.hasRemaining()) {
      throw new IOException("the sender does not read");
    }
  }

  /// Behind what else may stand there, such as the beginning of a JSON object.
  private int firstDigit(int from, int end) throws ProtocolException {
    int i = from;
    while (i < end && (bytes[i] < '0' || bytes[i] > '9')) {
      i++;
    }
    if (i + NUMBER_DIGITS + STAMP_DIGITS > end) {
      throw new ProtocolException("a body without number and time");
    }
    return i;
  }

  private int endOfHead(int from) {
    int i = from;
    while (bytes[i] != '\n' || bytes[i - 2] != '\n') {
      i++;
    }
    return i + 1;
  }
}
