package io.tidegate.log;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidegate.log.Appended.Reason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What appending looks like from outside. All meters exist from the start, so that counting one
/// more is an addition and nothing else.
final class AppendMeters implements AutoCloseable {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10),
    Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
    Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5)
  };

  private final MeterRegistry registry;
  private final Gauges gauges;
  private final Timer seconds;
  private final Counter stored;
  private final Counter unknown;
  private final Map<Reason, Counter> refused;
  private final Map<Reason, Counter> unavailable;

  AppendMeters(MeterRegistry registry, String cluster, InFlight inFlight) {
    this.registry = registry;
    seconds =
        Timer.builder("tidegate.log.append.seconds")
            .description("From the append to its answer")
            .tag("cluster", cluster)
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    stored = counter(cluster, "stored", "none");
    unknown = counter(cluster, "unknown", "none");
    refused = counters(cluster, "refused");
    unavailable = counters(cluster, "unavailable");
    gauges = new Gauges(registry, cluster);
    gauges.add(
        "tidegate.log.append.queue",
        "Appends that wait for their answer",
        "",
        inFlight,
        InFlight::messages);
    gauges.add(
        "tidegate.log.append.inflight.bytes", "What they hold", "", inFlight, InFlight::bytes);
  }

  private Map<Reason, Counter> counters(String cluster, String outcome) {
    var counters = new EnumMap<Reason, Counter>(Reason.class);
    for (var reason : Reason.values()) {
      counters.put(reason, counter(cluster, outcome, reason.name().toLowerCase(Locale.ROOT)));
    }
    return counters;
  }

  private Counter counter(String cluster, String outcome, String reason) {
    return Counter.builder("tidegate.log.appends")
        .description("Appends by how they ended")
        .tag("cluster", cluster)
        .tag("outcome", outcome)
        .tag("reason", reason)
        .register(registry);
  }

  void count(Appended answer, long nanos) {
    var counter =
        switch (answer) {
          case Appended.At _ -> stored;
          case Appended.Unknown _ -> unknown;
          case Appended.Refused(var reason, var _) -> refused.get(reason);
          case Appended.Unavailable(var reason, var _) -> unavailable.get(reason);
        };
    if (counter != null) {
      counter.increment();
    }
    seconds.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    gauges.close();
  }
}
