package io.tidegate.delivery;

import io.tidegate.base.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A clock that a test moves.
public final class JumpingTime implements Time {
  private final List<Due> alarms = new ArrayList<>();
  private final Instant start;
  private long nanos;

  public JumpingTime(Instant start) {
    this.start = start;
  }

  @Override
  public synchronized Instant now() {
    return start.plusNanos(nanos);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized Alarm after(Duration delay, Runnable action) {
    var due = new Due(nanos + delay.toNanos(), action);
    alarms.add(due);
    return () -> {
      synchronized (this) {
        alarms.remove(due);
      }
    };
  }

  public void advance(Duration by) {
    List<Due> ripe;
    synchronized (this) {
      nanos += by.toNanos();
      ripe =
          alarms.stream()
              .filter(due -> due.at <= nanos)
              .sorted(Comparator.comparingLong(due -> due.at))
              .toList();
      alarms.removeAll(ripe);
    }
    ripe.forEach(due -> due.action.run());
  }

  synchronized int pending() {
    return alarms.size();
  }

  private static final class Due {
    private final long at;
    private final Runnable action;

    private Due(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }
  }
}
