package io.tidegate.log;

import io.tidegate.base.Time;
import io.tidegate.log.Appended.Reason;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.jctools.queues.MpscArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes appends from any thread and hands them to the producer on its own, in their order, so that
/// no caller ever meets a lock of Kafka's. Answers each within the limit, whatever Kafka does.
///
///     append → ring → this thread → door of the topic → producer → its thread → settled
final class Writer implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final int RUN = 256;
  private static final long NAP = Duration.ofMillis(50).toNanos();
  private static final long SLEEP = Duration.ofSeconds(60).toNanos();

  private final KafkaSettings settings;
  private final Time time;
  private final InFlight inFlight;
  private final AppendMeters meters;
  private final Outlet outlet;
  private final Doors doors;
  private final MpscArrayQueue<Append> ring;
  private final Queue<Runnable> notes = new ConcurrentLinkedQueue<>();
  private final Deque<Append> unsettled = new ArrayDeque<>();
  private final AtomicBoolean parked = new AtomicBoolean();
  private final AtomicBoolean started = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean finished;
  private volatile long patience;

  Writer(
      KafkaSettings settings,
      Time time,
      InFlight inFlight,
      AppendMeters meters,
      Outlet outlet,
      KafkaCluster cluster) {
    this.settings = settings;
    this.time = time;
    this.inFlight = inFlight;
    this.meters = meters;
    this.outlet = outlet;
    this.doors = new Doors(outlet, cluster, this, time);
    this.ring = new MpscArrayQueue<>(settings.limits().messages());
    this.thread =
        Thread.ofPlatform().name("append " + settings.name()).daemon().unstarted(this::run);
  }

  /// Gets ready ahead of the first append. Calling it again does nothing.
  void start() {
    if (!started.get() && started.compareAndSet(false, true)) {
      thread.start();
    }
  }

  void append(Entry entry, int size, Consumer<Appended> then) {
    var append = new Append(this, entry, size, time.nanos(), then);
    if (closing) {
      append.settle(closed());
    } else if (!ring.offer(append)) {
      append.settle(new Appended.Unavailable(Reason.OVERLOADED, "too many appends are waiting"));
    } else {
      start();
      wake();
      if (finished) {
        turnAway();
      }
    }
  }

  /// For those that slipped in while the writer's thread ended.
  private synchronized void turnAway() {
    ring.drain(append -> append.settle(closed()));
  }

  private static Appended closed() {
    return new Appended.Unavailable(Reason.CLOSED, "closed before it could be sent");
  }

  /// Runs a note on the writer's thread.
  @Override
  public void execute(Runnable note) {
    notes.add(note);
    wake();
  }

  private void wake() {
    VarHandle.fullFence();
    if (parked.get() && parked.compareAndSet(true, false)) {
      LockSupport.unpark(thread);
    }
  }

  Outlet outlet() {
    return outlet;
  }

  void topicsCreated() {
    doors.topicsCreated();
  }

  private void run() {
    while (!closing || (!unsettled.isEmpty() && time.nanos() - patience < 0) || !ring.isEmpty()) {
      try {
        round();
      } catch (RuntimeException bug) {
        // This thread answers every append: it must not end before the log does.
        LOG.atError().setCause(bug).log("a round of appends failed");
      }
    }
    finish();
  }

  private void round() {
    doors.begin();
    var taken = ring.drain(this::enter, RUN);
    for (var note = notes.poll(); note != null; note = notes.poll()) {
      note.run();
    }
    sweep(time.nanos() - settings.limits().append().toNanos());
    if (taken == 0) {
      park();
    }
  }

  private void enter(Append append) {
    unsettled.add(append);
    doors.enter(append);
  }

  private void park() {
    parked.set(true);
    if (ring.isEmpty() && notes.isEmpty() && !(closing && unsettled.isEmpty())) {
      LockSupport.parkNanos(this, unsettled.isEmpty() ? SLEEP : NAP);
    }
    parked.set(false);
  }

  /// Forgets what is settled and answers what began before `horizon`. Appends lie in the order in
  /// which they began, so looking at the oldest is enough.
  private void sweep(long horizon) {
    for (var oldest = unsettled.peek(); oldest != null; oldest = unsettled.peek()) {
      if (!oldest.isSettled()) {
        if (oldest.begun() - horizon > 0) {
          return;
        }
        oldest.settle(late(oldest));
      }
      unsettled.remove();
    }
  }

  private Appended late(Append append) {
    if (append.isHanded()) {
      return new Appended.Unknown("the cluster " + settings.name() + " did not answer in time");
    }
    var trouble = append.trouble();
    return new Appended.Unavailable(
        Reason.UNREACHABLE,
        "the cluster "
            + settings.name()
            + " cannot be reached"
            + (trouble == null ? "" : ": " + trouble));
  }

  /// The producer could not do it. Called on the producer's thread.
  void failed(Append append, Exception failure, double movedBefore) {
    if (Failures.isInnocent(failure)) {
      execute(() -> again(append));
      return;
    }
    if (Failures.isFatal(failure)) {
      outlet.drop(failure);
    }
    if (failure instanceof RetriableException) {
      execute(() -> doors.doubt(append.topic()));
    }
    if (failure instanceof InvalidRecordException && append.isKeyless()) {
      execute(() -> doors.wantsKeys(append.topic()));
    }
    append.settle(Failures.answer(failure, outlet.moved() != movedBefore));
  }

  private void again(Append append) {
    if (!append.isSettled()) {
      doors.enter(append);
    }
  }

  /// Called once per append, before its caller is told.
  void settled(Append append, Appended answer) {
    inFlight.give(append.size());
    meters.count(answer, time.nanos() - append.begun());
  }

  /// Stops taking appends, without waiting for those on their way: they get `limit` to arrive.
  void end(Duration limit) {
    patience = time.nanos() + limit.toNanos();
    closing = true;
    if (started.compareAndSet(false, true)) {
      finished = true;
      turnAway();
    } else {
      LockSupport.unpark(thread);
    }
  }

  /// Waits for the end, a little longer than that limit.
  void awaitEnd(Duration limit) {
    try {
      if (thread.getState() != Thread.State.NEW && !thread.join(limit.plusSeconds(2))) {
        LOG.atWarn().addKeyValue("cluster", settings.name()).log("the Kafka producer did not stop");
      }
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  private void finish() {
    for (var append : unsettled) {
      append.settle(
          append.isHanded()
              ? new Appended.Unknown("closed before the cluster answered")
              : closed());
    }
    unsettled.clear();
    finished = true;
    turnAway();
    outlet.close(Duration.ZERO);
  }
}
