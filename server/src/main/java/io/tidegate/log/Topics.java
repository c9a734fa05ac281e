package io.tidegate.log;

import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.RecordLog.TopicInfo;
import io.tidegate.log.RecordLog.TopicSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/// What readers need to know about a topic, put together from what the cluster says; and topics
/// made ready for use.
final class Topics {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "cleanup.policy", "delete",
          "retention.ms", "604800000",
          "retention.bytes", "-1",
          "delete.retention.ms", "86400000",
          "max.message.bytes", "1048588");

  private final KafkaCluster cluster;

  Topics(KafkaCluster cluster) {
    this.cluster = cluster;
  }

  Optional<TopicInfo> describe(String topic, Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    return switch (find(topic, limit)) {
      case Found.Topic seen -> Optional.of(info(topic, seen, deadline));
      case Found.Missing _ -> Optional.empty();
      case Found.Refused(var answer) when answer.reason() == Appended.Reason.INVALID ->
          Optional.empty();
      case Found.Refused(var answer) -> throw unavailable(topic, answer.cause());
      case Found.Away(var cause) -> throw unavailable(topic, cause);
    };
  }

  private Found find(String topic, Duration limit) {
    var found = cluster.find(List.of(topic), limit).get(topic);
    return found == null ? new Found.Missing() : found;
  }

  private static LogUnavailable unavailable(String topic, String cause) {
    return new LogUnavailable("topic " + topic + " cannot be described", new KafkaException(cause));
  }

  private TopicInfo info(String topic, Found.Topic seen, long deadline) {
    var settings = new HashMap<>(DEFAULTS);
    settings.putAll(cluster.settings(topic, left(deadline)));
    var bounds = cluster.bounds(topic, seen.partitions(), left(deadline));
    if (bounds.size() < seen.partitions().size()) {
      throw unavailable(topic, "not all partitions say where they begin and end");
    }
    var first = new HashMap<Integer, Long>();
    var end = new HashMap<Integer, Long>();
    bounds.forEach((partition, known) -> {
      first.put(partition, known.first());
      end.put(partition, known.stable());
    });
    var policy = List.of(settings.getOrDefault("cleanup.policy", "").split(","));
    return new TopicInfo(
        topic,
        seen.partitions().size(),
        policy.contains("compact"),
        policy.contains("delete"),
        Duration.ofMillis(number(settings, "retention.ms")),
        number(settings, "retention.bytes"),
        Duration.ofMillis(number(settings, "delete.retention.ms")),
        (int) number(settings, "max.message.bytes"),
        Map.copyOf(first),
        Map.copyOf(end),
        seen.id().toString());
  }

  private static long number(Map<String, String> settings, String name) {
    return Long.parseLong(settings.getOrDefault(name, "-1"));
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
  }

  /// Returns when every one of them can be written to.
  void create(Collection<TopicSpec> wanted, Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    cluster.create(wanted, limit);
    var names = wanted.stream().map(TopicSpec::name).toList();
    for (var pause = 2L; !areReady(names, left(deadline)); pause = Math.min(2 * pause, 100)) {
      if (System.nanoTime() - deadline > 0) {
        throw new LogUnavailable(
            "topics were created and do not appear", new TimeoutException(names.toString()));
      }
      pause(pause);
    }
  }

  private boolean areReady(Collection<String> names, Duration limit) {
    return cluster.find(names, limit).values().stream()
        .allMatch(found -> found instanceof Found.Topic seen && seen.leaderless().isEmpty());
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }
}
