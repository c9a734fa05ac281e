package io.tidegate.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import io.tidegate.inbox.EndpointForm;
import io.tidegate.inbox.EndpointKind;
import io.tidegate.inbox.EndpointRules;
import io.tidegate.inbox.RegisteredEndpoint;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.KafkaLog;
import io.tidegate.log.KafkaSettings;
import io.tidegate.log.RecordLog;
import io.tidegate.registry.Registries;
import io.tidegate.registry.Registry;
import io.tidegate.registry.SealingKey;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// How long it takes an instance to know 100,000 endpoints, each with a sealed secret, and what
/// they hold in memory. In this process, on a node of its own.
final class RegistryReplay {
  static final String TITLE = "registry";

  private static final int COUNT = 100_000;
  private static final int AT_ONCE = 4_000;
  private static final double SECONDS_GOAL = 3;
  private static final double MIB_GOAL = 150;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Path folder;
  private final PrintStream progress;
  private final SealingKey key = SealingKey.parse(SealingKey.generate());

  RegistryReplay(Path folder, PrintStream progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /// @param lookUpNanos of one endpoint, on the average
  record Result(double foldSeconds, double replaySeconds, double mebibytes, double lookUpNanos) {
    void print(PrintStream out) {
      out.printf(
          "%n%s: %,d endpoints%n"
              + "  registered from commands   %6.1f s%n"
              + "  replayed at start          %6.1f s   (goal %.0f s)%n"
              + "  held in memory             %6.0f MiB (goal %.0f MiB)%n"
              + "  one look-up                %6.0f ns%n",
          TITLE, COUNT, foldSeconds, replaySeconds, SECONDS_GOAL, mebibytes, MIB_GOAL, lookUpNanos);
    }
  }

  /// One instance's registry.
  private final class Instance implements AutoCloseable {
    final KafkaLog log;
    final Registries registries;
    final Registry<RegisteredEndpoint> endpoints;

    Instance(EmbeddedBroker node) {
      var meters = new SimpleMeterRegistry();
      var rules =
          new EndpointKind.Rules(
              EndpointRules::isTopic, EndpointRules::faults, EndpointForm.Terms.USUAL);
      var kind = new EndpointKind(key, rules);
      log = new KafkaLog(KafkaSettings.plain("bench", node.bootstrap()), Time.system(), meters);
      log.create(Registries.topics(List.of(kind)), Duration.ofSeconds(30));
      registries = new Registries(log, Time.system(), meters);
      endpoints = registries.add(kind);
    }

    double start() {
      var started = System.nanoTime();
      registries.start();
      if (!registries.awaitReplay(LIMIT)) {
        throw new BenchFailure("the registry was not replayed within " + LIMIT);
      }
      return seconds(started);
    }

    @Override
    public void close() {
      registries.close();
      log.close();
    }
  }

  Result run() {
    try (var node = EmbeddedBroker.start(BrokerOptions.in(folder))) {
      progress.printf("%s: registering %,d endpoints%n", TITLE, COUNT);
      var fold = fill(node);
      progress.printf("%s: replaying them%n", TITLE);
      try (var warmUp = new Instance(node)) {
        warmUp.start();
      }
      var before = used();
      try (var instance = new Instance(node)) {
        var replay = instance.start();
        var held = (used() - before) / (double) (1 << 20);
        if (instance.endpoints.size() != COUNT) {
          throw new BenchFailure("only " + instance.endpoints.size() + " endpoints are known");
        }
        return new Result(fold, replay, held, lookUp(instance.endpoints));
      }
    }
  }

  private double fill(EmbeddedBroker node) {
    try (var instance = new Instance(node)) {
      instance.start();
      var started = System.nanoTime();
      append(instance.log);
      while (instance.endpoints.size() < COUNT) {
        if (seconds(started) > LIMIT.toSeconds()) {
          throw new BenchFailure("only " + instance.endpoints.size() + " were registered");
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
      return seconds(started);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted", interrupted);
    }
  }

  private void append(RecordLog log) throws InterruptedException {
    var room = new Semaphore(AT_ONCE);
    var failed = new AtomicInteger();
    for (var number = 0; number < COUNT; number++) {
      room.acquire();
      var entry = new Entry("tidegate.commands", null, List.of(), command(number));
      log.append(
          entry,
          Acks.IN_SYNC_REPLICAS,
          answer -> {
            if (!(answer instanceof Appended.At)) {
              failed.incrementAndGet();
            }
            room.release();
          });
    }
    room.acquire(AT_ONCE);
    if (failed.get() > 0) {
      throw new BenchFailure(failed + " commands were not stored");
    }
  }

  private Bytes command(int number) {
    return Bytes.utf8(
        """
        {"action":"register","endpoint_id":"%s","topic":"webhooks.team-%d",\
        "description":"the endpoint of customer %d","auth_type":"github","auth_secret":"%s"}\
        """
            .formatted(
                id(number),
                number % 100,
                number,
                key.seal(new Secret("a-secret-of-usual-length-" + number))));
  }

  private static String id(int number) {
    return "%032x".formatted(number * 0x9e3779b97f4a7c15L);
  }

  private static double lookUp(Registry<RegisteredEndpoint> endpoints) {
    var ids = new String[1024];
    for (var i = 0; i < ids.length; i++) {
      ids[i] = new String(id(i * 97).toCharArray());
    }
    var found = 0;
    for (var i = 0; i < 1_000_000; i++) {
      found += endpoints.find(ids[i & 1023]).isPresent() ? 1 : 0;
    }
    var started = System.nanoTime();
    for (var i = 0; i < 1_000_000; i++) {
      found += endpoints.find(ids[i & 1023]).isPresent() ? 1 : 0;
    }
    var nanos = (System.nanoTime() - started) / 1e6;
    if (found != 2_000_000) {
      throw new BenchFailure("endpoints are missing");
    }
    return nanos;
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  private static long used() {
    for (var i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
