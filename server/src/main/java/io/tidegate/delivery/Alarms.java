package io.tidegate.delivery;

import io.tidegate.base.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Wakes parcels when their time has come: any number of them with one alarm of the clock's.
///
/// Any thread. Parcels that no longer wait are found out when their time comes.
final class Alarms {
  /// So that hundreds of thousands that are due at about the same time ring together.
  private static final long TOGETHER = Duration.ofMillis(1).toNanos();

  private final Time time;
  private final PriorityQueue<Ring> rings = new PriorityQueue<>();
  private long next = Long.MAX_VALUE;
  private boolean closed;

  private record Ring(long due, Parcel parcel) implements Comparable<Ring> {
    @Override
    public int compareTo(Ring other) {
      return Long.compare(due - other.due, 0);
    }
  }

  Alarms(Time time) {
    this.time = time;
  }

  void add(Parcel parcel) {
    synchronized (this) {
      rings.add(new Ring(parcel.due, parcel));
      set();
    }
  }

  private void set() {
    var first = rings.peek();
    if (first != null && !closed && (next == Long.MAX_VALUE || first.due - next < 0)) {
      next = first.due;
      var wait = Math.max(TOGETHER, first.due - time.nanos());
      time.after(Duration.ofNanos(wait), this::ring);
    }
  }

  private void ring() {
    var ripe = new ArrayList<Ring>();
    synchronized (this) {
      next = Long.MAX_VALUE;
      var now = time.nanos() + TOGETHER;
      for (var first = rings.peek(); first != null && first.due - now <= 0; first = rings.peek()) {
        ripe.add(rings.remove());
      }
      set();
    }
    // All of them are due: in the order of the log, so that what they need is read together.
    ripe.sort(Comparator.comparingLong(ring -> ring.parcel.offset));
    for (var ring : ripe) {
      ring.parcel.partition.due(ring.parcel, ring.due);
    }
  }

  synchronized int size() {
    return rings.size();
  }

  synchronized void close() {
    closed = true;
    rings.clear();
  }
}
