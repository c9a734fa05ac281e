package io.tidegate.inbox;

import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Appended.Reason;
import io.tidegate.log.Entry;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.MpscChunkedArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Events that were acknowledged and are still to be stored. Bounded in number and bytes; who puts
/// one in meets no lock and never waits.
///
///     offer → queue → this thread → log ──stored──→ gone
///                       ↑            └─not now─→ a moment later again
///
/// What the log will never take is given up, and so is what is left when closing takes too long:
/// that is what `memory` means. Both are counted, and said.
final class MemoryQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryQueue.class);
  private static final int MOST = 1 << 20;

  /// On the way to the log at once, so that those who wait for it find room there.
  private static final int WINDOW = 2048;

  private static final long AGAIN = Duration.ofMillis(250).toNanos();
  private static final long MISSING_TOPIC = Duration.ofMinutes(1).toNanos();
  private static final long NAP = Duration.ofMillis(50).toNanos();
  private static final long SLEEP = Duration.ofSeconds(60).toNanos();
  private static final Duration GOODBYE = Duration.ofSeconds(5);

  private final Storing storing;
  private final Queue<Held> queue = new MpscChunkedArrayQueue<>(1024, MOST);
  private final Queue<Held> failed = new ConcurrentLinkedQueue<>();
  private final Deque<Held> again = new ArrayDeque<>();
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean parked = new AtomicBoolean();
  private final Thread thread =
      Thread.ofPlatform().name("webhooks from memory").daemon().unstarted(this::run);
  private volatile Bounds bounds;
  private volatile boolean closing;
  private volatile long patience;

  /// How much may wait.
  record Bounds(int messages, long bytes) {}

  /// Where entries go.
  interface Storing {
    void append(Entry entry, Acks acks, java.util.function.Consumer<Appended> then);
  }

  private static final class Held {
    private final Entry entry;
    private final int size;
    private final long since;
    private long due;

    Held(Entry entry, int size, long since) {
      this.entry = entry;
      this.size = size;
      this.since = since;
    }
  }

  MemoryQueue(Storing storing, Bounds bounds) {
    this.storing = storing;
    this.bounds = bounds;
  }

  void bounds(Bounds next) {
    bounds = next;
  }

  Bounds bounds() {
    return bounds;
  }

  int messages() {
    return messages.get();
  }

  long bytes() {
    return bytes.get();
  }

  long dropped() {
    return dropped.get();
  }

  /// All of them or none: false when there is no room, or no time left.
  boolean offer(List<Entry> entries) {
    long size = 0;
    for (var entry : entries) {
      size += size(entry);
    }
    if (closing || !book(entries.size(), size)) {
      return false;
    }
    var now = System.nanoTime();
    for (var entry : entries) {
      queue.add(new Held(entry, size(entry), now)); // there is room for all that is booked
    }
    if (!started.get() && started.compareAndSet(false, true)) {
      thread.start();
    }
    wake();
    return true;
  }

  private boolean book(int count, long size) {
    var most = bounds;
    if (messages.addAndGet(count) > most.messages) {
      messages.addAndGet(-count);
      return false;
    }
    if (bytes.addAndGet(size) > most.bytes) {
      messages.addAndGet(-count);
      bytes.addAndGet(-size);
      return false;
    }
    return true;
  }

  private void release(int size) {
    messages.decrementAndGet();
    bytes.addAndGet(-size);
  }

  private static int size(Entry entry) {
    var size = 100;
    var key = entry.key();
    var value = entry.value();
    size += key == null ? 0 : key.size();
    size += value == null ? 0 : value.size();
    for (var header : entry.headers()) {
      size += 60 + header.name().length() + header.value().size();
    }
    return size;
  }

  private void wake() {
    VarHandle.fullFence();
    if (parked.get() && parked.compareAndSet(true, false)) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!closing || (messages.get() > 0 && System.nanoTime() - patience < 0)) {
      try {
        round();
      } catch (RuntimeException bug) {
        LOG.atError().setCause(bug).log("a round of storing failed");
      }
    }
  }

  private void round() {
    var moved = 0;
    for (var held = failed.poll(); held != null; held = failed.poll()) {
      again.add(held);
    }
    while (inFlight.get() < WINDOW) {
      var held = next();
      if (held == null) {
        break;
      }
      inFlight.incrementAndGet();
      storing.append(held.entry, Acks.IN_SYNC_REPLICAS, outcome -> settled(held, outcome));
      moved++;
    }
    if (moved == 0) {
      park();
    }
  }

  private @Nullable Held next() {
    var oldest = again.peek();
    if (oldest != null && System.nanoTime() - oldest.due >= 0) {
      return again.remove();
    }
    return queue.poll();
  }

  private void park() {
    parked.set(true);
    var isFull = inFlight.get() >= WINDOW;
    if ((isFull || queue.isEmpty()) && failed.isEmpty()) {
      LockSupport.parkNanos(this, again.isEmpty() && inFlight.get() == 0 && !closing ? SLEEP : NAP);
    }
    parked.set(false);
  }

  private void settled(Held held, Appended outcome) {
    switch (outcome) {
      case Appended.At _ -> release(held.size);
      case Appended.Refused(var reason, var cause) -> giveUp(held, reason.toString(), cause);
      case Appended.Unavailable(var reason, var cause)
          when reason == Reason.NO_SUCH_TOPIC && System.nanoTime() - held.since > MISSING_TOPIC ->
          giveUp(held, reason.toString(), cause);
      case Appended.Unavailable _, Appended.Unknown _ -> {
        held.due = System.nanoTime() + AGAIN;
        failed.add(held);
      }
    }
    inFlight.decrementAndGet();
    wake();
  }

  private void giveUp(Held held, String reason, String cause) {
    release(held.size);
    if (dropped.incrementAndGet() % 1000 == 1) {
      LOG.atWarn()
          .addKeyValue("topic", held.entry.topic())
          .addKeyValue("reason", reason)
          .addKeyValue("dropped", dropped.get())
          .log("events acknowledged from memory were given up: {}", cause);
    }
  }

  /// Stores what is there, within a few seconds.
  @Override
  public void close() {
    patience = System.nanoTime() + GOODBYE.toNanos();
    closing = true;
    if (!started.get()) {
      return;
    }
    LockSupport.unpark(thread);
    try {
      thread.join(GOODBYE.plusSeconds(1));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    var left = messages.get();
    if (left > 0) {
      dropped.addAndGet(left);
      LOG.atWarn()
          .addKeyValue("dropped", left)
          .log("events acknowledged from memory could not be stored in time");
    }
  }
}
