package io.tidegate.targets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// The RabbitMQ of the machine, as a node of its own with its own ports, folder and cookie.
public final class RabbitNode implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

  private final Path folder;
  private final int port = free();
  private final int distribution = free();
  private final int mapper = free();
  private Process process;

  private RabbitNode(Path folder) throws IOException {
    this.folder = folder;
    Files.writeString(folder.resolve("enabled_plugins"), "[].");
    Files.writeString(
        folder.resolve("rabbitmq.conf"),
        """
        listeners.tcp.1 = 127.0.0.1:%d
        loopback_users = none
        disk_free_limit.absolute = 1MB
        log.console = true
        log.console.level = warning
        """
            .formatted(port));
    Files.writeString(folder.resolve("erlang.config"), "[].");
    process = run();
  }

  /// Fails when the machine has no RabbitMQ (Debian: `apt-get install rabbitmq-server`).
  public static RabbitNode start(Path folder) {
    try {
      var node = new RabbitNode(folder);
      try {
        node.awaitListening();
        return node;
      } catch (RuntimeException failed) {
        node.close();
        throw failed;
      }
    } catch (IOException failed) {
      throw new IllegalStateException("rabbitmq-server does not run here", failed);
    }
  }

  private Process run() throws IOException {
    var builder = new ProcessBuilder(PROGRAM.toString());
    var environment = builder.environment();
    environment.put("HOME", folder.toString());
    environment.put("RABBITMQ_NODENAME", "test" + port + "@localhost");
    environment.put("RABBITMQ_BASE", folder.toString());
    environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
    environment.put("RABBITMQ_LOG_BASE", folder.resolve("log").toString());
    environment.put("RABBITMQ_LOGS", "-");
    environment.put("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString());
    environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString());
    environment.put("RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString());
    environment.put("RABBITMQ_DIST_PORT", Integer.toString(distribution));
    environment.put(
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
        "-setcookie test -kernel inet_dist_use_interface {127,0,0,1}");
    environment.put("ERL_EPMD_PORT", Integer.toString(mapper));
    environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    environment.put("ERL_CRASH_DUMP_BYTES", "0");
    return builder
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  private void awaitListening() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> {
          if (!process.isAlive()) {
            throw new AssertionError(Files.readString(folder.resolve("output")));
          }
          new Socket(InetAddress.getLoopbackAddress(), port).close();
          return true;
        });
  }

  public int port() {
    return port;
  }

  /// Ends it without a word.
  public void kill() throws InterruptedException {
    var all = new ArrayList<>(process.descendants().toList());
    all.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
    Awaitility.await().until(() -> all.stream().noneMatch(RabbitNode::runs));
  }

  /// One that has ended may still be listed, until whoever inherited it looks: without a command.
  private static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  public void restart() throws IOException {
    process = run();
    awaitListening();
  }

  private static int free() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new IllegalStateException(none);
    }
  }

  /// Its port mapper outlives it and is ended, too.
  @Override
  public void close() {
    try {
      kill();
      new ProcessBuilder(List.of("epmd", "-port", Integer.toString(mapper), "-kill"))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (IOException gone) {
      // then it needs no ending
    }
  }
}
