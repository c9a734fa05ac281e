package io.tidegate.edge;

import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One event loop, with what belongs to it alone: the queue through which other threads hand work
/// back, a coarse clock, the watch over its peers, and its share of the limits.
///
/// The log's I/O thread completes thousands of requests in one go: they are queued without a lock
/// and the loop is woken once for all of them.
final class Loop {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final int ONE_GO = 4096;
  private static final int ID_DIGITS = 7; // 34 thousand million requests of one loop
  private static final byte[] DIGITS =
      "0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.ISO_8859_1);

  final EventLoop eventLoop;
  final EdgeLimits limits;
  final Quota bodies;
  final Watch watch = new Watch();

  private final MpscUnboundedArrayQueue<Runnable> handedBack = new MpscUnboundedArrayQueue<>(1024);
  private final AtomicBoolean woken = new AtomicBoolean();
  private final long started = System.nanoTime();
  private final int mostRequests;
  private final byte[] idPrefix;
  private long now;
  private long ids;
  private int requests;

  Loop(EventLoop eventLoop, EdgeLimits limits, int loops, Quota bodies) {
    this.eventLoop = eventLoop;
    this.limits = limits;
    this.bodies = bodies;
    this.mostRequests = Math.max(1, limits.counts().requests() / loops);
    this.idPrefix =
        (Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36) + "-")
            .getBytes(StandardCharsets.ISO_8859_1);
    var period = period(limits.waits());
    var _ = eventLoop.scheduleAtFixedRate(this::tick, period, period, TimeUnit.NANOSECONDS);
  }

  /// A quarter of the shortest wait, but between ten milliseconds and a second.
  private static long period(EdgeLimits.Waits waits) {
    var shortest = waits.head();
    for (var wait : new Duration[] {waits.body(), waits.idle(), waits.write(), waits.tcp()}) {
      shortest = wait.compareTo(shortest) < 0 ? wait : shortest;
    }
    return Math.clamp(
        shortest.toNanos() / 4, TimeUnit.MILLISECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(1));
  }

  private void tick() {
    now = System.nanoTime() - started;
    watch.check(now);
  }

  /// Nanoseconds since the loop began, as of the last tick. Good enough for time-outs, and free.
  long now() {
    return now;
  }

  /// Tells a request from all others, of this process and very likely of any.
  String nextId() {
    var id = Arrays.copyOf(idPrefix, idPrefix.length + ID_DIGITS);
    long rest = ids++;
    for (int i = id.length - 1; i >= idPrefix.length; i--) {
      id[i] = DIGITS[(int) (rest & 31)];
      rest >>>= 5;
    }
    return new String(id, StandardCharsets.ISO_8859_1);
  }

  /// False when this loop has enough to do; then `requestEnded` must not follow.
  boolean requestBegan() {
    if (requests == mostRequests) {
      return false;
    }
    requests++;
    return true;
  }

  void requestEnded() {
    requests--;
  }

  boolean here() {
    return eventLoop.inEventLoop();
  }

  /// Runs `work` on the loop, from whatever thread, in order of submission.
  void submit(Runnable work) {
    handedBack.offer(work);
    wake();
  }

  private void wake() {
    if (!woken.get() && woken.compareAndSet(false, true)) {
      try {
        eventLoop.execute(this::drain);
      } catch (RejectedExecutionException ended) {
        woken.set(false); // so that the next one hears of it too
        throw ended;
      }
    }
  }

  private void drain() {
    woken.set(false);
    for (int i = 0; i < ONE_GO; i++) {
      var work = handedBack.poll();
      if (work == null) {
        return;
      }
      try {
        work.run();
      } catch (RuntimeException bug) {
        LOG.atError().setCause(bug).log("a completion failed");
      }
    }
    wake(); // let the sockets have their turn
  }
}
