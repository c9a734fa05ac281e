package io.tidegate.bench;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/// Readers of one event stream, on one event loop: they count events, and some of them take the
/// time from the moment that is written at the beginning of each.
final class StreamReaders implements AutoCloseable {
  private static final int STAMP_DIGITS = 16;
  private static final int TIMED_EVERY = 10;

  private final Vertx vertx = Vertx.vertx();

  /// Held, since one that nobody refers to is closed together with its connections.
  private final NetClient client =
      vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true).setConnectTimeout(60_000));

  private final AtomicLong events = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);

  /// The beginning of an event, which tells when it was made.
  static String stamp() {
    var now = Instant.now();
    return "%016d".formatted(now.getEpochSecond() * 1_000_000 + now.getNano() / 1000);
  }

  /// Connects them, a few at a time, and waits until each has the head of its reply.
  StreamReaders open(InetSocketAddress address, String path, int count) {
    for (int first = 0; first < count; first += 200) {
      var size = Math.min(200, count - first);
      var heads = new CountDownLatch(size);
      for (int i = 0; i < size; i++) {
        connect(address, path, new Reader((first + i) % TIMED_EVERY == 0, heads));
      }
      await(heads);
    }
    return this;
  }

  private static void await(CountDownLatch heads) {
    try {
      if (!heads.await(120, TimeUnit.SECONDS)) {
        throw new BenchFailure("streams do not open: " + heads.getCount() + " are left");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted");
    }
  }

  private void connect(InetSocketAddress address, String path, Reader reader) {
    client
        .connect(address.getPort(), address.getHostString())
        .onSuccess(socket -> {
          socket.handler(reader::take);
          socket.exceptionHandler(_ -> {}); // the close that follows counts
          socket.closeHandler(_ -> ended.incrementAndGet());
          var head = "GET " + path + " HTTP/1.0\r\nhost: bench\r\n\r\n";
          var _ = socket.write(Buffer.buffer(head.getBytes(StandardCharsets.US_ASCII)));
        });
  }

  long events() {
    return events.get();
  }

  /// Streams that are over.
  long ended() {
    return ended.get();
  }

  /// What was timed since the last call, in microseconds.
  Histogram timed() {
    synchronized (micros) {
      var copy = micros.copy();
      micros.reset();
      return copy;
    }
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception failed) {
      throw new BenchFailure("the readers do not end: " + failed, failed);
    }
  }

  private final class Reader {
    private final boolean timed;
    private final CountDownLatch head;
    private boolean hasHead;
    private int blanks;
    private int matched; // of "data:"
    private int digits = -1;
    private long stamp;

    Reader(boolean timed, CountDownLatch head) {
      this.timed = timed;
      this.head = head;
    }

    void take(Buffer piece) {
      ByteBuf bytes = ((BufferInternal) piece).getByteBuf();
      long now = timed ? Long.parseLong(stamp()) : 0;
      long complete = 0;
      for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
        byte b = bytes.getByte(i);
        if (timed && hasHead) {
          time(b, now);
        }
        if (b == '\n' && ++blanks == 2) {
          if (hasHead) {
            complete++;
          } else {
            hasHead = true;
            head.countDown();
          }
        } else if (b != '\n' && b != '\r') {
          blanks = 0;
        }
      }
      events.addAndGet(complete);
    }

    private void time(byte b, long now) {
      if (digits >= 0) {
        stamp = stamp * 10 + (b - '0');
        if (++digits == STAMP_DIGITS) {
          synchronized (micros) {
            micros.recordValue(Math.clamp(now - stamp, 0, micros.getHighestTrackableValue()));
          }
          digits = -1;
        }
        return;
      }
      matched = b == "data:".charAt(matched) ? matched + 1 : 0;
      if (matched == 5) {
        matched = 0;
        digits = 0;
        stamp = 0;
      }
    }
  }
}
