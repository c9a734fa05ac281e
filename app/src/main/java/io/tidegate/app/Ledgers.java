package io.tidegate.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.admin.Health;
import io.tidegate.base.Time;
import io.tidegate.ledger.Ledger;
import io.tidegate.plan.Destinations;
import io.tidegate.plan.Plan;
import java.util.List;
import java.util.Optional;

/// The ledger of event destinations as a part. It is made from topics, and nothing waits for it.
final class Ledgers {
  static final String PART = "ledger";

  /// More than the node inside demands, so that the ledger gives way first.
  private static final long LEAST_FREE = 512L << 20;

  private final Settings settings;
  private final Clusters clusters;
  private final Health health;
  private final MeterRegistry metrics;
  private volatile Optional<Ledger> running = Optional.empty();

  Ledgers(Settings settings, Clusters clusters, Health health, MeterRegistry metrics) {
    this.settings = settings;
    this.clusters = clusters;
    this.health = health;
    this.metrics = metrics;
  }

  Optional<Part> part(Plan plan) {
    return plan.destinations()
        .map(planned -> {
          var cluster = plan.cluster(planned.cluster());
          var needs = List.of(Clusters.partId(planned.cluster()), Registrations.PART);
          return new Part(PART, cluster, needs, () -> start(planned));
        });
  }

  /// The one that runs.
  Optional<Ledger> ledger() {
    return running;
  }

  private Part.Running start(Destinations planned) {
    var folder = settings.data().resolve("ledger");
    var file = folder.resolve(planned.cluster().replace(':', '.') + ".db");
    var ledger =
        new Ledger(
            clusters.log(planned.cluster()),
            file,
            Ledger.Disk.of(settings.data(), LEAST_FREE),
            Time.system(),
            metrics);
    ledger.start();
    running = Optional.of(ledger);
    health.watch(PART, ledger::check);
    return () -> {
      running = Optional.empty();
      health.forget(PART);
      ledger.close();
    };
  }
}
