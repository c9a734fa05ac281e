package io.tidegate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Real connections to a server: one selector, one thread, the same request over and over, or one
/// that is made for its moment. Kept plain, since what it costs is taken from the server on a small
/// machine.
final class SocketWire implements Wire {

  private static final int READ_BYTES = 256 * 1024;
  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long NAP = MILLISECOND / 10;

  private final SocketAddress server;
  private final Script script;
  private final Selector selector;
  private final List<Line> lines = new ArrayList<>();
  private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
  private final ArrayDeque<Line> ended = new ArrayDeque<>();

  /// What is sent.
  interface Script {
    /// The request of a connection, each time it is opened; the connection's own buffer from then
    /// on.
    ByteBuffer request(int connection);

    /// Makes the request that leaves next, in place.
    ///
    /// @param moment when it is meant to leave
    void prepare(int connection, ByteBuffer request, long moment);

    /// The same bytes over and over.
    static Script of(byte[] request) {
      var shared = ByteBuffer.allocateDirect(request.length).put(request).flip();
      return new Script() {
        @Override
        public ByteBuffer request(int connection) {
          return shared.duplicate();
        }

        @Override
        public void prepare(int connection, ByteBuffer same, long moment) {}
      };
    }
  }

  private SocketWire(SocketAddress server, Script script) throws IOException {
    this.server = server;
    this.script = script;
    selector = Selector.open();
  }

  static SocketWire open(SocketAddress server, byte[] request, int connections) throws IOException {
    return open(server, Script.of(request), connections);
  }

  /// Opens all connections first, so that none is opened in measured time.
  static SocketWire open(SocketAddress server, Script script, int connections) throws IOException {
    var wire = new SocketWire(server, script);
    try {
      for (var number = 0; number < connections; number++) {
        wire.lines.add(wire.open(number));
      }
      return wire;
    } catch (IOException refused) {
      wire.close();
      throw refused;
    }
  }

  private Line open(int number) throws IOException {
    return Line.open(number, server, selector, script.request(number));
  }

  @Override
  public int connections() {
    return lines.size();
  }

  @Override
  public long now() {
    return System.nanoTime();
  }

  @Override
  public void send(int connection, long moment) {
    var line = lines.get(connection);
    script.prepare(connection, line.request(), moment);
    try {
      line.send();
    } catch (IOException _) {
      ended.add(line);
    }
  }

  @Override
  public void await(long until, Arrivals arrivals) throws IOException {
    if (ended.isEmpty()) {
      select(until - now(), key -> serve((Line) key.attachment(), key, arrivals));
    }
    for (var line = ended.poll(); line != null; line = ended.poll()) {
      if (lines.get(line.number()) == line) {
        replace(line, arrivals);
      }
    }
  }

  /// A selector waits whole milliseconds; a fixed rate needs finer steps.
  private void select(long nanos, Consumer<SelectionKey> action) throws IOException {
    if (nanos > 2 * MILLISECOND) {
      selector.select(action, nanos / MILLISECOND - 1);
    } else if (selector.selectNow(action) == 0 && nanos > 0) {
      LockSupport.parkNanos(Math.min(nanos, NAP));
      selector.selectNow(action);
    }
  }

  private void serve(Line line, SelectionKey key, Arrivals arrivals) {
    try {
      if (key.isValid() && key.isWritable()) {
        line.write();
      }
      if (!key.isValid() || !key.isReadable() || !line.read(in)) {
        return;
      }
      if (line.closes()) {
        ended.add(line);
      } else {
        arrivals.replied(line.number(), line.status());
      }
    } catch (IOException _) {
      ended.add(line);
    }
  }

  /// The old line has either broken or brought its last reply.
  private void replace(Line line, Arrivals arrivals) throws IOException {
    line.close();
    lines.set(line.number(), open(line.number()));
    if (line.isOutstanding()) {
      arrivals.broke(line.number());
    } else if (line.closes()) {
      arrivals.replied(line.number(), line.status());
    }
  }

  @Override
  public void close() {
    lines.forEach(Line::close);
    try {
      selector.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
