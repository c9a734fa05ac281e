package io.tidegate.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.admin.Health;
import io.tidegate.admin.PumpDesk;
import io.tidegate.base.Time;
import io.tidegate.delivery.Budget;
import io.tidegate.delivery.Courier;
import io.tidegate.delivery.CourierView;
import io.tidegate.delivery.DeadLetters;
import io.tidegate.delivery.DeliveryTopics;
import io.tidegate.delivery.HttpSenders;
import io.tidegate.guard.Credentials;
import io.tidegate.http.Client;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.RecordLog.TopicInfo;
import io.tidegate.log.RecordLog.TopicSpec;
import io.tidegate.plan.Cluster;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.Plan;
import io.tidegate.plan.Pump;
import io.tidegate.registry.SealingKey;
import io.tidegate.vault.VaultFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bindings `kafka-http` as parts: a courier each, with its senders and its ways out. One that
/// changes hands its partitions over, and starts anew; it stops before the cluster behind it.
final class Couriers {
  private static final Logger LOG = LoggerFactory.getLogger(Couriers.class);
  private static final Duration LIMIT = Duration.ofSeconds(15);

  /// Enough for a cluster that is there; a start does not wait for one that is not.
  private static final Duration GLANCE = Duration.ofSeconds(3);

  /// Of records in memory, for all pumps together.
  private static final long BUDGET = 64L << 20;

  private final Settings settings;
  private final Clusters clusters;
  private final Needs needs;
  private final Health health;
  private final MeterRegistry metrics;
  private final Budget budget = new Budget(BUDGET);
  private final Map<String, Desk> running = new ConcurrentHashMap<>();

  /// @param dial makes a client for a way out
  /// @param credentials those of a guard, if it gives any
  record Needs(
      Function<OutboundHttp, Client> dial,
      Function<String, Optional<Credentials>> credentials,
      Supplier<SealingKey> key) {}

  Couriers(
      Settings settings, Clusters clusters, Needs needs, Health health, MeterRegistry metrics) {
    this.settings = settings;
    this.clusters = clusters;
    this.needs = needs;
    this.health = health;
    this.metrics = metrics;
  }

  /// What a courier is made from.
  private record Spec(Pump pump, Cluster cluster) {}

  List<Part> parts(Plan plan) {
    return plan.pumps().stream().map(pump -> part(plan, pump)).toList();
  }

  private Part part(Plan plan, Pump pump) {
    var spec = new Spec(pump, plan.cluster(pump.cluster()));
    var parts = new ArrayList<String>();
    parts.add(Clusters.partId(pump.cluster()));
    plan.guards().forEach(guard -> parts.add(GuardParts.partId(guard.name())));
    return new Part("pump " + pump.name(), spec, parts, () -> new Running(spec));
  }

  /// Those that run, for operators.
  List<PumpDesk> desks() {
    return List.copyOf(running.values());
  }

  private record Desk(Courier courier, HttpSenders senders) implements PumpDesk {
    @Override
    public CourierView view() {
      return courier.view();
    }

    @Override
    public List<CourierView.Lane> lanes(Optional<CourierView.LaneState> state, int limit) {
      return courier.lanes(state, limit);
    }

    @Override
    public List<CourierView.Lane> lane(String key) {
      return courier.lane(key);
    }

    @Override
    public boolean retry(String key) {
      return courier.retry(key);
    }

    @Override
    public boolean skip(String key) throws InterruptedException {
      return courier.skip(key);
    }

    @Override
    public Optional<DeadLetters> deadLetters() {
      return senders.deadLetters();
    }
  }

  /// Sees to it that the topics are there in which couriers keep what they know.
  private void prepare(Cluster cluster, RecordLog log) {
    try {
      var away = log.check(GLANCE);
      if (away.isPresent()) {
        throw new LogUnavailable(away.get(), new IllegalStateException(away.get()));
      }
      if (settings.createTopics() || cluster.servers() instanceof Cluster.Servers.Embedded) {
        log.create(DeliveryTopics.all(), LIMIT);
      }
      for (var wanted : DeliveryTopics.all()) {
        var found = log.describe(wanted.name(), LIMIT);
        check(cluster, wanted, found);
      }
    } catch (LogUnavailable away) {
      LOG.atWarn()
          .addKeyValue("cluster", cluster.name())
          .log("the topics of deliveries cannot be checked: {}", away.getMessage());
    }
  }

  private static void check(Cluster cluster, TopicSpec wanted, Optional<TopicInfo> found) {
    var policy = wanted.compacted() ? "compact" : "delete";
    if (found.isEmpty()) {
      throw new UserFault(
          "the topic %s is missing on the cluster %s: kafka-http keeps there how far it is.%n"
                  .formatted(wanted.name(), cluster.name())
              + "Create it with %d partition(s) and cleanup.policy=%s, or start with --create-topics."
                  .formatted(wanted.partitions(), policy));
    }
    var topic = found.get();
    var fits =
        topic.compacted() == wanted.compacted()
            && !(wanted.compacted() && (topic.deletes() || topic.partitions() != 1));
    if (!fits) {
      throw new UserFault(
          "the topic %s must have cleanup.policy=%s%s"
              .formatted(wanted.name(), policy, wanted.compacted() ? " and one partition" : ""));
    }
  }

  /// One pump at work.
  private final class Running implements Part.Running {
    private final String name;
    private final Map<OutboundHttp, Client> clients = new ConcurrentHashMap<>();
    private final HttpSenders senders;
    private final Courier courier;

    Running(Spec spec) {
      var pump = spec.pump;
      var log = clusters.log(spec.cluster.name());
      name = pump.name();
      prepare(spec.cluster, log);
      try {
        pump.routes().forEach(route -> clients.computeIfAbsent(route.exit(), needs.dial));
        senders =
            new HttpSenders(
                    pump,
                    new HttpSenders.Needs(
                        log,
                        exit -> clients.computeIfAbsent(exit, needs.dial),
                        needs.credentials,
                        needs.key.get(),
                        Time.system(),
                        metrics))
                .start();
        courier =
            new Courier(pump, new Courier.Needs(log, senders::on, budget, Time.system(), metrics));
      } catch (VaultFault fault) {
        closeClients();
        throw new UserFault(fault);
      } catch (RuntimeException failed) {
        closeClients();
        throw failed;
      }
      courier.start();
      running.put(name, new Desk(courier, senders));
      health.watch("pump " + name, this::trouble);
    }

    private Optional<String> trouble() {
      return courier.check().or(() -> senders.check().stream().findFirst());
    }

    private void closeClients() {
      clients.values().forEach(Client::close);
    }

    @Override
    public void stop() {
      running.remove(name);
      health.forget("pump " + name);
      courier.close();
      senders.close();
      closeClients();
    }
  }
}
