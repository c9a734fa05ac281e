package io.tidegate.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/// An embedded node in a JVM of its own, so that the JVM can be killed or ended. The child does
/// what its first argument says and reports by lines on standard output.
final class ChildNode implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(100);
  private static final int MOST_UNREAD = 1_000;

  private final Process process;
  private final BlockingQueue<Optional<String>> output = new ArrayBlockingQueue<>(MOST_UNREAD);
  private final Thread reader;

  private ChildNode(Process process) {
    this.process = process;
    this.reader = Thread.ofPlatform().daemon().name("child-output").start(this::read);
  }

  /// Line by line, and an empty one at the end.
  private void read() {
    try {
      try (var lines = process.inputReader()) {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          output.put(Optional.of(line));
        }
      } catch (IOException closed) {
        // it says no more
      }
      output.put(Optional.empty());
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  static ChildNode spawn(String job, Path data) throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var flags = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    var classPath = System.getProperty("java.class.path");
    var logging = "-Dlogback.configurationFile=broker-test-logback.xml";
    var main = List.of(logging, "-cp", classPath, ChildNode.class.getName(), job, data.toString());
    var command = Stream.of(List.of(java), flags, main).flatMap(List::stream).toList();
    return new ChildNode(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  long pid() {
    return process.pid();
  }

  /// The next line that starts so.
  String awaitLine(String start) throws IOException, InterruptedException {
    for (var line = nextLine(); line.isPresent(); line = nextLine()) {
      if (line.get().startsWith(start)) {
        return line.get();
      }
    }
    throw new IOException("the child ended without saying: " + start);
  }

  private Optional<String> nextLine() throws InterruptedException {
    var line = output.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("the child has said nothing for " + LIMIT);
    }
    return line;
  }

  /// Kills it as `kill -9` does; what it had said up to then.
  List<String> kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // unlike the process itself, leaves its output readable
    var lines = new ArrayList<String>();
    for (var line = nextLine(); line.isPresent(); line = nextLine()) {
      lines.add(line.get());
    }
    return lines;
  }

  int awaitExit() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the child did not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
    reader.interrupt();
  }

  static void main(String[] args) throws Exception {
    var data = Path.of(args[1]);
    var options = BrokerOptions.in(data).withPort(0).withOnFatal(fault -> System.exit(3));
    var broker = start(options);
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    switch (args[0]) {
      case "hold" -> System.out.println("ready");
      case "exit" -> System.exit(0);
      case "write" -> writeForEver(broker);
      case "lose data" -> loseData(broker, data);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static Broker start(BrokerOptions options) {
    try {
      return EmbeddedBroker.start(options);
    } catch (BrokerFailure failure) {
      System.out.println(failure.getMessage());
      throw failure;
    }
  }

  private static void writeForEver(Broker broker) throws Exception {
    var topic = new TestTopic(broker.bootstrap(), "orders").create(Map.of()).awaitLeader();
    try (var producer = topic.producer("none")) {
      for (var number = 0; ; number++) {
        var acknowledged = "acknowledged " + number;
        producer.send(
            new ProducerRecord<>(topic.name(), "k", Integer.toString(number)),
            (_, failure) -> System.out.println(failure == null ? acknowledged : "failed"));
      }
    }
  }

  private static void loseData(Broker broker, Path data) throws Exception {
    try (var files = Files.walk(data)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
    new TestTopic(broker.bootstrap(), "orders").create(Map.of());
  }
}
