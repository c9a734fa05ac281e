package io.tidegate.log;

import java.util.HashMap;
import java.util.Map;

/// How the Kafka clients are set up.
///
/// An append has `Limits.append` in all. The producer gets what is left of it after half a second
/// for queues and looking topics up, and a request may take so long that one retry still fits.
final class ClientConfigs {
  /// Larger than topics usually allow: the topic decides, not the client.
  static final int LARGEST_REQUEST = 32 << 20;

  private static final int BATCH = 32 << 10;

  private final KafkaSettings settings;

  ClientConfigs(KafkaSettings settings) {
    this.settings = settings;
  }

  /// `max.block.ms` is 0, so that `send` never waits: neither for metadata nor for memory.
  Map<String, Object> producer(Acks acks) {
    var delivery = settings.limits().append().toMillis() - 500;
    var configs = common("append-" + acks(acks));
    configs.put("acks", acks(acks));
    configs.put("enable.idempotence", acks == Acks.IN_SYNC_REPLICAS);
    configs.put("linger.ms", 1);
    configs.put("batch.size", BATCH);
    configs.put("buffer.memory", Math.max(2 * settings.limits().bytes(), LARGEST_REQUEST + BATCH));
    configs.put("max.request.size", LARGEST_REQUEST);
    configs.put("max.block.ms", 0);
    configs.put("delivery.timeout.ms", (int) delivery);
    configs.put("request.timeout.ms", (int) (delivery * 5 / 8));
    configs.put("metadata.max.age.ms", 60_000);
    return configs;
  }

  /// A request that finds nothing new waits at the broker: long ones cost nothing while all is
  /// quiet. But a partition that is resumed meanwhile is not asked for before the request for the
  /// others has come back, so who pauses partitions must be impatient. For the same reason a poll
  /// takes all that a request has brought (`max.poll.records`), and requests are small.
  Map<String, Object> consumer(String topic, boolean patient) {
    var configs = common("follow-" + topic);
    configs.put("isolation.level", "read_committed");
    configs.put("auto.offset.reset", "none");
    configs.put("enable.auto.commit", false);
    configs.put("allow.auto.create.topics", false);
    configs.put("fetch.min.bytes", 1);
    configs.put("fetch.max.wait.ms", patient ? 5_000 : 200);
    configs.put("fetch.max.bytes", 2 << 20);
    configs.put("max.partition.fetch.bytes", 1 << 20);
    configs.put("max.poll.records", Integer.MAX_VALUE);
    configs.put("request.timeout.ms", 10_000);
    configs.put("metadata.max.age.ms", 60_000);
    return configs;
  }

  /// A member of a group. A member that falls silent is missed after six seconds, which is the
  /// least that brokers allow; partitions stay where they are when members come and go.
  Map<String, Object> member(String topic, String group, boolean patient) {
    var configs = consumer(topic, patient);
    configs.put("client.id", configs.get("client.id") + "-" + group);
    configs.put("group.id", group);
    configs.put("session.timeout.ms", 6_000);
    configs.put("heartbeat.interval.ms", 1_000);
    configs.put("max.poll.interval.ms", 30_000);
    configs.put("max.poll.records", 1_000);
    configs.put("metadata.max.age.ms", 5_000);
    configs.put(
        "partition.assignment.strategy",
        "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
    return configs;
  }

  /// For looks at places here and there. What a look brings is thrown away but for the place, so it
  /// should bring little.
  Map<String, Object> reader(int bytes) {
    var configs = consumer("places", false);
    configs.put("client.id", configs.get("client.id") + "-" + bytes);
    configs.put("max.partition.fetch.bytes", bytes);
    configs.put("fetch.max.wait.ms", 20);
    configs.put("receive.buffer.bytes", Math.max(bytes, 64 << 10));
    return configs;
  }

  Map<String, Object> admin() {
    var configs = common("admin");
    configs.put("request.timeout.ms", 5_000);
    configs.put("default.api.timeout.ms", 10_000);
    return configs;
  }

  private Map<String, Object> common(String use) {
    var configs = new HashMap<>(SecurityConfigs.of(settings));
    configs.put("bootstrap.servers", settings.bootstrap());
    configs.put("client.id", "tidegate-" + settings.name().replace(':', '-') + "-" + use);
    configs.put("retry.backoff.ms", 50);
    configs.put("retry.backoff.max.ms", 500);
    configs.put("reconnect.backoff.ms", 50);
    configs.put("reconnect.backoff.max.ms", 500);
    configs.put("socket.connection.setup.timeout.ms", 1_500);
    configs.put("socket.connection.setup.timeout.max.ms", 3_000);
    configs.put("metric.reporters", "");
    configs.put("enable.metrics.push", false);
    return configs;
  }

  private static String acks(Acks acks) {
    return switch (acks) {
      case NONE -> "0";
      case LEADER_ONLY -> "1";
      case IN_SYNC_REPLICAS -> "all";
    };
  }
}
