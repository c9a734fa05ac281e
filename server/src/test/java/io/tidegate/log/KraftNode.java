package io.tidegate.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/// A Kafka node with listeners to a test's taste, where the product's own embedded node is too
/// plain.
public final class KraftNode implements AutoCloseable {
  private final KafkaRaftServer server;

  /// @param listeners with the name of the listener that the node itself uses, `INNER`
  public KraftNode(Path folder, Map<String, String> listeners) throws Exception {
    format(folder);
    var controller = "127.0.0.1:" + freePort();
    var configs = new Properties();
    configs.putAll(listeners);
    configs.put("listeners", listeners.get("listeners") + ",CONTROLLER://" + controller);
    configs.put("controller.quorum.voters", "1@" + controller);
    configs.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", "1",
            "log.dirs", folder.toString(),
            "controller.listener.names", "CONTROLLER",
            "inter.broker.listener.name", "INNER",
            "offsets.topic.replication.factor", "1",
            "log.cleaner.dedupe.buffer.size", "4194304"));
    server = new KafkaRaftServer(KafkaConfig.fromProps(configs, false), Time.SYSTEM);
    server.startup();
  }

  private static void format(Path folder) throws Exception {
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(1)
        .setControllerListenerName("CONTROLLER")
        .setMetadataLogDirectory(Optional.of(folder.toString()))
        .setDirectories(List.of(folder.toString()))
        .run();
  }

  public static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new IllegalStateException(none);
    }
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
