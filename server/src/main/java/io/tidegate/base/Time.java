package io.tidegate.base;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The clock and the alarm of the house. Injected, so that tests can jump.
///
/// Any thread may use it. Alarms run on the implementation's own thread and must not block.
public interface Time {

  Instant now();

  /// A point on a clock that never goes back, in nanoseconds; only differences mean something.
  long nanos();

  /// Runs `action` once, `delay` from now, unless it is cancelled before.
  Alarm after(Duration delay, Runnable action);

  /// Something that will happen. Cancelling twice, or too late, does nothing.
  interface Alarm {
    void cancel();
  }

  /// The machine's clock, with one daemon thread for alarms.
  static Time system() {
    return SystemTime.INSTANCE;
  }

  /// The machine's clock.
  final class SystemTime implements Time {
    private static final SystemTime INSTANCE = new SystemTime();

    private final ScheduledThreadPoolExecutor alarms =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().name("alarms").daemon().unstarted(task));

    private SystemTime() {
      alarms.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Instant now() {
      return Instant.now();
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public Alarm after(Duration delay, Runnable action) {
      var scheduled = alarms.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> scheduled.cancel(false);
    }
  }
}
