package io.tidegate.bridge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Time;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All event streams of the process: counted, and looked at twice a second, so that none of them
/// needs a timer of its own. Kept across reloads.
///
/// Any thread.
public final class LiveStreams {
  private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);
  private static final Duration TICK = Duration.ofMillis(500);

  private final Time time;
  private final MeterRegistry registry;
  private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean ticking = new AtomicBoolean();
  private final Counter opened;
  private final Counter delivered;
  private final Counter bytes;
  private final Counter unreadable;

  public LiveStreams(Time time, MeterRegistry registry) {
    this.time = time;
    this.registry = registry;
    registry.gauge("tidegate.streams.open", streams, Set::size);
    this.opened = registry.counter("tidegate.streams.opened");
    this.delivered = registry.counter("tidegate.streams.events");
    this.bytes = registry.counter("tidegate.streams.bytes");
    this.unreadable = registry.counter("tidegate.streams.ids.unreadable");
  }

  /// How many are open.
  public int count() {
    return streams.size();
  }

  void enter(EventStream stream) {
    streams.add(stream);
    opened.increment();
    arm();
  }

  void leave(EventStream stream) {
    streams.remove(stream);
  }

  void delivered(int events, int size) {
    delivered.increment(events);
    bytes.increment(size);
  }

  void unreadableId() {
    unreadable.increment();
  }

  void dropped(String reason) {
    registry.counter("tidegate.streams.dropped", "reason", reason).increment();
  }

  private void arm() {
    if (ticking.compareAndSet(false, true)) {
      var _ = time.after(TICK, this::tick);
    }
  }

  private void tick() {
    long now = time.nanos();
    for (var stream : streams) {
      try {
        stream.tick(now);
      } catch (RuntimeException bug) {
        LOG.atError().setCause(bug).log("a stream failed");
        stream.end();
      }
    }
    ticking.set(false);
    if (!streams.isEmpty()) {
      arm();
    }
  }
}
