package io.tidegate.edge;

import io.netty.util.concurrent.Future;
import io.tidegate.http.Client.Failure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What one client does on one event loop. Only that loop touches it, but for what is said to be
/// for any thread.
///
/// There is one timer for all calls: it ticks fast while there are calls, slowly while there are
/// only idle connections, and not at all when there is nothing.
final class OutboundLoop {
  private static final long FAST = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long SLOW = TimeUnit.SECONDS.toNanos(1);

  final Loop loop;
  final OutboundWay way;
  final Names names;
  final Watch idle = new Watch();

  private final Watch calls = new Watch();
  private final Map<Destination, OutboundPool> pools = new HashMap<>();
  private @Nullable Future<?> tick;
  private boolean fast;
  private long lookedAtIdle;
  private boolean closed;
  private int dialling;
  private volatile int connections;
  private volatile int destinations;

  OutboundLoop(Loop loop, OutboundWay way, Names names) {
    this.loop = loop;
    this.way = way;
    this.names = names;
  }

  /// For any thread.
  void begin(OutboundCall call) {
    submit(call, call);
  }

  /// For any thread.
  void submit(OutboundCall call, Runnable work) {
    try {
      loop.submit(work);
    } catch (RejectedExecutionException ended) {
      call.cancel("the event loops have ended");
    }
  }

  /// For any thread.
  int connections() {
    return connections;
  }

  /// For any thread.
  int destinations() {
    return destinations;
  }

  void admit(OutboundCall call) {
    if (closed) {
      call.cancel("the client is closed");
      return;
    }
    calls.enter(call);
    if (!fast) {
      schedule(true);
    }
    pool(call.destination).take(call);
  }

  void left(OutboundCall call) {
    calls.leave(call);
  }

  /// Sends a call again, elsewhere.
  void again(OutboundCall call) {
    if (closed) {
      call.cancel("the client is closed");
    } else {
      pool(call.destination).take(call);
    }
  }

  private OutboundPool pool(Destination destination) {
    var pool = pools.get(destination);
    if (pool == null) {
      pool = new OutboundPool(this, destination);
      pools.put(destination, pool);
      destinations = pools.size();
    }
    return pool;
  }

  void forget(OutboundPool pool) {
    pools.remove(pool.destination, pool);
    destinations = pools.size();
  }

  /// Makes room for one more connection, if need be at the cost of the one that has been idle for
  /// longest.
  boolean mayConnect() {
    if (connections + dialling < Math.max(1, way.pooling().all() / way.edge().loopCount())) {
      return true;
    }
    if (idle.oldest() instanceof IdleLine oldest) {
      oldest.end();
      return true;
    }
    return false;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  void connected(int change) {
    connections += change;
  }

  private void schedule(boolean soon) {
    if (tick != null) {
      tick.cancel(false);
    }
    fast = soon;
    tick = loop.eventLoop.schedule(this::tick, soon ? FAST : SLOW, TimeUnit.NANOSECONDS);
  }

  private void tick() {
    tick = null;
    long now = System.nanoTime();
    calls.check(now);
    if (now - lookedAtIdle >= SLOW) {
      lookedAtIdle = now;
      idle.check(now);
    }
    fast = false;
    if (!pools.isEmpty() || !calls.isEmpty()) {
      schedule(!calls.isEmpty());
    }
  }

  /// For any thread.
  void close(Runnable done) {
    try {
      loop.submit(() -> {
        end();
        done.run();
      });
    } catch (RejectedExecutionException ended) {
      done.run();
    }
  }

  private void end() {
    closed = true;
    while (calls.oldest() instanceof OutboundCall call) {
      call.fail(Failure.CANCELLED, "the client was closed");
    }
    List.copyOf(pools.values()).forEach(OutboundPool::close);
    if (tick != null) {
      tick.cancel(false);
    }
    names.close();
  }

  /// A connection begins to be made, or has been.
  void dials(int change) {
    dialling += change;
  }

  /// A connection without a call, in the ring of `idle`.
  static final class IdleLine extends Watch.Entry {
    private final OutboundLine line;
    private final long longest;
    private long since = System.nanoTime();
    private long limit;

    IdleLine(OutboundLine line, Pooling pooling) {
      this.line = line;
      this.longest = pooling.idleNanos();
      this.limit = longest;
    }

    /// It begins to be idle.
    ///
    /// @param seconds for which the server keeps it, or -1
    void begin(int seconds) {
      since = System.nanoTime();
      limit = seconds < 0 ? longest : Math.min(longest, TimeUnit.SECONDS.toNanos(seconds - 1L));
    }

    long nanos() {
      return System.nanoTime() - since;
    }

    @Override
    void check(long now) {
      if (now - since > limit) {
        line.close();
      }
    }

    void end() {
      line.close();
    }
  }
}
