package io.tidegate.base;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A clock that a test moves, alarm by alarm; its wall clock can leap. Alarms ring on the thread
/// that moves it.
public final class ManualTime implements Time {
  private final List<Due> alarms = new ArrayList<>();
  private long nanos;
  private Instant wall;

  public ManualTime() {
    this(Instant.now());
  }

  public ManualTime(Instant start) {
    this.wall = start;
  }

  @Override
  public synchronized Instant now() {
    return wall;
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  /// The wall clock alone.
  public synchronized void leap(Duration by) {
    wall = wall.plus(by);
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
    var end = nanos() + by.toNanos();
    for (var next = next(end); next != null; next = next(end)) {
      next.action.run();
    }
    goTo(end);
  }

  public synchronized int pending() {
    return alarms.size();
  }

  private synchronized void goTo(long to) {
    if (to > nanos) {
      wall = wall.plusNanos(to - nanos);
      nanos = to;
    }
  }

  private synchronized Due next(long end) {
    var first = alarms.stream().min(Comparator.comparingLong(due -> due.at)).orElse(null);
    if (first == null || first.at > end) {
      return null;
    }
    alarms.remove(first);
    goTo(first.at);
    return first;
  }

  /// No record: two that are alike are still two.
  private static final class Due {
    private final long at;
    private final Runnable action;

    private Due(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }
  }
}
