package io.tidegate.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.KafkaLog;
import io.tidegate.log.KafkaSettings;
import io.tidegate.log.RecordLog;
import io.tidegate.outbox.DestinationTypes;
import io.tidegate.outbox.Event;
import io.tidegate.outbox.Outbox;
import io.tidegate.outbox.TopicPolicy;
import io.tidegate.outbox.WebhookType;
import io.tidegate.registry.Registries;
import io.tidegate.registry.SealingKey;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// What 100,000 destinations cost an instance: webhooks of 1,000 tenants, each with a sealed
/// secret, three topics and a filter that no other has. How long it takes to know them after a
/// start, what they hold in memory, and how long it takes to find those that want an event. In this
/// process, on a node of its own.
final class DestinationReplay {
  static final String TITLE = "destinations";

  private static final int TENANTS = 1_000;
  private static final int EACH = 100;
  private static final int COUNT = TENANTS * EACH;
  private static final int TOPICS = 10;
  private static final int AT_ONCE = 4_000;
  private static final int BUSY = 40;
  private static final int ROUNDS = 500;
  private static final double MIB_GOAL = 300;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private final Path folder;
  private final PrintStream progress;
  private final SealingKey key = SealingKey.parse(SealingKey.generate());

  DestinationReplay(Path folder, PrintStream progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /// @param replayed MiB that they hold when they are known, and `used` when each tenant has had
  ///   events
  /// @param process live heap of this process then, with the node
  /// @param wanted destinations that an event finds, of those that want its topic
  /// @param first microseconds for an event of a tenant that had none for long, and `again` for one
  ///   of those that have them all the time
  record Result(
      double foldSeconds,
      double replaySeconds,
      double replayed,
      double used,
      double process,
      double wanted,
      double first,
      double again) {
    void print(PrintStream out) {
      out.printf(
          "%n%s: %,d destinations of %,d tenants, each with a filter%n"
              + "  created from commands             %8.1f s%n"
              + "  replayed at start                 %8.1f s%n"
              + "  held in memory, replayed          %8.0f MiB (goal %.0f MiB: %s)%n"
              + "  the same, after events for all    %8.0f MiB%n"
              + "  the whole process, node included  %8.0f MiB%n"
              + "  finding %.0f of a tenant's %d for an event:%n"
              + "    the tenant has events           %8.1f us%n"
              + "    all %,d tenants in turn       %8.1f us%n",
          TITLE,
          COUNT,
          TENANTS,
          foldSeconds,
          replaySeconds,
          replayed,
          MIB_GOAL,
          Math.max(replayed, used) < MIB_GOAL ? "met" : "MISSED",
          used,
          process,
          wanted,
          EACH,
          again,
          TENANTS,
          first);
    }
  }

  /// One instance that knows them.
  private final class Instance implements AutoCloseable {
    final KafkaLog log;
    final Registries registries;
    final Outbox outbox;

    Instance(EmbeddedBroker node) {
      var meters = new SimpleMeterRegistry();
      var types = new DestinationTypes(List.of(new WebhookType(WebhookType.Signature.OUTPOST)));
      var settings = new Outbox.Settings(TopicPolicy.OPEN, types, EACH);
      log = new KafkaLog(KafkaSettings.plain("bench", node.bootstrap()), Time.system(), meters);
      log.create(Registries.topics(Outbox.kinds(settings, key)), Duration.ofSeconds(30));
      registries = new Registries(log, Time.system(), meters);
      outbox = new Outbox(settings, registries, log, key, Time.system(), meters);
    }

    double start() {
      var started = System.nanoTime();
      registries.start();
      if (!registries.awaitReplay(LIMIT)) {
        throw new BenchFailure("the registry was not replayed within " + LIMIT);
      }
      return seconds(started);
    }

    int known(int tenant) {
      return outbox.directory().destinations(tenant(tenant)).size();
    }

    @Override
    public void close() {
      registries.close();
      outbox.close();
      log.close();
    }
  }

  Result run() {
    try (var node = EmbeddedBroker.start(BrokerOptions.in(folder))) {
      progress.printf("%s: creating %,d destinations%n", TITLE, COUNT);
      var fold = fill(node);
      var before = used();
      progress.printf("%s: replaying them%n", TITLE);
      var measured = measure(node);
      // What was there before may have been let go meanwhile; then this is the truer base.
      var base = Math.min(before, used());
      return new Result(
          fold,
          measured.replaySeconds,
          mebibytes(measured.replayed - base),
          mebibytes(measured.used - base),
          mebibytes(measured.used),
          measured.wanted,
          measured.first,
          measured.again);
    }
  }

  private record Measured(
      double replaySeconds, long replayed, long used, double wanted, double first, double again) {}

  private Measured measure(EmbeddedBroker node) {
    try (var instance = new Instance(node)) {
      var seconds = instance.start();
      for (var tenant = 0; tenant < TENANTS; tenant++) {
        if (instance.known(tenant) != EACH) {
          throw new BenchFailure("a tenant has only " + instance.known(tenant));
        }
      }
      var replayed = used();
      progress.printf("%s: matching%n", TITLE);
      var wanted = matching(instance.outbox, TENANTS, 1);
      var all = nanos(instance.outbox, TENANTS);
      var used = used();
      var _ = nanos(instance.outbox, BUSY);
      var busy = nanos(instance.outbox, BUSY);
      return new Measured(
          seconds, replayed, used, wanted / (double) TENANTS, all / 1e3, busy / 1e3);
    }
  }

  private double fill(EmbeddedBroker node) {
    try (var instance = new Instance(node)) {
      instance.start();
      var started = System.nanoTime();
      append(instance.log, TENANTS, this::tenantCommand);
      append(instance.log, COUNT, this::command);
      while (instance.known(TENANTS - 1) < EACH) {
        if (seconds(started) > LIMIT.toSeconds()) {
          throw new BenchFailure("only " + instance.known(TENANTS - 1) + " of the last are known");
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
      return seconds(started);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted", interrupted);
    }
  }

  private static void append(RecordLog log, int count, IntFunction<Bytes> commands)
      throws InterruptedException {
    var room = new Semaphore(AT_ONCE);
    var failed = new AtomicInteger();
    for (var number = 0; number < count; number++) {
      room.acquire();
      var entry = new Entry("tidegate.commands", null, List.of(), commands.apply(number));
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

  private static String tenant(int number) {
    return "tenant-" + number;
  }

  private Bytes tenantCommand(int number) {
    return Bytes.utf8(
        "{\"kind\":\"tenant\",\"action\":\"upsert\",\"tenant_id\":\"" + tenant(number) + "\"}");
  }

  /// The last tenant's come last.
  private Bytes command(int number) {
    var tenant = tenant(number / EACH);
    var id = "des_%032x".formatted(number * 0x9e3779b97f4a7c15L);
    return Bytes.utf8(
        """
        {"kind":"destination","action":"create","by":"operator","destination_id":"%s/%s","destination":{\
        "tenant":"%s","id":"%s","life":1,"type":"webhook","topics":["%s","%s","%s"],\
        "filter":"{\\"data\\":{\\"region\\":\\"eu-%d\\",\\"total\\":{\\"$gte\\":%d}}}",\
        "config":{"url":"https://hooks-%d.customers.example/events/%s"},"credentials":{"secret":"%s"}}}\
        """
            .formatted(
                tenant,
                id,
                tenant,
                id,
                topic(number),
                topic(number + 3),
                topic(number + 5),
                number % 2,
                number,
                number,
                id,
                key.seal(new Secret("a-secret-of-usual-length-" + number))));
  }

  private static String topic(int number) {
    return "invoice.kind-" + number % TOPICS;
  }

  /// Each tenant an event, round by round.
  ///
  /// @return how many were found
  private static long matching(Outbox outbox, int tenants, int rounds) {
    var found = 0L;
    for (var round = 0; round < rounds; round++) {
      for (var tenant = 0; tenant < tenants; tenant++) {
        found += outbox.matching(event(tenant, round)).size();
      }
    }
    return found;
  }

  /// For one event, of this thread's processor time, so that others on the machine do not count.
  private static double nanos(Outbox outbox, int tenants) {
    var rounds = Math.max(3, ROUNDS * BUSY / tenants);
    var started = CLOCK.getCurrentThreadCpuTime();
    if (matching(outbox, tenants, rounds) == 0) {
      throw new BenchFailure("no event finds anybody");
    }
    return (CLOCK.getCurrentThreadCpuTime() - started) / (double) (tenants * rounds);
  }

  private static Event event(int tenant, int round) {
    return new Event(
        "evt_" + tenant + "_" + round,
        false,
        tenant(tenant),
        topic(round),
        Optional.empty(),
        Instant.EPOCH,
        true,
        Map.of(),
        Bytes.utf8(
            "{\"region\":\"eu-1\",\"total\":1000000,\"customer\":{\"id\":\"cus_17\",\"name\":\""
                + "n".repeat(400)
                + "\"}}"));
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }

  private static long used() {
    for (var i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
