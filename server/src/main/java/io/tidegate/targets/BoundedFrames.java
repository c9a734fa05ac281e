package io.tidegate.targets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.security.Principal;
import org.apache.kafka.common.network.InvalidReceiveException;
import org.apache.kafka.common.network.TransportLayer;

/// What a broker sends, as long as it is within bounds: a reply that is announced too large ends the
/// connection before anybody makes room for it, and so does a login that would have us compute for
/// ages (SCRAM lets the server say how often to hash).
///
///     frame = length (4 bytes), contents
final class BoundedFrames implements TransportLayer {
  private static final int FRAMES_OF_LOGIN = 8;
  private static final int MOST_DIGITS = 6;

  private final TransportLayer inner;
  private final int largest;
  private int frames;
  private int headerRead;
  private int header;
  private int left;
  private int matched;
  private int digits;

  BoundedFrames(TransportLayer inner, int largest) {
    this.inner = inner;
    this.largest = largest;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int from = target.position();
    int count = inner.read(target);
    for (int i = 0; i < count; i++) {
      seen(target.get(from + i));
    }
    return count;
  }

  @Override
  public long read(ByteBuffer[] targets) throws IOException {
    return read(targets, 0, targets.length);
  }

  /// One after the other, so that every byte is seen.
  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    long all = 0;
    for (int i = offset; i < offset + length; i++) {
      int count = read(targets[i]);
      if (count < 0) {
        return all > 0 ? all : count;
      }
      all += count;
      if (targets[i].hasRemaining()) {
        break;
      }
    }
    return all;
  }

  private void seen(byte value) {
    if (left > 0) {
      left--;
      if (frames <= FRAMES_OF_LOGIN) {
        countHashes(value);
      }
      return;
    }
    header = header << 8 | (value & 0xff);
    if (++headerRead == 4) {
      if (header < 0 || header > largest) {
        throw new InvalidReceiveException("a reply of " + header + " bytes was announced");
      }
      left = header;
      header = 0;
      headerRead = 0;
      matched = 0;
      frames++;
    }
  }

  /// Looks for `,i=` and digits, of which a million is too many.
  private void countHashes(byte value) {
    if (matched == 3 && value >= '0' && value <= '9') {
      if (++digits > MOST_DIGITS) {
        throw new InvalidReceiveException("a login with millions of rounds was asked for");
      }
      return;
    }
    digits = 0;
    matched =
        value == ",i=".charAt(matched % 3) && matched < 3 ? matched + 1 : value == ',' ? 1 : 0;
  }

  @Override
  public boolean ready() {
    return inner.ready();
  }

  @Override
  public boolean finishConnect() throws IOException {
    return inner.finishConnect();
  }

  @Override
  public void disconnect() {
    inner.disconnect();
  }

  @Override
  public boolean isConnected() {
    return inner.isConnected();
  }

  @Override
  public SocketChannel socketChannel() {
    return inner.socketChannel();
  }

  @Override
  public SelectionKey selectionKey() {
    return inner.selectionKey();
  }

  @Override
  public void handshake() throws IOException {
    inner.handshake();
  }

  @Override
  public Principal peerPrincipal() throws IOException {
    return inner.peerPrincipal();
  }

  @Override
  public void addInterestOps(int ops) {
    inner.addInterestOps(ops);
  }

  @Override
  public void removeInterestOps(int ops) {
    inner.removeInterestOps(ops);
  }

  @Override
  public boolean isMute() {
    return inner.isMute();
  }

  @Override
  public boolean hasBytesBuffered() {
    return inner.hasBytesBuffered();
  }

  @Override
  public boolean hasPendingWrites() {
    return inner.hasPendingWrites();
  }

  @Override
  public long transferFrom(FileChannel file, long position, long count) throws IOException {
    return inner.transferFrom(file, position, count);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return inner.write(source);
  }

  @Override
  public long write(ByteBuffer[] sources) throws IOException {
    return inner.write(sources);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    return inner.write(sources, offset, length);
  }

  @Override
  public boolean isOpen() {
    return inner.isOpen();
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
