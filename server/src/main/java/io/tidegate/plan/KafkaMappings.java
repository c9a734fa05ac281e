package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.HttpKafka;
import io.tidegate.config.Kafka;
import io.tidegate.config.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// `http-kafka` bindings as routes with everything filled in, and what they say about topics.
final class KafkaMappings {
  private static final Duration REPLY_LIMIT = Duration.ofSeconds(30);

  private final Clusters clusters;
  private final Topics topics;

  KafkaMappings(Clusters clusters, Topics topics) {
    this.clusters = clusters;
    this.topics = topics;
  }

  KafkaMapping mapping(Binding binding, HttpKafka http) {
    var name = binding.namespace() + ":" + binding.name();
    var routes = new ArrayList<KafkaMapping.Route>();
    for (var route : http.routes()) {
      var cluster = clusters.behind(route.exit(), route.with().topic());
      routes.add(
          new KafkaMapping.Route(
              guarded(route.guarded()),
              route.when().stream().map(KafkaMappings::when).toList(),
              action(cluster, route.with(), http.options(), name)));
    }
    return new KafkaMapping(name, routes);
  }

  static List<Guarded> guarded(List<Route.Guarded> demands) {
    return demands.stream()
        .map(demand -> new Guarded(Templates.name(demand.guard()), demand.roles()))
        .toList();
  }

  private static KafkaMapping.When when(HttpKafka.Condition condition) {
    return new KafkaMapping.When(
        condition.method(), condition.path().map(path -> Pattern.of(path.text())));
  }

  private KafkaMapping.Action action(
      String cluster, HttpKafka.With with, HttpKafka.Options options, String by) {
    return switch (with) {
      case HttpKafka.Produce produce -> produce(cluster, produce, options, by);
      case HttpKafka.Fetch fetch -> fetch(cluster, fetch, by);
    };
  }

  private KafkaMapping.Produce produce(
      String cluster, HttpKafka.Produce with, HttpKafka.Options options, String by) {
    var topic = Templates.of(with.topic());
    topic.constant().ifPresent(name -> topics.produced(cluster, name, with.key().isPresent(), by));
    return new KafkaMapping.Produce(
        cluster,
        topic,
        acks(with.acks()),
        with.key().map(Templates::of),
        Templates.headers(with.overrides()),
        with.headers().patterns(),
        options.idempotencyHeader(),
        with.replyTo().map(replyTo -> correlation(cluster, replyTo, with, options, by)),
        with.maxBody().map(OptionalLong::of).orElse(OptionalLong.empty()));
  }

  private KafkaMapping.Correlation correlation(
      String cluster,
      io.tidegate.config.Template replyTo,
      HttpKafka.Produce with,
      HttpKafka.Options options,
      String by) {
    var topic = Templates.of(replyTo);
    var id = options.correlationIdHeader();
    topic.constant().ifPresent(name -> topics.replied(cluster, name, id, by));
    return new KafkaMapping.Correlation(
        topic,
        options.replyToHeader(),
        with.correlationId().orElse(id),
        id,
        with.timeout().orElse(REPLY_LIMIT),
        Templates.headers(with.async()));
  }

  private static KafkaMapping.Acknowledgement acks(HttpKafka.Acks acks) {
    return switch (acks) {
      case NONE -> KafkaMapping.Acknowledgement.NONE;
      case LEADER_ONLY -> KafkaMapping.Acknowledgement.LEADER_ONLY;
      case IN_SYNC_REPLICAS -> KafkaMapping.Acknowledgement.IN_SYNC_REPLICAS;
    };
  }

  private KafkaMapping.Fetch fetch(String cluster, HttpKafka.Fetch with, String by) {
    var topic = Templates.of(with.topic());
    topic.constant().ifPresent(name -> topics.fetched(cluster, name, headers(with.filters()), by));
    return new KafkaMapping.Fetch(
        cluster,
        topic,
        filters(with.filters()),
        with.merge() ? Optional.of(KafkaMapping.Merge.JSON_ARRAY) : Optional.empty());
  }

  static List<KafkaMapping.Filter> filters(List<Kafka.Filter> filters) {
    return filters.stream()
        .map(filter ->
            new KafkaMapping.Filter(
                filter.key().map(Templates::of), Templates.headers(filter.headers())))
        .toList();
  }

  static Set<String> headers(List<Kafka.Filter> filters) {
    var names = new TreeSet<String>();
    filters.stream().map(Kafka.Filter::headers).map(Map::keySet).forEach(names::addAll);
    return names;
  }
}
