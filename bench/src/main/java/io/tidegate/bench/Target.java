package io.tidegate.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// A running process of one side. Ends with `close`, and in any case with us.
final class Target implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final int LOG_LINES = 20;

  private final String name;
  private final Process process;
  private final Side.Serving serving;
  private final InetSocketAddress address;
  private final Thread killer = new Thread(this::kill, "target-kill");
  private final long spawned;

  private Target(String name, Process process, Side.Serving serving, long spawned) {
    this.name = name;
    this.process = process;
    this.serving = serving;
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), serving.port());
    this.spawned = spawned;
  }

  /// Starts a process; `awaitFirst` says when it serves.
  static Target start(Side side, Side.Serving serving) {
    var start = side.start(serving);
    var builder = new ProcessBuilder(start.command());
    builder.environment().putAll(start.environment());
    builder.redirectErrorStream(true).redirectOutput(logOf(serving).toFile());
    builder.redirectInput(new File("/dev/null"));
    var spawned = System.nanoTime();
    try {
      var target = new Target(side.name(), builder.start(), serving, spawned);
      Runtime.getRuntime().addShutdownHook(target.killer);
      return target;
    } catch (IOException failed) {
      throw new BenchFailure("the " + side.name() + " cannot be started: " + failed, failed);
    }
  }

  /// A port that nobody listens on just now.
  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Path logOf(Side.Serving serving) {
    return serving.folder().resolve("output.log");
  }

  /// Asks over and over until the answer is a success.
  ///
  /// @return the time since the process was spawned
  Duration awaitFirst() {
    return awaitFirst(START_LIMIT);
  }

  Duration awaitFirst(Duration patience) {
    var request = serving.work().first();
    var limit = spawned + patience.toNanos();
    var last = "";
    while (System.nanoTime() < limit && process.isAlive()) {
      try {
        var answer = Exchange.with(address, request);
        if (answer.isSuccess()) {
          return Duration.ofNanos(System.nanoTime() - spawned);
        }
        last = "status " + answer.status();
      } catch (IOException notYet) {
        last = notYet.toString();
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw failure(process.isAlive() ? "does not serve (" + last + ")" : "has ended");
  }

  Exchange ask(byte[] request) {
    try {
      return Exchange.with(address, request);
    } catch (IOException failed) {
      throw failure("does not answer (" + failed + ")");
    }
  }

  /// Asks, and fails when that is no success.
  void insist(byte[] request) {
    var answer = ask(request);
    if (!answer.isSuccess()) {
      throw failure("answers " + answer.status());
    }
  }

  /// A failure that shows the end of what the process has printed.
  BenchFailure failure(String what) {
    var log = logOf(serving);
    return new BenchFailure("the %s %s; the end of %s:%n%s".formatted(name, what, log, tail(log)));
  }

  private static String tail(Path log) {
    try {
      var lines = Files.readAllLines(log);
      return lines.stream()
          .skip(Math.max(0, lines.size() - LOG_LINES))
          .collect(Collectors.joining("\n"));
    } catch (IOException unreadable) {
      return "(" + unreadable + ")";
    }
  }

  String name() {
    return name;
  }

  InetSocketAddress address() {
    return address;
  }

  Optional<EventTopic> eventTopic() {
    return EventTopic.at(serving.kafkaPort());
  }

  /// What the process itself has measured of the requests so far.
  InsideTimes insideTimes() {
    return InsideTimes.read(serving.metricsPort());
  }

  int kafkaPort() {
    return serving.kafkaPort();
  }

  /// What its objects take, after a collection. The process must be a JVM itself.
  long liveHeapBytes() {
    return Streams.liveHeapBytes(process.pid());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  CpuClock cpu() {
    return new CpuClock(process.toHandle());
  }

  /// Asks it to stop in an orderly way, then insists.
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    kill();
    forgetKiller();
  }

  /// As `kill -9` does.
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private void forgetKiller() {
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException _) {
      // This process is about to end, and the hook is running.
    }
  }
}
