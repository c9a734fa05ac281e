package io.tidegate.delivery;

import io.tidegate.base.Time;
import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets parcels out: so many at a time in all, so many to one receiver, each receiver with something
/// to get in its turn. One that hangs holds its own places and no others.
///
///     offer → Receiver (first attempts, retries) → in line, when it may be sent to → carried
///
/// Any thread; one short lock, and nothing foreign is called under it.
final class Traffic {
  private static final long FORGET = Duration.ofMinutes(10).toNanos();

  /// What a request said about its receiver.
  enum Impression {
    WORKS,
    FAILS,
    NONE
  }

  private final Pump.Limits limits;
  private final Pump.Breaker rules;
  private final Time time;
  private final Consumer<Parcel> carrier;
  private final int mostBusy;
  private final Map<String, Receiver> receivers = new HashMap<>();
  private final ArrayDeque<Receiver> line = new ArrayDeque<>();
  private int inFlight;
  private int taking;
  private int busy;
  private boolean closed;

  /// @param carrier starts the thread that carries a parcel
  Traffic(Pump.Limits limits, Pump.Breaker rules, Time time, Consumer<Parcel> carrier) {
    this.limits = limits;
    this.rules = rules;
    this.time = time;
    this.carrier = carrier;
    // What was sent may wait for the log; more of that is no use, and would all be sent again.
    this.mostBusy = Math.max(256, 4 * limits.inFlight());
  }

  /// Sends it on its way as soon as it may.
  void offer(Parcel parcel) {
    if (admit(parcel)) {
      carrier.accept(parcel);
    }
  }

  /// True when it may go at once; otherwise it is carried in its turn.
  synchronized boolean admit(Parcel parcel) {
    var now = time.nanos();
    var receiver = receivers.get(parcel.authority());
    if (receiver == null) {
      receiver = new Receiver(parcel.authority(), limits, rules, now);
      receivers.put(parcel.authority(), receiver);
    }
    parcel.receiver = receiver;
    if (receiver.isEmpty() && hasRoom() && mayTake(receiver) && receiver.delay(now) == 0) {
      begin(receiver, now);
      return true;
    }
    receiver.add(parcel);
    line(receiver, now);
    return false;
  }

  private boolean hasRoom() {
    return !closed && inFlight < limits.inFlight() && busy < mostBusy;
  }

  /// The last quarter of all places is shared out evenly, so that some receivers that hang cannot
  /// hold them all.
  private boolean mayTake(Receiver receiver) {
    var quarter = limits.inFlight() / 4;
    return taking <= 1
        || inFlight < limits.inFlight() - quarter
        || receiver.inFlight() < Math.max(1, quarter / taking);
  }

  private void begin(Receiver receiver, long now) {
    if (receiver.inFlight() == 0) {
      taking++;
    }
    receiver.sent(now);
    inFlight++;
    busy++;
  }

  private void line(Receiver receiver, long now) {
    if (receiver.lined || receiver.isEmpty()) {
      return;
    }
    var wait = receiver.delay(now);
    if (wait == 0) {
      receiver.lined = true;
      line.add(receiver);
    } else if (wait > 0 && !receiver.alarmed) {
      receiver.alarmed = true;
      time.after(Duration.ofNanos(wait), () -> awake(receiver));
    }
  }

  private void awake(Receiver receiver) {
    synchronized (this) {
      receiver.alarmed = false;
      line(receiver, time.nanos());
    }
    carry();
  }

  /// The request is over; what came of it must still be written down.
  void sent(Receiver receiver, Impression impression) {
    synchronized (this) {
      var now = time.nanos();
      inFlight--;
      receiver.ended(impression, now);
      if (receiver.inFlight() == 0) {
        taking--;
      }
      line(receiver, now);
      if (receiver.isIdle(now, FORGET)) {
        receivers.remove(receiver.authority(), receiver);
      }
    }
    carry();
  }

  /// All is written down.
  void settled() {
    synchronized (this) {
      busy--;
    }
    carry();
  }

  private void carry() {
    for (var next = next(); next != null; next = next()) {
      carrier.accept(next);
    }
  }

  private synchronized @Nullable Parcel next() {
    while (hasRoom()) {
      var receiver = line.poll();
      if (receiver == null) {
        return null;
      }
      receiver.lined = false;
      var now = time.nanos();
      if (!mayTake(receiver)) {
        continue; // it has some under way, and gets in line again with the end of one
      }
      if (receiver.delay(now) != 0) {
        line(receiver, now);
        continue;
      }
      var parcel = receiver.poll();
      while (parcel != null && parcel.partition.isClosed()) {
        parcel = receiver.poll();
      }
      if (parcel != null) {
        begin(receiver, now);
        line(receiver, now);
        return parcel;
      }
    }
    return null;
  }

  /// Lets it go before others of its receiver, if it waits there.
  synchronized void prefer(Parcel parcel) {
    var receiver = parcel.receiver;
    if (receiver != null) {
      receiver.prefer(parcel);
    }
  }

  /// How many wait for their turn at the same receiver.
  synchronized int waitingWith(Parcel parcel) {
    var receiver = parcel.receiver;
    return receiver == null ? 0 : receiver.waiting();
  }

  /// Requests to a receiver that came to an end lately, a second; 0 when none did.
  synchronized double pace(String authority, long now) {
    var receiver = receivers.get(authority);
    return receiver == null ? 0 : receiver.pace(now);
  }

  /// How long nothing has come back from a receiver that was sent to, in nanoseconds.
  synchronized long silence(String authority, long now) {
    var receiver = receivers.get(authority);
    return receiver == null ? 0 : receiver.silence(now);
  }

  synchronized int inFlight() {
    return inFlight;
  }

  /// Parcels on their way, until what came of them is written down.
  synchronized int busy() {
    return busy;
  }

  /// Receivers by the state of their breaker.
  synchronized Map<Breaker.State, Integer> breakers() {
    var counts = new EnumMap<Breaker.State, Integer>(Breaker.State.class);
    for (var state : Breaker.State.values()) {
      counts.put(state, 0);
    }
    receivers.values().forEach(each -> counts.merge(each.breaker().state(), 1, Integer::sum));
    return counts;
  }

  /// Those whose breaker is not closed, at most so many.
  synchronized List<CourierView.Broken> broken(int most) {
    var broken = new ArrayList<CourierView.Broken>();
    var now = time.nanos();
    for (var each : receivers.values()) {
      if (each.breaker().state() != Breaker.State.CLOSED && broken.size() < most) {
        broken.add(broken(each, now));
      }
    }
    return broken;
  }

  /// A receiver's breaker, when it is not closed.
  synchronized Optional<CourierView.Broken> broken(String authority) {
    return Optional.ofNullable(receivers.get(authority))
        .filter(each -> each.breaker().state() != Breaker.State.CLOSED)
        .map(each -> broken(each, time.nanos()));
  }

  private static CourierView.Broken broken(Receiver each, long now) {
    return new CourierView.Broken(
        each.authority(),
        each.breaker().state() == Breaker.State.HALF_OPEN,
        each.breaker().failures(),
        each.waiting(),
        Duration.ofNanos(Math.max(0, each.breaker().delay(now))));
  }

  /// Forgets receivers that were not used for long.
  synchronized void tidy() {
    var now = time.nanos();
    receivers.values().removeIf(each -> each.isIdle(now, FORGET));
  }

  /// Lets nothing out any more.
  synchronized void close() {
    closed = true;
  }
}
