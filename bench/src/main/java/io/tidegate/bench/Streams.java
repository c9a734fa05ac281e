package io.tidegate.bench;

import io.tidegate.bench.Side.Likeness;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Event streams: one topic to many readers beside a plain write loop, a reader that catches up,
/// and readers to whom nothing is said.
final class Streams {

  static final String TITLE = "streams";

  private static final String TOPIC = "bench-stream";
  private static final String PATH = "/streams/" + TOPIC;
  private static final int EVENT_BYTES = 256;
  private static final int SMALL_BYTES = 100;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Arena arena;
  private final Side product;
  private final Jvm jvm;
  private final PrintStream progress;

  /// One measured stretch.
  ///
  /// @param undelivered events that had not arrived two seconds after the last was sent
  record Row(
      String side,
      int readers,
      int perSecond,
      double delivered,
      double cpuSecondsPer100k,
      double p50Millis,
      double p99Millis,
      double residentMiB,
      long undelivered) {}

  /// @param catchUp events a second from history to one reader, in each round
  record Result(List<Row> rows, List<Double> catchUp, Idle idle) {}

  /// @param heapBytesEach live heap that one of them takes
  record Idle(int readers, double heapBytesEach, double residentMiB) {}

  Streams(Arena arena, Side product, Jvm jvm, PrintStream progress) {
    this.arena = arena;
    this.product = product;
    this.jvm = jvm;
    this.progress = progress;
  }

  Result run(Duration warmUp, Duration measured, int idle, int history) {
    var rows = new ArrayList<Row>();
    for (var load : List.of(new int[] {100, 1000}, new int[] {1000, 100})) {
      for (int perSecond : new int[] {load[1] / 2, load[1]}) {
        progress.printf("%s: %d readers, %d events/s%n", TITLE, load[0], perSecond);
        for (var side : List.of(product, skeleton(perSecond))) {
          rows.add(fanOut(side, load[0], perSecond, warmUp, measured));
          progress.printf("%s: %s%n", TITLE, rows.getLast());
        }
      }
    }
    progress.printf("%s: catching up with %,d events%n", TITLE, history);
    var catchUp = catchUp(history, 4);
    progress.printf("%s: %s%n%s: %,d idle readers%n", TITLE, catchUp, TITLE, idle);
    var quiet = idle(idle);
    progress.printf("%s: %s%n", TITLE, quiet);
    return new Result(rows, catchUp, quiet);
  }

  private Side skeleton(int perSecond) {
    return new Skeletal(jvm, perSecond);
  }

  private Target start(Side side) {
    arena.clear(side);
    var target = arena.start(side, Work.PRODUCE, new Likeness(EVENT_BYTES, 1));
    target.awaitFirst();
    if (side.equals(product)) {
      awaitStream(target);
    }
    return target;
  }

  /// Until one event has come all the way.
  private static void awaitStream(Target target) {
    try (var producer = producer(target)) {
      var _ = producer.send(new ProducerRecord<>(TOPIC, new byte[16]));
    }
    long limit = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < limit) {
      try (var reader = new StreamReaders().open(target.address(), PATH, 1)) {
        pause(Duration.ofMillis(500));
        if (reader.events() > 0) {
          return;
        }
      }
    }
    throw target.failure("does not stream");
  }

  private Row fanOut(Side side, int count, int perSecond, Duration warmUp, Duration measured) {
    try (var target = start(side);
        var readers = new StreamReaders().open(target.address(), PATH, count);
        var source = side.equals(product) ? new Source(target, perSecond) : null) {
      pause(warmUp);
      long before = readers.events();
      var cpu = target.cpu().read();
      var _ = readers.timed();
      long began = System.nanoTime();
      pause(measured);
      double seconds = (System.nanoTime() - began) / 1e9;
      long delivered = readers.events() - before;
      if (readers.ended() > 0) {
        throw target.failure("ended " + readers.ended() + " streams");
      }
      var used = target.cpu().read().since(cpu).server();
      var timed = readers.timed();
      return new Row(
          side.name(),
          count,
          perSecond,
          delivered / seconds,
          used / delivered * 100_000,
          timed.getValueAtPercentile(50) / 1000.0,
          timed.getValueAtPercentile(99) / 1000.0,
          target.cpu().residentMiB(),
          source == null ? 0 : source.undelivered(readers, count));
    }
  }

  private List<Double> catchUp(int history, int rounds) {
    var speeds = new ArrayList<Double>();
    try (var target = start(product);
        var producer = producer(target)) {
      var value = new byte[SMALL_BYTES];
      java.util.Arrays.fill(value, (byte) 'x');
      for (int i = 0; i < history; i++) {
        var _ = producer.send(new ProducerRecord<>(TOPIC, 0, null, value));
      }
      producer.flush();
      for (int round = 0; round < rounds; round++) {
        long began = System.nanoTime();
        try (var reader = new StreamReaders().open(target.address(), PATH, 1)) {
          until(() -> reader.events() > history || reader.ended() > 0, "the history to arrive");
          if (reader.ended() > 0) {
            throw target.failure("ended the stream after " + reader.events() + " events");
          }
        }
        speeds.add(history / ((System.nanoTime() - began) / 1e9));
      }
    }
    return speeds;
  }

  private Idle idle(int count) {
    try (var target = start(product)) {
      try (var few = new StreamReaders().open(target.address(), PATH, 100)) {
        long before = target.liveHeapBytes();
        try (var readers = new StreamReaders().open(target.address(), PATH, count)) {
          pause(Duration.ofSeconds(2));
          long each = (target.liveHeapBytes() - before) / count;
          if (few.ended() + readers.ended() > 0) {
            throw target.failure("closed " + readers.ended() + " idle streams");
          }
          return new Idle(count, each, target.cpu().residentMiB());
        }
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Target target) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", "127.0.0.1:" + target.kafkaPort(), "linger.ms", "1", "acks", "1");
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static void until(java.util.function.BooleanSupplier done, String what) {
    long limit = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > limit) {
        throw new BenchFailure("waited too long for " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private static void pause(Duration duration) {
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted");
    }
  }

  /// Produces at a fixed rate until closed.
  private static final class Source implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final int perSecond;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long sent;

    Source(Target target, int perSecond) {
      this.producer = producer(target);
      this.perSecond = perSecond;
      this.thread = Thread.ofPlatform().daemon().name("source").start(this::run);
    }

    private void run() {
      var filling = "x".repeat(EVENT_BYTES - 16);
      long began = System.nanoTime();
      long count = 0;
      while (!stopped) {
        long due = (System.nanoTime() - began) * perSecond / 1_000_000_000L;
        while (count < due) {
          var value = (StreamReaders.stamp() + filling).getBytes(StandardCharsets.US_ASCII);
          var _ = producer.send(new ProducerRecord<>(TOPIC, value));
          count++;
          sent = count;
        }
        LockSupport.parkNanos(500_000);
      }
      producer.flush();
    }

    long undelivered(StreamReaders readers, int count) {
      close();
      long owed = (sent + 1) * count; // and the one that was there
      long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
      while (readers.events() < owed && System.nanoTime() < limit) {
        LockSupport.parkNanos(1_000_000);
      }
      return Math.max(0, owed - readers.events());
    }

    @Override
    public void close() {
      stopped = true;
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      producer.close();
    }
  }

  /// The plain write loop, in a process of its own.
  private record Skeletal(Jvm jvm, int perSecond) implements Side {
    @Override
    public String name() {
      return "skeleton";
    }

    @Override
    public Start start(Serving serving) {
      var arguments =
          List.of(
              "stream",
              Integer.toString(serving.port()),
              "1",
              Integer.toString(perSecond),
              Integer.toString(EVENT_BYTES));
      var classPath = System.getProperty("java.class.path");
      return new Start(jvm.command(classPath, Skeleton.class.getName(), arguments), Map.of());
    }
  }

  /// Live objects, after a collection, as `jcmd` counts them.
  static long liveHeapBytes(long pid) {
    try {
      var jcmd = java.nio.file.Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      var process =
          new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var total = lines.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
      return Long.parseLong(total.strip().split("\\s+", -1)[2]);
    } catch (IOException | java.util.NoSuchElementException failed) {
      throw new BenchFailure("the heap cannot be counted: " + failed, failed);
    }
  }
}
