package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.log.RecordLog.Claim;
import io.tidegate.log.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One partition in this instance's hands: its lanes, and how far it is.
///
///     read → Lanes → Traffic → Messenger: begin, send, write down, settle → the lane's next
///
/// One lock, held for a few steps and never while anything waits; what is done under it is in
/// `Lanes`. Whatever is to be done outside, such as offering parcels to the traffic, is done after
/// it is given back.
final class Partition {
  final Desk desk;
  final String topic;
  final Claim claim;
  final Journal journal;
  final Carriers carriers;
  final Contents contents;
  private final ReentrantLock lock = new ReentrantLock();
  private final Lanes lanes;
  private volatile boolean closed;

  Partition(
      Desk desk,
      String topic,
      Claim claim,
      Journal journal,
      Progress progress,
      Map<Long, Standing> standings) {
    this.desk = desk;
    this.topic = topic;
    this.claim = claim;
    this.journal = journal;
    this.carriers = new Carriers(lock);
    this.contents = new Contents(this);
    this.lanes = new Lanes(this, progress, standings);
  }

  int number() {
    return claim.partition();
  }

  boolean isClosed() {
    return closed;
  }

  /// Runs something under the lock; it must be short.
  <T> T locked(Function<Lanes, T> what) {
    lock.lock();
    try {
      return what.apply(lanes);
    } finally {
      lock.unlock();
    }
  }

  /// The same, unless it is closed; and what is ready then is offered to the traffic.
  ///
  /// @param what what may go is given to its consumer; says whether it had any effect
  private boolean change(Predicate<Consumer<Parcel>> what) {
    var ready = new ArrayList<Parcel>();
    var changed = locked(_ -> !closed && what.test(ready::add));
    ready.forEach(desk.traffic()::offer);
    return changed;
  }

  /// New records, in order, and the offset after them.
  void read(List<Stored> records, long next) {
    var routings = records.stream().map(desk::route).toList();
    change(ready -> {
      lanes.enter(records, routings, next, ready);
      return true;
    });
  }

  /// The log has lost everything below `first`. False when that is below what was read: then it is
  /// not the log that it was.
  boolean truncated(long first) {
    var lost = locked(each -> each.truncated(first));
    desk.meters().lost(lost);
    return lost >= 0;
  }

  /// The parcel's time has come, unless that was said of another time.
  void due(Parcel parcel, long due) {
    change(ready -> {
      var wakes = parcel.state == Parcel.State.WAITING && parcel.due == due;
      if (wakes) {
        lanes.wake(parcel);
        lanes.advance(parcel.lane, ready);
      }
      return wakes;
    });
  }

  /// The calling thread is to carry it from now on. False when that is no longer wanted.
  boolean begin(Parcel parcel) {
    return locked(_ -> {
      var begins = parcel.state == Parcel.State.READY && carriers.begin();
      if (begins) {
        parcel.state = Parcel.State.SENDING;
        parcel.begun = desk.time().nanos();
      }
      return begins;
    });
  }

  /// It belongs to another receiver than was thought: it gets in line there.
  void reroute(Parcel parcel) {
    locked(_ -> parcel.state = Parcel.State.READY);
    desk.traffic().offer(parcel);
  }

  /// It is done with. The lane's next, if it may go.
  @Nullable Parcel settle(Parcel parcel, JournalEntry.Step step) {
    var ready = new ArrayList<Parcel>(1);
    locked(each -> {
      if (!closed) {
        each.settle(parcel, step, ready::add);
      }
      return closed;
    });
    for (var i = 1; i < ready.size(); i++) {
      desk.traffic().offer(ready.get(i));
    }
    return ready.isEmpty() ? null : ready.getFirst();
  }

  /// It is tried again when it is due, or when the operator says so (`BLOCKED`).
  void layAside(Parcel parcel, Parcel.State state) {
    change(ready -> {
      lanes.layAside(parcel, state, ready);
      return true;
    });
  }

  void makeRoom() {
    locked(each -> {
      if (!closed) {
        each.room().make(each.all().values());
      }
      return closed;
    });
  }

  /// Tries what waits in a lane at once. False when nothing does.
  boolean retry(Bytes id) {
    return change(ready -> lanes.retry(id, ready));
  }

  /// The head of a lane, to be let go by the calling thread, unless it is just being sent or there
  /// is none.
  @Nullable Parcel takeHead(Bytes id) {
    lock.lock();
    try {
      var lane = lanes.all().get(id);
      if (lane == null || lane.out().isEmpty()) {
        return null;
      }
      var head = lane.out().getFirst();
      if (head.state == Parcel.State.SENDING || !carriers.begin()) {
        return null;
      }
      if (head.state != Parcel.State.READY) {
        lanes.wakeNow(head);
        lane.retake(head);
      }
      head.state = Parcel.State.SENDING;
      return head;
    } finally {
      lock.unlock();
    }
  }

  /// Nothing that comes in or comes back changes anything any more.
  void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        carriers.stop();
        carriers.cancel();
        lanes.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
