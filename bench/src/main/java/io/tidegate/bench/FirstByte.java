package io.tidegate.bench;

import io.tidegate.bench.DeliveryResult.Finding;
import io.tidegate.bench.DeliveryResult.Row;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// From publishing by HTTP to the first byte at a webhook: events of 64 tenants with a webhook
/// each, at a steady rate, half of what the whole way can do. Ages count from the moment at which a
/// request was meant to leave. Beside it the bare way at the same rate: a handler that stores, and
/// the bare loop of `deliver`.
final class FirstByte {
  static final String TITLE = "first-byte";

  private static final int TENANTS = 64;
  private static final double P50_GOAL = 10;
  private static final double P99_GOAL = 100;

  /// Events that may be under way while we look how many there can be a second.
  private static final int AHEAD = 2_000;

  private final Arena arena;
  private final Sides sides;
  private final Size size;
  private final PrintStream progress;

  record Sides(DeliverySide product, DeliverySide bare, DeliverySide.Node node) {}

  /// @param warmUp flat out
  /// @param flatOut in which the greatest rate is taken
  /// @param lead at the steady rate before the measured time
  /// @param rate events a second; half of the greatest when there is none
  record Size(
      Duration warmUp, Duration flatOut, Duration lead, Duration measured, OptionalDouble rate) {
    static final Size FULL =
        new Size(
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            OptionalDouble.empty());
    static final Size QUICK =
        new Size(
            Duration.ofSeconds(20),
            Duration.ofSeconds(4),
            Duration.ofSeconds(5),
            Duration.ofSeconds(8),
            OptionalDouble.empty());
  }

  FirstByte(Arena arena, Sides sides, Size size, PrintStream progress) {
    this.arena = arena;
    this.sides = sides;
    this.size = size;
    this.progress = progress;
  }

  DeliveryResult run() {
    var product = turn(sides.product, size.rate);
    var bare = turn(sides.bare, OptionalDouble.of(product.rate));
    return new DeliveryResult(
        TITLE,
        true,
        List.of(product.row, bare.row),
        List.of(
            Finding.atMost("p50 ms", product.row.p50(), P50_GOAL),
            Finding.atMost("p99 ms", product.row.p99(), P99_GOAL),
            Finding.told("p50, product / bare loop", product.row.p50() / bare.row.p50()),
            Finding.told("p99, product / bare loop", product.row.p99() / bare.row.p99()),
            Finding.told("flat out, events/s, product", product.most),
            Finding.told("flat out, events/s, bare loop", bare.most),
            Finding.told("answered, p50 ms, product", product.answers.millis(50)),
            Finding.told("answered, p99 ms, product", product.answers.millis(99))));
  }

  /// @param most events a second, flat out
  /// @param answers how long the publisher waited, at the steady rate
  private record Measured(Row row, double most, double rate, Tally answers) {}

  private Measured turn(DeliverySide side, OptionalDouble rate) {
    var receivers = new Receivers(TENANTS, 0, TENANTS);
    try (var stage = DeliveryStage.open(arena, sides.node.jvm(), receivers);
        var target = stage.start(side)) {
      target.awaitFirst();
      var requests = new StampedRequests(requests(side, target, receivers));
      return new Way(stage, target, requests).run(side.name(), rate);
    }
  }

  private static List<byte[]> requests(DeliverySide side, Target target, Receivers receivers) {
    var data = Requests.stamped(StampedRequests.PLACE);
    if (side instanceof DeliverySide.Relay) {
      return each(key -> Requests.relay(receivers.url(key), data));
    }
    for (int key = 0; key < TENANTS; key++) {
      target.insist(Requests.putTenant(tenant(key)));
      target.insist(Requests.subscribe(tenant(key), receivers.url(key)));
    }
    return each(key -> Requests.publish(tenant(key), data));
  }

  private static List<byte[]> each(IntFunction<byte[]> request) {
    return IntStream.range(0, TENANTS).mapToObj(request).toList();
  }

  private static String tenant(int key) {
    return "tenant-" + key;
  }

  /// One side's whole way.
  private final class Way {
    private final DeliveryStage stage;
    private final Target target;
    private final StampedRequests requests;

    Way(DeliveryStage stage, Target target, StampedRequests requests) {
      this.stage = stage;
      this.target = target;
      this.requests = requests;
    }

    Measured run(String name, OptionalDouble given) {
      progress.printf("%s: %s: warming up%n", TITLE, name);
      flatOut(size.warmUp);
      double most = flatOut(size.flatOut);
      settle();
      double rate = given.orElse(most / 2);
      progress.printf(
          Locale.ROOT, "%s: %s: %,.0f/s flat out, %,.0f/s offered%n", TITLE, name, most, rate);
      publish(new Pace.Open(rate), size.lead);
      settle();
      var receivers = stage.receivers();
      var _ = receivers.ages();
      long before = receivers.received();
      var meter = stage.meter(target);
      var answers = publish(new Pace.Open(rate), size.measured);
      var used = meter.used();
      settle();
      var row = Row.of(name, receivers, before, used, target.cpu().residentMiB());
      return new Measured(row, most, rate, answers);
    }

    /// @return how many arrived a second
    private double flatOut(Duration time) {
      var receivers = stage.receivers();
      long owed = requests.sent() - receivers.received();
      long before = receivers.received();
      long began = System.nanoTime();
      var pace = new Pace.Ahead(AHEAD - owed, () -> receivers.received() - before);
      publish(pace, time);
      return (receivers.received() - before) / ((System.nanoTime() - began) / 1e9);
    }

    private Tally publish(Pace pace, Duration time) {
      try (var wire = SocketWire.open(target.address(), requests, requests.connections())) {
        var span = Span.of(System.nanoTime(), Duration.ZERO, time);
        var tally = new Load(wire, pace, span).run();
        if (tally.failures() + tally.unfinished() > 0) {
          throw target.failure(
              "has not taken all: %,d answers %s, %,d missing"
                  .formatted(tally.failures(), tally.refusals(), tally.unfinished()));
        }
        return tally;
      } catch (IOException failed) {
        throw target.failure("cannot be reached any more (" + failed + ")");
      }
    }

    /// Returns once each has arrived, and none twice.
    private void settle() {
      var receivers = stage.receivers();
      stage.await(target, requests.sent());
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      if (receivers.received() != requests.sent() || receivers.repeated() > 0) {
        throw target.failure(
            "owed %,d and has delivered %,d, and %,d once more"
                .formatted(requests.sent(), receivers.received(), receivers.repeated()));
      }
    }
  }
}
