package io.tidegate.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.log.RecordLog;
import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/// Brings every record of a pump's topics to where it wants to go: in order per lane, at least once,
/// and whatever the receivers do. Takes part in the pump's group on each of its topics; on another
/// instance another courier has the other partitions.
///
/// `start`, then any thread; only `skip` waits.
///
///     group → Round (a topic) → Partition → Lane → Traffic → Messenger → Sender
public final class Courier implements AutoCloseable {
  private static final Duration TIDY = Duration.ofMinutes(1);

  private final Desk.Common desk;
  private final Messenger messenger;
  private final List<Round> rounds;
  private final Inspection inspection;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile boolean closed;

  /// @param senders the sender for a topic, made once for each and closed with the courier
  /// @param budget shared by all couriers of the process
  public record Needs(
      RecordLog log,
      Function<String, Sender> senders,
      Budget budget,
      Time time,
      MeterRegistry metrics) {}

  public Courier(Pump pump, Needs needs) {
    var time = needs.time();
    var common =
        new Desk.Common(
            pump,
            needs.log(),
            needs.budget(),
            time,
            new SteadyClock(time),
            new RetryPolicy(pump.retry(), () -> ThreadLocalRandom.current().nextDouble()),
            new Traffic(pump.limits(), pump.breaker(), time, this::start),
            new Alarms(time),
            new CourierMeters(needs.metrics(), pump.name()),
            Math.max(1 << 20, needs.budget().limit() / 8));
    this.desk = common;
    this.messenger = new Messenger(common, said -> trouble = said);
    this.rounds =
        pump.routes().stream()
            .map(Pump.Route::topic)
            .distinct()
            .map(topic -> new Round(new Desk(common, needs.senders().apply(topic)), topic))
            .toList();
    this.inspection = new Inspection(common, rounds);
  }

  private void start(Parcel parcel) {
    Thread.startVirtualThread(() -> messenger.carry(parcel));
  }

  public void start() {
    var meters = desk.meters();
    for (var state : CourierView.LaneState.values()) {
      meters.gauge(
          "lanes",
          "Lanes that owe something, by what they are doing",
          Tags.of("state", state.name().toLowerCase(Locale.ROOT)),
          inspection,
          each -> each.census().lanes().getOrDefault(state, 0));
    }
    meters.gauge(
        "oldest.pending.seconds",
        "Age of the oldest record that is owed",
        Tags.empty(),
        inspection,
        each -> each.census().oldestSeconds());
    meters.gauge(
        "lag",
        "Records that are not settled or not even read; not a number while that is not known",
        Tags.empty(),
        inspection,
        each -> each.census().lagOrUnknown());
    meters.gauge(
        "in.flight", "Requests on their way", Tags.empty(), desk.traffic(), Traffic::inFlight);
    for (var state : Breaker.State.values()) {
      meters.gauge(
          "receivers",
          "Receivers by the state of their breaker",
          Tags.of("breaker", state.name().toLowerCase(Locale.ROOT)),
          desk.traffic(),
          each -> each.breakers().getOrDefault(state, 0));
    }
    rounds.forEach(Round::start);
    tidy();
  }

  private void tidy() {
    if (!closed) {
      desk.time()
          .after(
              TIDY,
              () -> {
                desk.traffic().tidy();
                tidy();
              });
    }
  }

  /// Empty when all is well, else what is wrong.
  public Optional<String> check() {
    return rounds.stream().flatMap(round -> round.check().stream()).findFirst().or(() -> trouble);
  }

  /// Parcels on their way, until what came of them is written down.
  int busy() {
    return desk.traffic().busy();
  }

  public CourierView view() {
    return inspection.view(check());
  }

  /// Lanes that owe something, in no order.
  ///
  /// @param state only those in that state; empty for all
  public List<CourierView.Lane> lanes(Optional<CourierView.LaneState> state, int limit) {
    return inspection.lanes(state, limit);
  }

  /// The lanes of a key: one in each partition where it owes something.
  public List<CourierView.Lane> lane(String key) {
    return inspection.lane(id(key));
  }

  /// What is owed to a receiver in the partitions of this instance.
  public CourierView.Queue queue(String authority) {
    return inspection.queue(authority);
  }

  /// What lanes of a key wait for happens now: the next attempt of what failed, another one for
  /// what was given up and blocks. False when nothing of that kind is owed here.
  public boolean retry(String key) {
    var id = id(key);
    return all().stream().map(each -> each.retry(id)).reduce(false, Boolean::logicalOr);
  }

  /// The same for all lanes that wait for a receiver. Looks at every lane once.
  public void wake(String authority) {
    for (var partition : all()) {
      var waiting =
          partition.locked(inside ->
              inside.all().values().stream()
                  .filter(lane -> lane.authority.equals(authority))
                  .map(lane -> lane.id)
                  .toList());
      waiting.forEach(partition::retry);
    }
  }

  /// Lets the oldest record of a key's lanes go, and goes on with the next one. Waits until that is
  /// written down. False when there is none, or when it is just being sent.
  ///
  /// @throws RecordLog.LogUnavailable when it cannot be written down now
  public boolean skip(String key) throws InterruptedException {
    var skipped = false;
    for (var partition : all()) {
      skipped |= messenger.skip(partition, id(key));
    }
    return skipped;
  }

  private static Bytes id(String key) {
    return Bytes.utf8(key);
  }

  private List<Partition> all() {
    var all = new ArrayList<Partition>();
    rounds.forEach(round -> round.keepers().forEach(keeper -> all.add(keeper.partition())));
    return all;
  }

  /// Hands everything over in order, within some seconds.
  @Override
  public void close() {
    closed = true;
    rounds.parallelStream().forEach(Round::close);
    desk.traffic().close();
    desk.alarms().close();
    desk.meters().close();
    rounds.forEach(Round::closeSender);
  }
}
