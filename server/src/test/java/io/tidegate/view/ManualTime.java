package io.tidegate.view;

import io.tidegate.base.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A clock that goes on when told to; alarms ring on the thread that tells it.
final class ManualTime implements Time {
  private final List<Due> due = new ArrayList<>();
  private long nanos;

  @Override
  public synchronized Instant now() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized Alarm after(Duration delay, Runnable action) {
    var alarm = new Due(nanos + delay.toNanos(), action);
    due.add(alarm);
    return () -> {
      synchronized (this) {
        due.remove(alarm);
      }
    };
  }

  void advance(Duration span) {
    var ringing = new ArrayList<Due>();
    synchronized (this) {
      nanos += span.toNanos();
      due.stream().filter(alarm -> alarm.at <= nanos).forEach(ringing::add);
      due.removeAll(ringing);
    }
    ringing.sort(Comparator.comparingLong(alarm -> alarm.at));
    ringing.forEach(alarm -> alarm.action.run());
  }

  private static final class Due {
    private final long at;
    private final Runnable action;

    Due(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }
  }
}
