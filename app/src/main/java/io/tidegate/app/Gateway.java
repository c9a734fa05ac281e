package io.tidegate.app;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.admin.Health;
import io.tidegate.base.Secret;
import io.tidegate.plan.Listener;
import io.tidegate.plan.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A running Tidegate: whatever the last plan applied says. Applying the first plan is the start,
/// closing is the stop, and both go through the same `Reconciler` as every change between them.
///
/// Any thread; changes are applied one at a time.
final class Gateway implements AutoCloseable {
  private final Health health = new Health(Duration.ofSeconds(2));
  private final Reconciler reconciler = new Reconciler();
  private final Wiring wiring;
  private boolean closed;

  /// @param onFatal run when the process cannot go on and should end
  Gateway(Settings settings, Runnable onFatal) {
    this.wiring =
        new Wiring(
            settings, health, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), onFatal);
  }

  /// Makes `plan` what runs.
  ///
  /// @throws RuntimeException when it cannot be, with what ran before running on
  synchronized void apply(Plan plan) {
    if (closed) {
      return;
    }
    reconciler.apply(wiring.parts(plan));
    health.running();
  }

  /// The ports that a listener really listens on.
  List<Integer> ports(Listener listener) {
    return wiring.ports(listener);
  }

  /// Where the node inside is reached, if there is one.
  Optional<String> kafka() {
    return wiring.kafka();
  }

  /// The operator's key, when it was made just now.
  Optional<Secret> newKey() {
    return wiring.newKey();
  }

  Optional<Settings.Address> admin() {
    return wiring.admin();
  }

  /// Finishes what was accepted, then stops everything.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    health.draining();
    reconciler.close();
    health.close();
    wiring.close();
  }
}
