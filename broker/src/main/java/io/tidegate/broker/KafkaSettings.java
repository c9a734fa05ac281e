package io.tidegate.broker;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/// The configuration of the node: one machine, loopback, small memory.
final class KafkaSettings {

  static final int NODE = 1;
  static final String CONTROLLER = "CONTROLLER";

  private static final String CLIENTS = "CLIENTS";

  /// A body of 10 MiB with its key and headers.
  private static final int MESSAGE_LIMIT = (10 << 20) + (64 << 10);

  /// After `kill -9` the controller turns the returning broker away until the old session has run
  /// out: seconds by default, for nothing, since both are one process.
  private static final Map<String, String> QUICK_RETURN =
      Map.of(
          "broker.session.timeout.ms", "1000",
          "broker.heartbeat.interval.ms", "250",
          "controlled.shutdown.enable", "true",
          "controller.quorum.election.timeout.ms", "100",
          "controller.quorum.election.backoff.max.ms", "50",
          "controller.quorum.fetch.timeout.ms", "500",
          "group.initial.rebalance.delay.ms", "0");

  /// One replica of everything. Partition counts of Kafka's own topics are settled here once:
  /// changing them later would lose committed offsets.
  private static final Map<String, String> ONE_NODE =
      Map.of(
          "offsets.topic.num.partitions", "4",
          "offsets.topic.replication.factor", "1",
          "transaction.state.log.num.partitions", "1",
          "transaction.state.log.replication.factor", "1",
          "transaction.state.log.min.isr", "1",
          "share.coordinator.state.topic.num.partitions", "1",
          "share.coordinator.state.topic.replication.factor", "1",
          "share.coordinator.state.topic.min.isr", "1",
          "auto.create.topics.enable", "false");

  private static final Map<String, String> SMALL_BUFFERS =
      Map.of(
          "log.cleaner.dedupe.buffer.size", "4194304",
          "log.cleaner.io.buffer.size", "262144",
          "log.index.size.max.bytes", "1048576",
          "log.segment.bytes", "67108864",
          "offsets.topic.segment.bytes", "8388608",
          "offsets.load.buffer.size", "1048576",
          "transaction.state.log.segment.bytes", "8388608",
          "transaction.state.log.load.buffer.size", "1048576",
          "share.coordinator.state.topic.segment.bytes", "8388608",
          "share.coordinator.load.buffer.size", "1048576");

  private static final Map<String, String> FEW_THREADS =
      Map.of(
          "num.network.threads", "1",
          "num.io.threads", "2",
          "background.threads", "2",
          "log.cleaner.threads", "1",
          "group.coordinator.threads", "1",
          "share.coordinator.threads", "1");

  /// A small compacted topic would never fill a segment and so never be compacted: once a day it
  /// is.
  private static final Map<String, String> TOPICS =
      Map.of(
          "log.cleaner.max.compaction.lag.ms", "86400000",
          "log.retention.hours", "168",
          "message.max.bytes", Integer.toString(MESSAGE_LIMIT));

  private KafkaSettings() {}

  static Properties of(Path folder, LoopbackPorts ports, Durability durability) {
    var settings = new Properties();
    settings.putAll(QUICK_RETURN);
    settings.putAll(ONE_NODE);
    settings.putAll(SMALL_BUFFERS);
    settings.putAll(FEW_THREADS);
    settings.putAll(TOPICS);
    settings.putAll(identity(ports));
    settings.put("log.dirs", folder.toString());
    switch (durability) {
      case PAGE_CACHE -> {}
      case FSYNC -> settings.put("log.flush.interval.messages", "1");
    }
    return settings;
  }

  private static Map<String, String> identity(LoopbackPorts ports) {
    var clients = CLIENTS + "://" + ports.clientAddress();
    return Map.of(
        "process.roles",
        "broker,controller",
        "node.id",
        Integer.toString(NODE),
        "controller.quorum.voters",
        NODE + "@" + ports.controllerAddress(),
        "listeners",
        clients + "," + CONTROLLER + "://" + ports.controllerAddress(),
        "advertised.listeners",
        clients,
        "controller.listener.names",
        CONTROLLER,
        "inter.broker.listener.name",
        CLIENTS,
        "listener.security.protocol.map",
        CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
  }
}
