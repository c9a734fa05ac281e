package io.tidegate.bench;

import io.tidegate.bench.DeliveryResult.Finding;
import io.tidegate.bench.DeliveryResult.Row;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// One event to a thousand destinations, each with a server of its own, over and over: how many
/// deliveries a second are stored and sent. Beside it the bare loop of `deliver`, whose records are
/// stored meanwhile, too, a thousand at a time. A run in which a delivery is missing or comes twice
/// fails.
final class FanoutSpeed {
  static final String TITLE = "fanout";

  private static final String TENANT = "bench";
  private static final int DESTINATIONS = 1_000;
  private static final double RATIO_GOAL = 0.6;
  private static final double RATE_GOAL = 20_000;

  /// Deliveries that may be owed, so that there is always something to send, and no backlog.
  private static final int AHEAD = 4 * DESTINATIONS;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Within which what would come twice has come.
  private static final Duration REST = Duration.ofSeconds(2);

  private final Arena arena;
  private final Sides sides;
  private final Size size;
  private final PrintStream progress;

  record Sides(DeliverySide product, DeliverySide bare, DeliverySide.Node node) {}

  /// @param warmUp under the same load; compilers need a minute on two cores
  /// @param rounds of each side, in turn
  record Size(Duration warmUp, Duration measured, int rounds) {
    static final Size FULL = new Size(Duration.ofSeconds(60), Duration.ofSeconds(20), 3);
    static final Size QUICK = new Size(Duration.ofSeconds(20), Duration.ofSeconds(8), 1);
  }

  FanoutSpeed(Arena arena, Sides sides, Size size, PrintStream progress) {
    this.arena = arena;
    this.sides = sides;
    this.size = size;
    this.progress = progress;
  }

  DeliveryResult run() {
    var rows = new ArrayList<Row>();
    for (int round = 0; round < size.rounds; round++) {
      rows.add(turn(sides.product));
      rows.add(turn(sides.bare));
    }
    var product = sides.product.name();
    var rates = rows.stream().filter(row -> row.label().equals(product)).map(Row::perSecond);
    var best = Spread.of(rates.toList()).median();
    return new DeliveryResult(
        TITLE,
        false,
        rows,
        List.of(
            Finding.ratio("product / bare loop", rows, product, sides.bare.name(), RATIO_GOAL),
            new Finding(
                String.format(Locale.ROOT, "deliveries/s: median %,.0f", best),
                String.format(Locale.ROOT, "%,.0f", RATE_GOAL),
                best >= RATE_GOAL)));
  }

  private Row turn(DeliverySide side) {
    return side instanceof DeliverySide.Events events ? published(events) : stored(side);
  }

  private Row published(DeliverySide.Events side) {
    var receivers = new Receivers(DESTINATIONS, 0, DESTINATIONS);
    try (var stage = DeliveryStage.open(arena, sides.node.jvm(), receivers);
        var target = stage.start(side)) {
      target.awaitFirst();
      progress.printf(Locale.ROOT, "%s: %,d destinations%n", TITLE, DESTINATIONS);
      for (int key = 0; key < DESTINATIONS; key++) {
        target.insist(Requests.subscribe(TENANT, receivers.url(key)));
      }
      var stretch =
          new Stretch(
              stage, target, number -> target.insist(Requests.publish(TENANT, data(number))));
      var row = stretch.run(side.name());
      checkStored(target, "tidegate.deliveries", stretch.owed);
      checkStored(target, "tidegate.outcomes", stretch.owed);
      return row;
    }
  }

  private static String data(int number) {
    return Requests.stamped(String.format(Locale.ROOT, "%08d%019d", number, System.nanoTime()));
  }

  private Row stored(DeliverySide side) {
    var receivers = new Receivers(DESTINATIONS, 0, DESTINATIONS);
    try (var stage = DeliveryStage.open(arena, sides.node.jvm(), receivers);
        var source = stage.source(DESTINATIONS, receivers::url);
        var target = stage.start(side)) {
      return new Stretch(stage, target, _ -> source.send(DESTINATIONS)).run(side.name());
    }
  }

  /// What one side goes through.
  private final class Stretch {
    private final DeliveryStage stage;
    private final Target target;
    private final IntConsumer publish;
    private int events;
    private long owed;

    /// @param publish stores the event of that number
    Stretch(DeliveryStage stage, Target target, IntConsumer publish) {
      this.stage = stage;
      this.target = target;
      this.publish = publish;
    }

    Row run(String name) {
      var receivers = stage.receivers();
      publish.accept(events++);
      owed += DESTINATIONS;
      stage.await(target, owed); // starting is no part of warming up
      keepOwing(size.warmUp);
      var _ = receivers.ages();
      long before = receivers.received();
      var meter = stage.meter(target);
      keepOwing(size.measured);
      var row = Row.of(name, receivers, before, meter.used(), target.cpu().residentMiB());
      progress.printf(Locale.ROOT, "%s: %s: %,.0f/s%n", TITLE, name, row.perSecond());
      stage.await(target, owed);
      LockSupport.parkNanos(REST.toNanos());
      if (receivers.received() != owed || receivers.repeated() > 0) {
        throw target.failure(
            "owed %,d and has delivered %,d, and %,d once more"
                .formatted(owed, receivers.received(), receivers.repeated()));
      }
      return row;
    }

    private void keepOwing(Duration time) {
      var receivers = stage.receivers();
      long end = System.nanoTime() + time.toNanos();
      long limit = System.nanoTime() + PATIENCE.toNanos();
      for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
        if (owed - receivers.received() > AHEAD - DESTINATIONS) {
          if (now > limit || !target.isAlive()) {
            throw target.failure("delivers nothing more");
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
          continue;
        }
        publish.accept(events++);
        owed += DESTINATIONS;
        limit = System.nanoTime() + PATIENCE.toNanos();
      }
    }
  }

  /// Each once, as well: neither lost nor made twice and dropped on the way.
  private static void checkStored(Target target, String topic, long owed) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    long found = -1;
    while (found < owed && System.nanoTime() < end) {
      found = EventTopic.count(target.kafkaPort(), topic).orElse(-1);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    if (found != owed) {
      throw target.failure("owed %,d; %,d lie in %s".formatted(owed, found, topic));
    }
  }
}
