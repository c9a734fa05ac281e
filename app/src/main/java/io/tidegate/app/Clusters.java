package io.tidegate.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.admin.Health;
import io.tidegate.base.Time;
import io.tidegate.bridge.Topics;
import io.tidegate.inbox.TopicMaker;
import io.tidegate.log.KafkaLog;
import io.tidegate.log.RecordLog;
import io.tidegate.plan.Cluster;
import io.tidegate.plan.Plan;
import io.tidegate.plan.Topic;
import io.tidegate.plan.TopicModel;
import io.tidegate.view.StoredViews;
import io.tidegate.view.ViewOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/// Clusters as parts: a log, the views on its topics, and what the bridge needs of both. A running
/// cluster adopts other topics; other brokers or another login make it start anew.
final class Clusters {
  private static final Duration CHECK_LIMIT = Duration.ofSeconds(2);

  /// Topics that requests can bring about, until the next start.
  private static final int MOST_MADE = 256;

  private final Settings settings;
  private final Node node;
  private final Health health;
  private final MeterRegistry metrics;
  private final Executor workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Topics> running = new ConcurrentHashMap<>();
  private final Map<String, RecordLog> logs = new ConcurrentHashMap<>();
  private final Map<String, TopicMaker> makers = new ConcurrentHashMap<>();

  Clusters(Settings settings, Node node, Health health, MeterRegistry metrics) {
    this.settings = settings;
    this.node = node;
    this.health = health;
    this.metrics = metrics;
  }

  /// What a cluster is made from.
  private record Spec(Cluster cluster, List<Topic> topics, List<TopicModel> models) {}

  static String partId(String cluster) {
    return "cluster " + cluster;
  }

  Part part(Plan plan, Cluster cluster) {
    var topics =
        plan.topics().stream().filter(topic -> topic.cluster().equals(cluster.name())).toList();
    var needs = isEmbedded(cluster) ? List.of(Node.PART) : List.<String>of();
    var models =
        plan.models().stream().filter(model -> model.cluster().equals(cluster.name())).toList();
    var spec = new Spec(cluster, topics, models);
    return new Part(partId(cluster.name()), spec, needs, () -> new Running(spec));
  }

  private static boolean isEmbedded(Cluster cluster) {
    return cluster.servers() instanceof Cluster.Servers.Embedded;
  }

  /// The cluster of that name, which runs.
  Topics of(String cluster) {
    var topics = running.get(cluster);
    if (topics == null) {
      throw new IllegalStateException("the cluster " + cluster + " does not run");
    }
    return topics;
  }

  /// The log of a cluster that runs.
  RecordLog log(String cluster) {
    return Objects.requireNonNull(logs.get(cluster), cluster);
  }

  /// Makes topics there when they are first written to, where Tidegate makes topics at all.
  TopicMaker topicMaker(String cluster) {
    return Objects.requireNonNull(makers.get(cluster), cluster);
  }

  private TopicMaker topicMaker(Cluster cluster, RecordLog log) {
    return settings.createTopics() || isEmbedded(cluster)
        ? TopicMaker.on(log, workers, MOST_MADE)
        : TopicMaker.NEVER;
  }

  /// One cluster at work.
  private final class Running implements Part.Running {
    private final String name;
    private final Cluster cluster;
    private final RecordLog log;
    private final StoredViews views;
    private final Topics bridged;

    Running(Spec spec) {
      this.cluster = spec.cluster;
      this.name = cluster.name();
      this.log = log(cluster);
      try {
        new Provision(log, cluster, settings.createTopics()).prepare(spec.topics);
        this.views = views();
        views.start();
      } catch (RuntimeException failed) {
        log.close();
        throw failed;
      }
      views.plan(spec.topics);
      logs.put(name, log);
      makers.put(name, topicMaker(cluster, log));
      this.bridged =
          new Topics(log, views, workers, Time.system()).model(spec.models, this::skipped);
      running.put(name, bridged);
      health.watch(partId(name), this::trouble);
    }

    private void skipped(String topic) {
      metrics.counter("tidegate.records.skipped", "cluster", name, "topic", topic).increment();
    }

    private RecordLog log(Cluster cluster) {
      var log = new KafkaLog(ClusterSettings.of(cluster, node.address()), Time.system(), metrics);
      return isEmbedded(cluster) ? new WatermarkedLog(log, node::isDiskLow) : log;
    }

    private StoredViews views() {
      var folder = settings.data().resolve("views").resolve(name.replace(':', '.'));
      return new StoredViews(ViewOptions.of(name, folder), log, Time.system(), metrics);
    }

    private Optional<String> trouble() {
      return log.check(CHECK_LIMIT).or(views::check);
    }

    @Override
    public boolean canAdopt(Part next) {
      return next.spec() instanceof Spec spec && spec.cluster.equals(cluster);
    }

    @Override
    public void adopt(Part next) {
      var spec = (Spec) next.spec();
      new Provision(log, cluster, settings.createTopics()).prepare(spec.topics);
      views.plan(spec.topics);
      var _ = bridged.model(spec.models, this::skipped);
    }

    @Override
    public void stop() {
      running.remove(name);
      logs.remove(name);
      makers.remove(name);
      health.forget(partId(name));
      views.close();
      log.close();
    }
  }
}
