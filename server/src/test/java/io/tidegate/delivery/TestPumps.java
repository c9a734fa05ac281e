package io.tidegate.delivery;

import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/// Pumps for tests.
final class TestPumps {
  static final String TOPIC = "requests";
  static final String GROUP = "group";

  static final Pump.Retry RETRY =
      new Pump.Retry(
          OptionalInt.empty(),
          Duration.ofSeconds(1),
          2,
          Duration.ofMinutes(1),
          0,
          Duration.ofHours(24),
          List.of(),
          false);
  static final Pump.Limits LIMITS = new Pump.Limits(64, 16, 1, OptionalDouble.empty(), 1024);
  static final Pump.Breaker NO_BREAKER =
      new Pump.Breaker(0, Duration.ofSeconds(10), Duration.ofMinutes(5));

  private TestPumps() {}

  static Pump pump() {
    return pump(TOPIC, new Pump.Ordering.Key(), RETRY, LIMITS, NO_BREAKER);
  }

  static Pump pump(
      String topic,
      Pump.Ordering ordering,
      Pump.Retry retry,
      Pump.Limits limits,
      Pump.Breaker breaker) {
    var exit =
        new OutboundHttp(
            "n:exit",
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            List.of(),
            Optional.empty(),
            OutboundHttp.Addresses.PUBLIC,
            Optional.empty());
    var route =
        new Pump.Route(
            topic,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            exit);
    return new Pump(
        "n:pump",
        "n:cluster",
        GROUP,
        List.of(route),
        ordering,
        "idempotency-key",
        retry,
        new Pump.Patience(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30)),
        limits,
        breaker,
        Pump.Signing.NONE,
        Optional.empty());
  }
}
