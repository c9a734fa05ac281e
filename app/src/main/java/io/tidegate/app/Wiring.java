package io.tidegate.app;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.admin.Health;
import io.tidegate.admin.OutboxParts;
import io.tidegate.admin.PumpDesk;
import io.tidegate.base.Secret;
import io.tidegate.guard.Credentials;
import io.tidegate.http.Client;
import io.tidegate.plan.Cluster;
import io.tidegate.plan.Listener;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Says which parts a plan needs, in the order in which they start. The only place that knows all
/// rooms.
///
///     broker ← cluster (log, views, topics) ← listener
///     guard, collectors ← listener
///                   cluster ← registry ← webhooks ← listener
///            guard, cluster ← pump
///                             registry ← event destinations, ledger
///     admin listener, metrics pages
final class Wiring implements AutoCloseable {
  private final Settings settings;
  private final Health health;
  private final PrometheusMeterRegistry metrics;
  private final Node node;
  private final Clusters clusters;
  private final GuardParts guards;
  private final Reporting reporting;
  private final Inboxes inboxes;
  private final Registrations registrations;
  private final Operators operators;
  private final Fronts fronts;
  private final Couriers couriers;
  private final EventDeliveries deliveries;
  private final Ledgers ledgers;

  /// @param onFatal run when the process cannot go on and should end
  Wiring(Settings settings, Health health, PrometheusMeterRegistry metrics, Runnable onFatal) {
    this.settings = settings;
    this.health = health;
    this.metrics = metrics;
    this.node = new Node(settings, health, onFatal);
    var all = new CompositeMeterRegistry();
    all.add(metrics);
    this.clusters = new Clusters(settings, node, health, all);
    var keys = new KeyFiles(settings.data(), System::getenv);
    this.registrations = new Registrations(settings, clusters, health, all, keys::sealingKey);
    this.inboxes = new Inboxes(clusters, _ -> registrations.endpoints(), all);
    this.ledgers = new Ledgers(settings, clusters, health, all);
    this.operators =
        new Operators(
            settings,
            keys,
            () -> registrations.parts(inboxes::find),
            this::pumps,
            () -> registrations.outbox().map(parts -> parts.with(ledgers::ledger)));
    this.reporting = new Reporting(all);
    this.guards = new GuardParts(this::dial, all);
    this.fronts = new Fronts(clusters, inboxes, operators.forTenants(), guards, reporting);
    var ways = new Couriers.Needs(fronts::dial, this::credentials, keys::sealingKey);
    this.couriers = new Couriers(settings, clusters, ways, health, all);
    this.deliveries =
        new EventDeliveries(
            clusters,
            () -> registrations.outbox().map(OutboxParts::outbox),
            fronts::dial,
            health,
            all);
  }

  List<Part> parts(Plan plan) {
    var parts = new ArrayList<Part>();
    var admin = operators.router(health, metrics);
    settings.admin().ifPresent(address -> parts.add(fronts.page("admin", address, admin)));
    plan.telemetry()
        .prometheus()
        .forEach(endpoint -> parts.add(fronts.metricsPage(endpoint, admin)));
    if (plan.clusters().stream().anyMatch(Wiring::isEmbedded)) {
      parts.add(node.part());
    }
    plan.clusters().forEach(cluster -> parts.add(clusters.part(plan, cluster)));
    if (!plan.telemetry().otlp().isEmpty()) {
      parts.add(reporting.part(plan.telemetry().otlp()));
    }
    plan.guards().forEach(guard -> parts.add(guards.part(guard)));
    registrations.part(Home.of(plan, this::port), plan).ifPresent(parts::add);
    deliveries.part(plan).ifPresent(parts::add);
    ledgers.part(plan).ifPresent(parts::add);
    parts.addAll(inboxes.parts(plan));
    parts.addAll(couriers.parts(plan));
    plan.listeners().forEach(listener -> parts.add(fronts.listener(plan, listener)));
    return parts;
  }

  private Optional<Credentials> credentials(String guard) {
    return guards
        .guards()
        .find(guard)
        .filter(Credentials.class::isInstance)
        .map(Credentials.class::cast);
  }

  private Client dial(OutboundHttp way) {
    return fronts.dial(way);
  }

  private List<PumpDesk> pumps() {
    return couriers.desks();
  }

  private static boolean isEmbedded(Cluster cluster) {
    return cluster.servers() instanceof Cluster.Servers.Embedded;
  }

  /// Where a listener really listens, or what the file says as long as it does not.
  private int port(Listener listener) {
    return fronts.ports(listener.name()).stream().findFirst().orElse(listener.ports().getFirst());
  }

  /// The operator's key, when it was made just now.
  Optional<Secret> newKey() {
    return operators.newKey();
  }

  List<Integer> ports(Listener listener) {
    return fronts.ports(listener.name());
  }

  Optional<String> kafka() {
    return node.address();
  }

  Optional<Settings.Address> admin() {
    return settings
        .admin()
        .map(address -> new Settings.Address(address.host(), fronts.ports("admin").getFirst()));
  }

  /// Lets go of what the parts shared. To be called when all of them have stopped.
  @Override
  public void close() {
    fronts.close();
  }
}
