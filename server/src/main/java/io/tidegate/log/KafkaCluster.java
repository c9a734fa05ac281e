package io.tidegate.log;

import static org.apache.kafka.common.IsolationLevel.READ_COMMITTED;
import static org.apache.kafka.common.IsolationLevel.READ_UNCOMMITTED;

import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.RecordLog.TopicSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the cluster about topics and has them created. Everything here may wait, up to the limit
/// that is given.
final class KafkaCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaCluster.class);
  private static final Duration AGAIN = Duration.ofMillis(20);

  private final ClientConfigs configs;
  private @Nullable Admin admin;
  private boolean closed;

  KafkaCluster(ClientConfigs configs) {
    this.configs = configs;
  }

  /// Made when first needed: making it fails while the servers' names cannot be resolved.
  private synchronized Admin admin() {
    if (closed) {
      throw new KafkaException("closed");
    }
    if (admin == null) {
      admin = made();
    }
    return admin;
  }

  private Admin made() {
    try {
      return Admin.create(configs.admin());
    } catch (IllegalArgumentException unusable) {
      throw new KafkaException(unusable.getMessage(), unusable);
    }
  }

  Map<String, Found> find(Collection<String> topics, Duration limit) {
    var found = new HashMap<String, Found>();
    try {
      var wait = new Wait(limit);
      var options = new DescribeTopicsOptions().timeoutMs(wait.millis());
      admin()
          .describeTopics(topics, options)
          .topicNameValues()
          .forEach((topic, future) -> found.put(topic, found(topic, future, wait)));
    } catch (KafkaException unmade) {
      topics.forEach(topic -> found.put(topic, new Found.Away(Failures.sentence(unmade))));
    }
    return found;
  }

  private static Found found(String topic, KafkaFuture<TopicDescription> future, Wait wait) {
    try {
      return found(wait.on(future));
    } catch (KafkaException refused) {
      return switch (refused) {
        case UnknownTopicOrPartitionException _ -> new Found.Missing();
        case InvalidTopicException _ ->
            new Found.Refused(
                new Appended.Refused(
                    Appended.Reason.INVALID, "'" + topic + "' cannot be a topic's name"));
        case AuthorizationException denied -> new Found.Refused(Failures.refused(denied));
        default -> new Found.Away(Failures.sentence(refused));
      };
    }
  }

  private static Found.Topic found(TopicDescription description) {
    var partitions = description.partitions();
    return new Found.Topic(
        description.topicId(),
        partitions.stream().map(TopicPartitionInfo::partition).toList(),
        partitions.stream()
            .filter(partition -> partition.leader() == null || partition.leader().isEmpty())
            .map(TopicPartitionInfo::partition)
            .toList());
  }

  /// A topic's settings, without those that the cluster does not tell us.
  Map<String, String> settings(String topic, Duration limit) {
    var wait = new Wait(limit);
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      var options = new DescribeConfigsOptions().timeoutMs(wait.millis());
      Map<ConfigResource, Config> configs =
          wait.on(admin().describeConfigs(List.of(resource), options).all());
      var settings = new HashMap<String, String>();
      for (var config : configs.values()) {
        for (var entry : config.entries()) {
          if (entry.value() != null) {
            settings.put(entry.name(), entry.value());
          }
        }
      }
      return settings;
    } catch (AuthorizationException untold) {
      return Map.of();
    } catch (KafkaException failed) {
      throw new LogUnavailable("the settings of topic " + topic + " cannot be read", failed);
    }
  }

  /// Where partitions begin and end; those that do not answer in time are left out.
  Map<Integer, Bounds> bounds(String topic, Collection<Integer> partitions, Duration limit) {
    var bounds = new HashMap<Integer, Bounds>();
    try {
      var wait = new Wait(limit);
      var first = offsets(topic, partitions, OffsetSpec.earliest(), READ_COMMITTED, wait);
      var stable = offsets(topic, partitions, OffsetSpec.latest(), READ_COMMITTED, wait);
      var end = offsets(topic, partitions, OffsetSpec.latest(), READ_UNCOMMITTED, wait);
      for (var partition : partitions) {
        var key = new TopicPartition(topic, partition);
        bounds(wait, key, first, stable, end).ifPresent(found -> bounds.put(partition, found));
      }
    } catch (KafkaException unmade) {
      LOG.debug("cannot ask for offsets", unmade);
    }
    return bounds;
  }

  private static Optional<Bounds> bounds(
      Wait wait,
      TopicPartition partition,
      ListOffsetsResult first,
      ListOffsetsResult stable,
      ListOffsetsResult end) {
    try {
      return Optional.of(
          new Bounds(
              wait.on(first.partitionResult(partition)).offset(),
              wait.on(stable.partitionResult(partition)).offset(),
              wait.on(end.partitionResult(partition)).offset()));
    } catch (KafkaException unanswered) {
      LOG.debug("no offsets of {}", partition, unanswered);
      return Optional.empty();
    }
  }

  private ListOffsetsResult offsets(
      String topic,
      Collection<Integer> partitions,
      OffsetSpec spec,
      IsolationLevel level,
      Wait wait) {
    var wanted = new HashMap<TopicPartition, OffsetSpec>();
    partitions.forEach(partition -> wanted.put(new TopicPartition(topic, partition), spec));
    return admin().listOffsets(wanted, new ListOffsetsOptions(level).timeoutMs(wait.millis()));
  }

  void create(Collection<TopicSpec> wanted, Duration limit) {
    var wait = new Wait(limit);
    var options = new CreateTopicsOptions().timeoutMs(wait.millis());
    var created =
        admin().createTopics(wanted.stream().map(KafkaCluster::created).toList(), options);
    created
        .values()
        .forEach((topic, future) -> {
          try {
            wait.on(future);
          } catch (TopicExistsException _) {
            // left as it is
          } catch (KafkaException failed) {
            throw new LogUnavailable("topic " + topic + " cannot be created", failed);
          }
        });
    for (var spec : wanted) {
      var partitions = IntStream.range(0, spec.partitions()).boxed().toList();
      awaitLeaders(spec.name(), partitions, Duration.ofMillis(wait.millis()));
    }
  }

  /// Returns once the leader of every partition is at work, or the time is up.
  ///
  /// Metadata name leaders before these know of it. Of the first batches of a producer such a
  /// leader refuses one and may store the next, since it knows nothing of that producer's sequence;
  /// the one it has refused is then out of order until its time is up.
  void awaitLeaders(String topic, Collection<Integer> partitions, Duration limit) {
    for (var wait = new Wait(limit); ; LockSupport.parkNanos(AGAIN.toNanos())) {
      try {
        wait.on(offsets(topic, partitions, OffsetSpec.latest(), READ_UNCOMMITTED, wait).all());
        return;
      } catch (KafkaException late) {
        // A node may not even have heard of the topic.
        if (!(late instanceof UnknownTopicOrPartitionException) || wait.isOver()) {
          LOG.debug("not all leaders of {} are at work", topic, late);
          return;
        }
      }
    }
  }

  private static NewTopic created(TopicSpec spec) {
    var settings = new HashMap<String, String>();
    settings.put("cleanup.policy", spec.compacted() ? "compact" : "delete");
    settings.putAll(spec.settings());
    return new NewTopic(spec.name(), Optional.of(spec.partitions()), Optional.empty())
        .configs(settings);
  }

  Optional<String> check(Duration limit) {
    try {
      var wait = new Wait(limit);
      var options = new DescribeClusterOptions().timeoutMs(wait.millis());
      var nodes = wait.on(admin().describeCluster(options).nodes());
      return nodes.isEmpty() ? Optional.of("the cluster has no brokers") : Optional.empty();
    } catch (KafkaException failed) {
      return Optional.of(Failures.sentence(failed));
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}
