package io.tidegate.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.admin.EndpointParts;
import io.tidegate.admin.Health;
import io.tidegate.base.Time;
import io.tidegate.inbox.ConfigKind;
import io.tidegate.inbox.Endpoint;
import io.tidegate.inbox.EndpointKind;
import io.tidegate.inbox.Endpoints;
import io.tidegate.inbox.Inbox;
import io.tidegate.inbox.RegisteredEndpoints;
import io.tidegate.inbox.WebhookConfig;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.plan.Cluster;
import io.tidegate.plan.WebhookMapping;
import io.tidegate.registry.Kind;
import io.tidegate.registry.Registries;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The registries as a part: their topics on one cluster, replayed before the listeners open. When
/// their topics are not there and may not be made, nothing is registered at run time, and what the
/// file says is all there is.
final class Registrations {
  static final String PART = "registry";

  private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);
  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final Duration REPLAY = Duration.ofSeconds(20);
  private static final Duration PROBE = Duration.ofSeconds(2);

  private final Settings settings;
  private final Clusters clusters;
  private final Health health;
  private final MeterRegistry metrics;
  private final Supplier<SealingKey> key;
  private volatile Optional<Running> running = Optional.empty();

  Registrations(
      Settings settings,
      Clusters clusters,
      Health health,
      MeterRegistry metrics,
      Supplier<SealingKey> key) {
    this.settings = settings;
    this.clusters = clusters;
    this.health = health;
    this.metrics = metrics;
    this.key = key;
  }

  Part part(Home home) {
    var needs = List.of(Clusters.partId(home.cluster().name()));
    return new Part(PART, List.of(home.cluster(), home.made()), needs, () -> start(home));
  }

  private Part.Running start(Home home) {
    var log = clusters.log(home.cluster().name());
    var kind = new EndpointKind(key.get(), home.rules());
    var config = new ConfigKind();
    if (isReady(home, log, List.of(kind, config))) {
      return new Running(home, log, kind, Optional.of(config));
    }
    if (!isReady(home, log, List.of(kind))) {
      LOG.atInfo()
          .addKeyValue("cluster", home.cluster().name())
          .log("no endpoints can be registered: the topics for that are not there");
      return () -> {};
    }
    LOG.atInfo()
        .addKeyValue("cluster", home.cluster().name())
        .log("nothing can be set for all webhooks: there is no topic {}", config.topic());
    return new Running(home, log, kind, Optional.empty());
  }

  /// What is managed, while it is.
  ///
  /// @param inboxes those that run
  Optional<EndpointParts> parts(Function<WebhookMapping, Optional<Inbox>> inboxes) {
    return running.map(each -> each.parts(inboxes));
  }

  /// The endpoints made at run time, whatever runs at the moment of asking.
  Endpoints endpoints() {
    return new Endpoints() {
      @Override
      public Optional<Endpoint> find(String id) {
        return running.flatMap(each -> each.endpoints.find(id));
      }

      @Override
      public Standing standing() {
        return running.map(each -> each.endpoints.standing()).orElse(Standing.HEALTHY);
      }

      @Override
      public WebhookConfig config() {
        return running.map(each -> each.endpoints.config()).orElse(WebhookConfig.NONE);
      }

      @Override
      public int active() {
        return running.map(each -> each.endpoints.active()).orElse(0);
      }
    };
  }

  private boolean mayCreate(Home home) {
    return settings.createTopics() || home.cluster().servers() instanceof Cluster.Servers.Embedded;
  }

  /// False when there are no topics for it. A cluster that does not answer is waited for.
  private boolean isReady(Home home, RecordLog log, List<Kind<?>> kinds) {
    var wanted = Registries.topics(kinds);
    try {
      if (mayCreate(home)) {
        log.create(wanted, LIMIT);
      }
      for (var topic : wanted) {
        var found = log.describe(topic.name(), LIMIT);
        if (found.isEmpty()) {
          return false;
        }
        check(found.get(), topic);
      }
    } catch (LogUnavailable away) {
      LOG.atWarn().log("the registry's topics cannot be checked: {}", away.getMessage());
    }
    return true;
  }

  private static void check(RecordLog.TopicInfo found, RecordLog.TopicSpec wanted) {
    if (found.partitions() != wanted.partitions()
        || found.compacted() != wanted.compacted()
        || (wanted.compacted() && found.deletes())) {
      throw new UserFault(
          "the topic %s must have %d partition and cleanup.policy=%s"
              .formatted(
                  wanted.name(), wanted.partitions(), wanted.compacted() ? "compact" : "delete"));
    }
  }

  /// Registries at work.
  private final class Running implements Part.Running {
    private final Home home;
    private final RecordLog log;
    private final List<Kind<?>> kinds;
    private final SealingKey sealing = key.get();
    private final Registries registries;
    private final RegisteredEndpoints endpoints;

    Running(Home home, RecordLog log, EndpointKind kind, Optional<ConfigKind> config) {
      this.home = home;
      this.log = log;
      this.kinds = Stream.concat(Stream.of(kind), config.stream()).<Kind<?>>map(it -> it).toList();
      this.registries = new Registries(log, Time.system(), metrics);
      this.endpoints =
          new RegisteredEndpoints(
              registries, registries.add(kind), config.map(registries::add), home.patience());
      registries.start();
      if (!registries.awaitReplay(REPLAY)) {
        LOG.atWarn().log("the registry is not read up yet; going on, and health says so");
      }
      running = Optional.of(this);
      health.watch(PART, this::trouble);
    }

    EndpointParts parts(Function<WebhookMapping, Optional<Inbox>> inboxes) {
      return new EndpointParts(
          registries,
          endpoints.registry(),
          endpoints.settings(),
          sealing,
          inboxes.apply(home.made()),
          home.urls(),
          Time.system());
    }

    /// Topics that were taken away are made again, so that what is known here is written there.
    private Optional<String> trouble() {
      var trouble = registries.check();
      if (trouble.isPresent() && mayCreate(home)) {
        try {
          log.create(Registries.topics(kinds), PROBE);
        } catch (LogUnavailable away) {
          LOG.atDebug().setCause(away).log("the registry's topics cannot be made now");
        }
      }
      return trouble;
    }

    @Override
    public void stop() {
      running = Optional.empty();
      health.forget(PART);
      registries.close();
    }
  }
}
