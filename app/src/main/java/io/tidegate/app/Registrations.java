package io.tidegate.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.admin.EndpointParts;
import io.tidegate.admin.Health;
import io.tidegate.admin.OutboxParts;
import io.tidegate.admin.TenantTokens;
import io.tidegate.base.Time;
import io.tidegate.delivery.DeliveryTopics;
import io.tidegate.inbox.ConfigKind;
import io.tidegate.inbox.Endpoint;
import io.tidegate.inbox.EndpointKind;
import io.tidegate.inbox.Endpoints;
import io.tidegate.inbox.Inbox;
import io.tidegate.inbox.RegisteredEndpoints;
import io.tidegate.inbox.WebhookConfig;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.outbox.DestinationType;
import io.tidegate.outbox.DestinationTypes;
import io.tidegate.outbox.Disabling;
import io.tidegate.outbox.HookdeckType;
import io.tidegate.outbox.Outbox;
import io.tidegate.outbox.TopicPolicy;
import io.tidegate.outbox.WebhookType;
import io.tidegate.plan.Cluster;
import io.tidegate.plan.Destinations;
import io.tidegate.plan.Plan;
import io.tidegate.plan.WebhookMapping;
import io.tidegate.registry.Kind;
import io.tidegate.registry.Registries;
import io.tidegate.registry.SealingKey;
import io.tidegate.targets.KafkaType;
import io.tidegate.targets.RabbitType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The registries as a part: endpoints, tenants, destinations, their topics on one cluster,
/// replayed before the listeners open. When the endpoints' topics are not there and may not be
/// made, nothing is registered at run time, and what the file says is all there is.
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

  /// What is registered, and where.
  private record Spec(Cluster cluster, Optional<Home> home, Optional<Destinations> destinations) {
    /// What can be compared.
    List<Object> made() {
      return List.of(cluster, home.map(Home::made), destinations);
    }
  }

  /// Nothing when the plan registers nothing.
  ///
  /// @throws UserFault when what is registered would lie on two clusters
  Optional<Part> part(Optional<Home> home, Plan plan) {
    var cluster =
        home.map(Home::cluster).or(() -> plan.destinations().map(it -> plan.cluster(it.cluster())));
    if (cluster.isEmpty()) {
      return Optional.empty();
    }
    var name = cluster.get().name();
    if (plan.destinations().filter(it -> !it.cluster().equals(name)).isPresent()) {
      throw new UserFault(
          "event destinations and registered endpoints must lie on one cluster, not on "
              + plan.destinations().get().cluster()
              + " and "
              + name);
    }
    var spec = new Spec(cluster.get(), home, plan.destinations());
    return Optional.of(
        new Part(PART, spec.made(), List.of(Clusters.partId(name)), () -> start(spec)));
  }

  private Part.Running start(Spec spec) {
    var log = clusters.log(spec.cluster().name());
    prepareDestinations(spec, log);
    var config = Optional.of(new ConfigKind());
    if (spec.home().isEmpty()) {
      return new Running(spec, log, Optional.empty(), Optional.empty());
    }
    var kind = spec.home().map(home -> new EndpointKind(key.get(), home.rules()));
    if (isReady(spec, log, List.of(kind.get(), config.get()))) {
      return new Running(spec, log, kind, config);
    }
    if (!isReady(spec, log, List.of(kind.get()))) {
      LOG.atInfo()
          .addKeyValue("cluster", spec.cluster().name())
          .log("no endpoints can be registered: the topics for that are not there");
      return spec.destinations().isPresent()
          ? new Running(spec, log, Optional.empty(), Optional.empty())
          : () -> {};
    }
    LOG.atInfo()
        .addKeyValue("cluster", spec.cluster().name())
        .log("nothing can be set for all webhooks: there is no topic {}", ConfigKind.TOPIC);
    return new Running(spec, log, kind, Optional.empty());
  }

  /// Event destinations are asked for by name, so their topics must be there.
  private void prepareDestinations(Spec spec, RecordLog log) {
    for (var planned : spec.destinations().stream().toList()) {
      var kinds = Outbox.kinds(settings(planned), key.get());
      if (!isReady(spec, log, kinds) || !areThere(spec, log, destinationTopics())) {
        throw new UserFault(
            "event destinations need topics that are not there, and may be made with"
                + " --create-topics: "
                + Stream.concat(Registries.topics(kinds).stream(), destinationTopics().stream())
                    .map(RecordLog.TopicSpec::name)
                    .toList());
      }
    }
  }

  private static List<RecordLog.TopicSpec> destinationTopics() {
    return Stream.concat(Outbox.topics().stream(), DeliveryTopics.all().stream()).toList();
  }

  private static Outbox.Settings settings(Destinations planned) {
    var signature =
        planned.signature().equals("outpost")
            ? WebhookType.Signature.OUTPOST
            : WebhookType.Signature.STANDARD_WEBHOOKS;
    return new Outbox.Settings(
        new TopicPolicy(planned.topics(), planned.strict()),
        new DestinationTypes(planned.types().stream().map(name -> type(name, signature)).toList()),
        planned.mostDestinations(),
        new Disabling(
            planned.disabling().failures(),
            planned.disabling().lasting(),
            planned.disabling().atMost()),
        planned.sources(),
        planned.order());
  }

  private static DestinationType type(String name, WebhookType.Signature signature) {
    return switch (name) {
      case "webhook" -> new WebhookType(signature);
      case "hookdeck" -> new HookdeckType();
      case "kafka" -> new KafkaType();
      case "rabbitmq" -> new RabbitType();
      default -> throw new IllegalStateException("no such type: " + name);
    };
  }

  /// What is managed, while it is.
  ///
  /// @param inboxes those that run
  Optional<EndpointParts> parts(Function<WebhookMapping, Optional<Inbox>> inboxes) {
    return running.flatMap(each -> each.parts(inboxes));
  }

  /// Event destinations, while there are any.
  Optional<OutboxParts> outbox() {
    return running.flatMap(each -> each.outbox);
  }

  /// The endpoints made at run time, whatever runs at the moment of asking.
  Endpoints endpoints() {
    return new Endpoints() {
      @Override
      public Optional<Endpoint> find(String id) {
        return running.flatMap(each -> each.endpoints).flatMap(each -> each.find(id));
      }

      @Override
      public Standing standing() {
        return running
            .flatMap(each -> each.endpoints)
            .map(Endpoints::standing)
            .orElse(Standing.HEALTHY);
      }

      @Override
      public WebhookConfig config() {
        return running
            .flatMap(each -> each.endpoints)
            .map(Endpoints::config)
            .orElse(WebhookConfig.NONE);
      }

      @Override
      public int active() {
        return running.flatMap(each -> each.endpoints).map(Endpoints::active).orElse(0);
      }
    };
  }

  private boolean mayCreate(Spec spec) {
    return settings.createTopics() || spec.cluster().servers() instanceof Cluster.Servers.Embedded;
  }

  private boolean isReady(Spec spec, RecordLog log, List<Kind<?>> kinds) {
    return areThere(spec, log, Registries.topics(kinds));
  }

  /// False when they are not there, and may not be made. A cluster that does not answer is waited
  /// for.
  private boolean areThere(Spec spec, RecordLog log, List<RecordLog.TopicSpec> wanted) {
    try {
      if (mayCreate(spec)) {
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
    private final Spec spec;
    private final RecordLog log;
    private final List<RecordLog.TopicSpec> topics = new ArrayList<>();
    private final SealingKey sealing = key.get();
    private final Registries registries;
    private final Optional<RegisteredEndpoints> endpoints;
    private final Optional<OutboxParts> outbox;

    Running(
        Spec spec, RecordLog log, Optional<EndpointKind> endpoint, Optional<ConfigKind> config) {
      this.spec = spec;
      this.log = log;
      this.registries = new Registries(log, Time.system(), metrics);
      var kinds = new ArrayList<Kind<?>>();
      endpoint.ifPresent(kinds::add);
      config.ifPresent(kinds::add);
      this.endpoints =
          endpoint.map(kind ->
              new RegisteredEndpoints(
                  registries,
                  registries.add(kind),
                  config.map(registries::add),
                  spec.home().flatMap(Home::patience)));
      this.outbox = spec.destinations().map(planned -> outbox(planned, kinds));
      topics.addAll(Registries.topics(kinds));
      start();
    }

    private OutboxParts outbox(Destinations planned, List<Kind<?>> kinds) {
      var settings = settings(planned);
      kinds.addAll(Outbox.kinds(settings, sealing));
      topics.addAll(destinationTopics());
      return new OutboxParts(
          new Outbox(settings, registries, log, sealing, Time.system(), metrics),
          new TenantTokens(sealing.derived("tenant tokens"), Time.system()),
          planned.portal(),
          health,
          Time.system());
    }

    private void start() {
      registries.start();
      outbox.ifPresent(each -> each.outbox().start());
      var replayed = registries.awaitReplay(REPLAY);
      if (!replayed || !outbox.map(each -> each.outbox().awaitReplay(REPLAY)).orElse(true)) {
        LOG.atWarn().log("the registry is not read up yet; going on, and health says so");
      }
      running = Optional.of(this);
      health.watch(PART, this::trouble);
    }

    Optional<EndpointParts> parts(Function<WebhookMapping, Optional<Inbox>> inboxes) {
      return spec.home()
          .flatMap(home ->
              endpoints.map(each ->
                  new EndpointParts(
                      registries,
                      each.registry(),
                      each.settings(),
                      sealing,
                      inboxes.apply(home.made()),
                      home.urls(),
                      Time.system())));
    }

    /// Topics that were taken away are made again, so that what is known here is written there.
    private Optional<String> trouble() {
      var trouble = registries.check();
      var stumbles = outbox.flatMap(each -> each.outbox().check());
      if (trouble.or(() -> stumbles).isPresent() && mayCreate(spec)) {
        try {
          log.create(topics, PROBE);
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
      outbox.ifPresent(each -> each.outbox().close());
      registries.close();
    }
  }
}
