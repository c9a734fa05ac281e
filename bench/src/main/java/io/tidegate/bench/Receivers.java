package io.tidegate.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/// Receivers of webhooks, as cheap as they can be: one thread, one selector, a fixed reply; each
/// has a port of its own. They count what arrives, check the order of each key, and note how old it
/// is. Some may hang: they read and never answer.
final class Receivers implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(10);

  private final Selector selector;
  private final List<ServerSocketChannel> listeners = new ArrayList<>();
  private final int[] last;
  private final Set<Long> overtaken = new HashSet<>();
  private final Thread thread;
  private final SingleWriterRecorder ages = new SingleWriterRecorder(MOST_MICROS, 3);
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private final AtomicLong disordered = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private volatile boolean closed;

  /// @param count how many, each with a port
  /// @param hanging the first so many of them
  /// @param keys over all of them
  Receivers(int count, int hanging, int keys) {
    this.last = new int[keys];
    Arrays.fill(last, -1);
    try {
      this.selector = Selector.open();
      for (int i = 0; i < count; i++) {
        listeners.add(listen(i < hanging));
      }
    } catch (IOException failed) {
      throw new BenchFailure("receivers cannot listen: " + failed, failed);
    }
    this.thread = Thread.ofPlatform().daemon().name("receivers").start(this::run);
  }

  private ServerSocketChannel listen(boolean hangs) throws IOException {
    var listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT, hangs);
    return listener;
  }

  /// The URL that leads to the receiver whose turn it is with that key.
  String url(int key) {
    var port = listeners.get(key % listeners.size()).socket().getLocalPort();
    return "http://127.0.0.1:" + port + "/" + key;
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(this::serve);
      }
    } catch (IOException failed) {
      throw new BenchFailure("the receivers have failed: " + failed, failed);
    }
  }

  private void serve(SelectionKey key) {
    try {
      if (key.channel() instanceof ServerSocketChannel listener) {
        accept(listener, key.attachment().equals(true));
      } else if (key.attachment() instanceof Reception reception) {
        reception.read();
      }
    } catch (IOException cut) {
      close(key);
    }
  }

  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException _) {
      // It is of no use any more, closed or not.
    }
  }

  private void accept(ServerSocketChannel listener, boolean hangs) throws IOException {
    for (var channel = listener.accept(); channel != null; channel = listener.accept()) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.register(selector, SelectionKey.OP_READ, reception(channel, hangs));
      connections.incrementAndGet();
    }
  }

  private Reception reception(SocketChannel channel, boolean hangs) {
    return new Reception(channel, hangs, this::received);
  }

  /// On the thread of the receivers.
  private void received(int key, int number, long stamp, long arrived) {
    if (number <= last[key] && !overtaken.remove(place(key, number))) {
      repeated.incrementAndGet();
      return;
    }
    if (number > last[key] + 1) {
      disordered.incrementAndGet();
    }
    for (int missing = last[key] + 1; missing < number; missing++) {
      overtaken.add(place(key, missing));
    }
    last[key] = Math.max(last[key], number);
    ages.recordValue(Math.clamp((arrived - stamp) / 1000, 0, MOST_MICROS));
    received.incrementAndGet();
  }

  private static long place(int key, int number) {
    return (long) key << Integer.SIZE | number;
  }

  /// Answered for the first time.
  long received() {
    return received.get();
  }

  /// Seen again.
  long repeated() {
    return repeated.get();
  }

  /// Arrived while one before it of the same key had not.
  long disordered() {
    return disordered.get();
  }

  long connections() {
    return connections.get();
  }

  /// How old deliveries were, in microseconds, since the last call.
  Histogram ages() {
    return ages.getIntervalHistogram();
  }

  /// Returns once so many have arrived, or the time is up.
  ///
  /// @return whether they have
  boolean await(long count, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (received.get() < count) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    return true;
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
      Set<SelectionKey> keys = new HashSet<>(selector.keys());
      keys.forEach(Receivers::close);
      selector.close();
    } catch (IOException _) {
      // Nobody uses it any more.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
