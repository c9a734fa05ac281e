package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Kafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The models that `cache_client` and `cache_server` bindings give to topics.
final class TopicModels {
  private final Models models;
  private final Faults faults;
  private final Clusters clusters;

  TopicModels(GatewayConfig config, Faults faults, Clusters clusters) {
    this.models = new Models(config, faults);
    this.faults = faults;
    this.clusters = clusters;
  }

  List<TopicModel> of(Binding binding) {
    if (!(binding.protocol() instanceof Kafka kafka)) {
      return List.of();
    }
    return switch (kafka.options()) {
      case Kafka.CacheClient client -> of(binding, client.topics(), TopicModel.Side.WRITTEN);
      case Kafka.CacheServer server -> of(binding, server.topics(), TopicModel.Side.READ);
      case Kafka.Client _ -> List.of();
    };
  }

  private List<TopicModel> of(Binding binding, List<Kafka.Topic> topics, TopicModel.Side side) {
    var made = new ArrayList<TopicModel>();
    for (var topic : topics) {
      if (topic.key().isEmpty() && topic.value().isEmpty()) {
        continue;
      }
      var name = topic.name().text();
      var key = topic.key().flatMap(it -> models.of(it, subject(name, "key")));
      if (key.isPresent() && key.get().converts()) {
        faults.notYet(topic.key().orElseThrow().place(), "'view: json' of a key");
      }
      var value = topic.value().flatMap(it -> models.of(it, subject(name, "value")));
      var literal = io.tidegate.config.Template.literal(topic.place(), name);
      made.add(
          new TopicModel(clusters.through(binding, literal), Pattern.of(name), side, key, value));
    }
    return made;
  }

  /// As `strategy: topic` has it; a pattern of names has none.
  private static Optional<String> subject(String topic, String part) {
    return topic.contains("{") ? Optional.empty() : Optional.of(topic + "-" + part);
  }
}
