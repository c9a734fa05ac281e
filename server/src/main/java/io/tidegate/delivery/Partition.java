package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.log.RecordLog.Claim;
import io.tidegate.log.Stored;
import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One partition in this instance's hands: its lanes, and how far it is.
///
///     read → Lane → Traffic → Messenger: begin, send, write down, settle → the lane's next
///
/// One lock, held for a few steps and never while anything waits. Whatever is to be done outside,
/// such as offering parcels to the traffic, is done after it is given back.
final class Partition {
  private static final int MOST_FAR = 1_024;
  private static final int MOST_FLAGS = 10_000;
  private static final int REFUSALS_TOGETHER = 64;
  static final Bytes REFUSED = Bytes.EMPTY;

  /// What is known of a record from before it was read here.
  record Standing(int attempts, long dueAt, boolean blocked, String word, long seen) {}

  final Desk desk;
  final String topic;
  final Claim claim;
  final Journal journal;
  private final int together;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition quiet = lock.newCondition();
  private final Map<Bytes, Lane> lanes = new HashMap<>();
  private final Map<Long, Standing> standings;
  private final Map<Bytes, Boolean> gone = new LinkedHashMap<>();
  private final Set<Thread> carrying = new HashSet<>();
  private final Progress progress;
  private final Gleaner gleaner;
  private final Room room;
  private boolean closing;
  private long changes;
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
    this.progress = progress;
    this.standings = new HashMap<>(standings);
    this.together =
        desk.pump().ordering() instanceof Pump.Ordering.None ? desk.pump().limits().perKey() : 0;
    this.gleaner = new Gleaner(this);
    this.room = new Room(desk, claim, this::makeRoom);
  }

  int number() {
    return claim.partition();
  }

  boolean isClosed() {
    return closed;
  }

  // What comes in

  /// New records, in order, and the offset after them.
  void read(List<Stored> records, long next) {
    var routings = new Routing[records.size()];
    for (var i = 0; i < routings.length; i++) {
      routings[i] = desk.route(records.get(i));
    }
    var ready = new ArrayList<Parcel>();
    lock.lock();
    try {
      if (!closed) {
        for (var i = 0; i < routings.length; i++) {
          if (progress.read(records.get(i).offset())) {
            enter(records.get(i), routings[i], ready);
          }
        }
        progress.skipTo(next);
        changes++;
        room.pauseIfFull(lanes.size());
      }
    } finally {
      lock.unlock();
    }
    ready.forEach(desk.traffic()::offer);
  }

  private void enter(Stored record, Routing routing, List<Parcel> ready) {
    switch (routing) {
      case Routing.Skip _ -> progress.settle(record.offset());
      case Routing.To to -> enter(record, lane(to.lane(), to.authority()), to, ready);
      case Routing.Refuse _ -> enter(record, lane(REFUSED, ""), routing, ready);
    }
  }

  private Lane lane(Bytes id, String authority) {
    var lane = lanes.get(id);
    if (lane == null) {
      lane = new Lane(id, id.isEmpty() ? REFUSALS_TOGETHER : together);
      lanes.put(id, lane);
    }
    if (!lane.authority.equals(authority)) {
      lane.authority = authority;
    }
    return lane;
  }

  private void enter(Stored record, Lane lane, Routing routing, List<Parcel> ready) {
    var parcel = parcel(lane, record, routing);
    if (lane.add(parcel, mostFar())) {
      room.add(parcel);
    }
    advance(lane, ready::add);
  }

  private Parcel parcel(Lane lane, Stored record, Routing routing) {
    var parcel = new Parcel(this, lane, record.offset());
    fill(parcel, record, routing);
    return parcel;
  }

  private void fill(Parcel parcel, Stored record, Routing routing) {
    parcel.record = record;
    parcel.routing = routing;
    parcel.timestamp = record.timestamp();
    if (parcel.seen == 0) {
      parcel.seen = desk.nowMillis();
    }
  }

  /// With many lanes each one keeps less, so that together they stay within some megabytes.
  private int mostFar() {
    return Math.max(8, Math.min(MOST_FAR, 2_000_000 / Math.max(1, lanes.size())));
  }

  /// The log has lost everything below `first`. False when that is below what was read: then it is
  /// not the log that it was.
  boolean truncated(long first) {
    long lost;
    lock.lock();
    try {
      lost = first - progress.read();
      if (lost < 0) {
        return false;
      }
      progress.skipTo(first);
      changes++;
    } finally {
      lock.unlock();
    }
    desk.meters().lost(lost);
    return true;
  }

  // What goes out

  private void advance(Lane lane, Consumer<Parcel> ready) {
    for (var parcel = lane.take(this); parcel != null; parcel = lane.take(this)) {
      if (parcel.attempts > 0 || standings.isEmpty() || !waits(parcel)) {
        ready.accept(parcel);
        if (lane.isOrdered()) {
          break;
        }
      }
    }
    if (lane.isEmpty()) {
      lanes.remove(lane.id);
    } else if (lane.isHungry()) {
      gleaner.feed(lane);
    }
  }

  /// From before a restart it may be known that the time of its next attempt has not come.
  private boolean waits(Parcel parcel) {
    var known = standings.remove(parcel.offset);
    if (known == null) {
      return false;
    }
    apply(parcel, known);
    if (known.blocked) {
      room.empty(parcel);
      parcel.lane.layAside(parcel, Parcel.State.BLOCKED);
      return true;
    }
    if (parcel.due - desk.time().nanos() <= 0) {
      return false;
    }
    park(parcel);
    desk.alarms().add(parcel);
    return true;
  }

  private void apply(Parcel parcel, Standing known) {
    parcel.attempts = known.attempts;
    parcel.word = known.word;
    parcel.seen = known.seen > 0 ? known.seen : parcel.seen;
    parcel.dueAt = known.dueAt;
    var wait = Math.min(known.dueAt - desk.nowMillis(), RetryPolicy.LONGEST_WISH.toMillis());
    parcel.due = desk.time().nanos() + TimeUnit.MILLISECONDS.toNanos(Math.max(0, wait));
  }

  /// The parcel's time has come, unless that was said of another time.
  void due(Parcel parcel, long due) {
    var ready = new ArrayList<Parcel>(1);
    lock.lock();
    try {
      if (!closed && parcel.state == Parcel.State.WAITING && parcel.due == due) {
        parcel.lane.due(parcel);
        if (parcel.record != null) {
          desk.budget().give(parcel.size());
          room.add(parcel);
        }
        advance(parcel.lane, ready::add);
      }
    } finally {
      lock.unlock();
    }
    ready.forEach(desk.traffic()::offer);
  }

  /// The calling thread is to carry it from now on. False when that is no longer wanted.
  boolean begin(Parcel parcel) {
    lock.lock();
    try {
      if (closing || parcel.state != Parcel.State.READY) {
        return false;
      }
      parcel.state = Parcel.State.SENDING;
      parcel.begun = desk.time().nanos();
      carrying.add(Thread.currentThread());
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// The calling thread no longer carries anything of this partition.
  void end() {
    lock.lock();
    try {
      carrying.remove(Thread.currentThread());
      if (carrying.isEmpty()) {
        quiet.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Its contents were read again. What came along is kept for those who want it next: a backlog
  /// that was left to the log is then read once more in all, and not once for each record.
  void loaded(Parcel parcel, Stored record, Routing routing, List<Stored> others) {
    List<Stored> owed;
    lock.lock();
    try {
      fill(parcel, record, routing);
      parcel.begun = desk.time().nanos(); // reading is not the receiver's time
      if (!parcel.flows) {
        room.add(parcel);
      }
      if (routing instanceof Routing.To to) {
        parcel.lane.authority = to.authority();
      }
      owed = others.stream().filter(each -> progress.isOwed(each.offset())).toList();
    } finally {
      lock.unlock();
    }
    var routings = owed.stream().map(desk::route).toList();
    lock.lock();
    try {
      for (var i = 0; i < routings.size() && room.isFree() && !closed; i++) {
        if (routings.get(i) instanceof Routing.To to) {
          keep(owed.get(i), to);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void keep(Stored record, Routing.To to) {
    var lane = lanes.get(to.lane());
    if (lane == null) {
      return;
    }
    if (lane.isNextFar(record.offset())) {
      var near = parcel(lane, record, to);
      lane.comeNear(near);
      room.add(near);
      return;
    }
    for (var parcel : lane.out()) {
      if (parcel.offset == record.offset()
          && parcel.state == Parcel.State.READY
          && parcel.record == null) {
        fill(parcel, record, to);
        room.add(parcel);
      }
    }
  }

  /// It belongs to another receiver than was thought: it gets in line there.
  void reroute(Parcel parcel) {
    lock.lock();
    try {
      parcel.state = Parcel.State.READY;
    } finally {
      lock.unlock();
    }
    desk.traffic().offer(parcel);
  }

  /// It is done with. The lane's next, if it may go.
  @Nullable Parcel settle(Parcel parcel, JournalEntry.Step step) {
    var next = new Parcel[1];
    var ready = new ArrayList<Parcel>(0);
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      progress.settle(parcel.offset);
      changes++;
      room.empty(parcel);
      flag(parcel.lane, step);
      parcel.lane.settled(parcel);
      advance(
          parcel.lane,
          each -> {
            if (next[0] == null) {
              next[0] = each;
            } else {
              ready.add(each);
            }
          });
      room.resumeIfLow(lanes.size());
    } finally {
      lock.unlock();
    }
    ready.forEach(desk.traffic()::offer);
    return next[0];
  }

  private void flag(Lane lane, JournalEntry.Step step) {
    if (step == JournalEntry.Step.GONE) {
      if (gone.size() < MOST_FLAGS) {
        gone.put(lane.id, true);
      }
    } else if (step == JournalEntry.Step.DELIVERED && !gone.isEmpty()) {
      gone.remove(lane.id);
    }
  }

  /// It is tried again at `due`, or when the operator says so (`BLOCKED`).
  void layAside(Parcel parcel, Parcel.State state) {
    var ready = new ArrayList<Parcel>(0);
    lock.lock();
    try {
      if (closed) {
        return;
      }
      changes++;
      if (state == Parcel.State.WAITING) {
        park(parcel);
        desk.alarms().add(parcel);
      } else {
        room.empty(parcel);
        parcel.lane.layAside(parcel, state);
      }
      if (parcel.lane.isStalled()) {
        parcel.lane.forgetNear().forEach(room::empty);
      }
      advance(parcel.lane, ready::add);
      room.resumeIfLow(lanes.size());
    } finally {
      lock.unlock();
    }
    ready.forEach(desk.traffic()::offer);
  }

  private void park(Parcel parcel) {
    var size = parcel.size();
    room.remove(parcel);
    if (parcel.record != null && !desk.budget().park(size)) {
      parcel.record = null;
    }
    parcel.lane.layAside(parcel, Parcel.State.WAITING);
  }

  private void makeRoom() {
    lock.lock();
    try {
      if (!closed) {
        room.make(lanes.values());
      }
    } finally {
      lock.unlock();
    }
  }

  // For those who look closer

  /// Runs something under the lock; it must be short.
  <T> T locked(java.util.function.Function<Inside, T> what) {
    lock.lock();
    try {
      return what.apply(new Inside());
    } finally {
      lock.unlock();
    }
  }

  /// What may be done under the lock.
  final class Inside {
    Map<Bytes, Lane> lanes() {
      return lanes;
    }

    Progress progress() {
      return progress;
    }

    Map<Bytes, Boolean> gone() {
      return gone;
    }

    Map<Long, Standing> standings() {
      return standings;
    }

    Lane lane(Bytes id, String authority) {
      return Partition.this.lane(id, authority);
    }

    void advance(Lane lane, Consumer<Parcel> ready) {
      Partition.this.advance(lane, ready);
    }

    /// A record that was found by looking for what a lane has more of. False when it has no room.
    boolean found(Lane lane, Stored record, Routing routing) {
      var parcel = parcel(lane, record, routing);
      var near = lane.near();
      if (!lane.found(parcel, mostFar())) {
        return false;
      }
      if (lane.near() > near) {
        room.add(parcel);
      }
      return true;
    }

    /// A parcel from before a restart.
    Parcel adopt(Lane lane, long offset, Standing known) {
      var parcel = new Parcel(Partition.this, lane, offset);
      apply(parcel, known);
      parcel.state = known.blocked ? Parcel.State.BLOCKED : Parcel.State.WAITING;
      lane.adopt(parcel);
      return parcel;
    }

    /// Goes up with everything that a checkpoint would say.
    long changes() {
      return changes;
    }

    boolean isClosed() {
      return closed;
    }
  }

  // What the operator does

  /// Tries what waits in a lane at once. False when nothing does.
  boolean retry(Bytes id) {
    var ready = new ArrayList<Parcel>();
    lock.lock();
    try {
      var lane = closed ? null : lanes.get(id);
      if (lane == null) {
        return false;
      }
      var waiting =
          lane.out().stream()
              .filter(
                  each -> each.state == Parcel.State.WAITING || each.state == Parcel.State.BLOCKED)
              .toList();
      waiting.forEach(this::wake);
      advance(lane, ready::add);
      if (waiting.isEmpty()) {
        return false;
      }
    } finally {
      lock.unlock();
    }
    ready.forEach(desk.traffic()::offer);
    return true;
  }

  private void wake(Parcel parcel) {
    parcel.due = desk.time().nanos();
    parcel.lane.due(parcel);
    if (parcel.record != null) {
      desk.budget().give(parcel.size());
      room.add(parcel);
    }
  }

  /// The head of a lane, to be let go, unless it is just being sent or there is none.
  @Nullable Parcel takeHead(Bytes id) {
    lock.lock();
    try {
      var lane = closing ? null : lanes.get(id);
      if (lane == null || lane.out().isEmpty()) {
        return null;
      }
      var head = lane.out().getFirst();
      if (head.state == Parcel.State.SENDING) {
        return null;
      }
      if (head.state != Parcel.State.READY) {
        wake(head);
        lane.retake(head);
      }
      head.state = Parcel.State.SENDING;
      carrying.add(Thread.currentThread());
      return head;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  int carried() {
    lock.lock();
    try {
      return carrying.size();
    } finally {
      lock.unlock();
    }
  }

  // The end

  /// Begins nothing any more.
  void stopSending() {
    lock.lock();
    try {
      closing = true;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for what is on its way. False when that took too long.
  boolean awaitQuiet(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      for (var left = limit.toNanos(); !carrying.isEmpty(); ) {
        if (left <= 0) {
          return false;
        }
        left = quiet.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// What is on its way comes to an end as if the receiver had hung up.
  void cancel() {
    lock.lock();
    try {
      carrying.forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }

  /// Nothing that comes in or comes back changes anything any more.
  void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closing = true;
      closed = true;
      room.clear();
      for (var lane : lanes.values()) {
        for (var parcel : lane.out()) {
          if (!parcel.flows && parcel.record != null && parcel.state == Parcel.State.WAITING) {
            desk.budget().give(parcel.size());
          }
        }
      }
      carrying.forEach(Thread::interrupt);
      lanes.clear();
    } finally {
      lock.unlock();
    }
  }
}
