package io.tidegate.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import io.tidegate.ledger.Ledger;
import io.tidegate.ledger.MetricsQuery;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.KafkaLog;
import io.tidegate.log.KafkaSettings;
import io.tidegate.log.RecordLog;
import io.tidegate.outbox.Delivery.Source;
import io.tidegate.outbox.DeliveryOutcome;
import io.tidegate.outbox.Outbox;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// How many attempts a second the ledger takes in, from the topic to what can be searched: a
/// thousand destinations, a kilobyte of what was seen. Beside it a bare loop that inserts the same
/// rows, with the same indexes, into SQLite, without a topic, sums or anything else. In this
/// process, in turn, on a node of its own.
final class LedgerFold {
  static final String TITLE = "ledger";

  private static final double GOAL = 20_000;
  private static final int DESTINATIONS = 1_000;
  private static final int AT_ONCE = 4_000;
  private static final int PARTITIONS = 8;
  private static final int CHUNK = 10_000;
  private static final int PAIRS = 3;
  private static final int MOST_TRIES = 12;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Instant BEGIN = Instant.parse("2027-01-31T12:00:00Z");

  private final Path folder;
  private final int count;
  private final PrintStream progress;

  LedgerFold(Path folder, int count, PrintStream progress) {
    this.folder = folder;
    this.count = count;
    this.progress = progress;
  }

  /// @param ours attempts a second, the medians
  /// @param processor seconds of processor time of the whole process (the node inside, too) for
  ///   each second
  record Result(int count, Spread ours, Spread bare, double processor, long bytes) {
    void print(PrintStream out) {
      out.printf(
          "%n%s: %,d attempts to %,d destinations           ours   bare loop (SQLite)%n"
              + "  attempts/s                 %,12.0f  %,12.0f  ratio %.2f  (goal %,.0f: %s)%n"
              + "  cores used while at it     %12.2f%n"
              + "  an attempt on disk         %,10d B%n",
          TITLE,
          count,
          DESTINATIONS,
          ours.median(),
          bare.median(),
          ours.median() / bare.median(),
          GOAL,
          ours.median() >= GOAL ? "met" : "MISSED",
          processor,
          bytes / count);
    }
  }

  Result run() {
    try (var node = EmbeddedBroker.start(BrokerOptions.in(folder.resolve("node")));
        var log =
            new KafkaLog(
                KafkaSettings.plain("bench", node.bootstrap()),
                Time.system(),
                new SimpleMeterRegistry())) {
      log.create(Outbox.topics(), Duration.ofSeconds(30));
      progress.printf("%s: storing %,d outcomes%n", TITLE, count);
      append(log);
      var ours = new ArrayList<Double>();
      var bare = new ArrayList<Double>();
      var processor = new ArrayList<Double>();
      long bytes = 0;
      for (int pair = 0; pair <= PAIRS; pair++) {
        progress.printf("%s: turn %d of %d%n", TITLE, pair, PAIRS);
        var file = folder.resolve("ledger-" + pair + ".db");
        var cpu = cpu();
        var seconds = fold(log, file);
        var used = (cpu() - cpu) / seconds;
        var inserted = insert(folder.resolve("bare-" + pair + ".db"));
        if (pair > 0) {
          ours.add(count / seconds);
          bare.add(count / inserted);
          processor.add(used);
          bytes = file.toFile().length();
        }
      }
      return new Result(
          count, Spread.of(ours), Spread.of(bare), Spread.of(processor).median(), bytes);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted", interrupted);
    } catch (SQLException failed) {
      throw new BenchFailure("SQLite failed", failed);
    }
  }

  /// The first ones find their way alone, which a crowd would do in vain on a busy machine.
  private void append(RecordLog log) throws InterruptedException {
    for (int number = 0; number < DESTINATIONS; number += DESTINATIONS / PARTITIONS + 1) {
      for (int tries = 0; !isStored(log, number); tries++) {
        if (tries == MOST_TRIES) {
          throw new BenchFailure("the node takes nothing");
        }
      }
    }
    var room = new Semaphore(AT_ONCE);
    var failed = new AtomicInteger();
    for (int number = 0; number < count; number++) {
      room.acquire();
      log.append(
          outcome(number).entry(),
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
      throw new BenchFailure(failed + " outcomes were not stored");
    }
  }

  /// It is told once more with the others, and counted once.
  private static boolean isStored(RecordLog log, int number) {
    var answer = new CompletableFuture<Appended>();
    log.append(outcome(number).entry(), Acks.IN_SYNC_REPLICAS, answer::complete);
    return answer.join() instanceof Appended.At;
  }

  private static final Bytes SEEN =
      Bytes.utf8(
          "{\"request\":{\"url\":\"https://customer.example.com/hook\",\"headers\":["
              + "[\"x-outpost-signature\",\"***\"],".repeat(8)
              + "[\"a\",\"b\"]]},\"response\":{\"status\":200,\"headers\":[],\"body\":\""
              + "ok ".repeat(180)
              + "\",\"length\":540},\"timings_ms\":{\"total\":12.5}}");

  private static DeliveryOutcome outcome(int number) {
    var destination = number % DESTINATIONS;
    var failed = number % 20 == 0;
    return new DeliveryOutcome(
        new Source("", destination % PARTITIONS, number),
        1,
        1,
        "tenant-" + destination % 100,
        "des_" + destination,
        "webhook",
        "evt_%032x".formatted(number * 0x9e3779b97f4a7c15L),
        "user.created",
        new Source("", destination % 100 % PARTITIONS, number),
        BEGIN.plusMillis(number / 20),
        failed ? DeliveryOutcome.Status.FAILED : DeliveryOutcome.Status.DELIVERED,
        failed ? "503" : "200",
        failed ? "retry" : "delivered",
        Optional.empty(),
        Optional.empty(),
        12_500,
        SEEN);
  }

  private double fold(RecordLog log, Path file) throws InterruptedException {
    var ledger =
        new Ledger(log, file, Ledger.Disk.of(folder, 0), Time.system(), new SimpleMeterRegistry());
    try (ledger) {
      var started = System.nanoTime();
      ledger.start();
      while (known(ledger) < count) {
        if (seconds(started) > LIMIT.toSeconds()) {
          throw new BenchFailure("the ledger knows only " + known(ledger) + " attempts");
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
      return seconds(started);
    }
  }

  private static long known(Ledger ledger) {
    if (ledger.check().isPresent()) {
      return 0;
    }
    return ledger
        .metrics(
            new MetricsQuery(
                MetricsQuery.Subject.ATTEMPTS,
                BEGIN,
                BEGIN.plus(Duration.ofDays(1)),
                Optional.empty(),
                List.of(),
                Map.of()))
        .points()
        .getFirst()
        .counts()
        .count();
  }

  private double insert(Path file) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = NORMAL");
        statement.execute("PRAGMA cache_size = -32768");
        statement.execute(
            "CREATE TABLE a (key INTEGER PRIMARY KEY, at, tenant, destination, topic, type, event,"
                + " event_id, delivered, code, number, manual, outcome, next, place)");
        for (var columns : List.of("at", "tenant, at", "destination, at", "event, at")) {
          statement.execute(
              "CREATE INDEX a_%s ON a (%s)".formatted(columns.replaceAll("\\W+", "_"), columns));
        }
      }
      connection.setAutoCommit(false);
      var started = System.nanoTime();
      try (var insert =
          connection.prepareStatement(
              "INSERT OR IGNORE INTO a VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
        for (int number = 0; number < count; number++) {
          bind(insert, number);
          insert.addBatch();
          if (number % CHUNK == CHUNK - 1) {
            insert.executeBatch();
            connection.commit();
          }
        }
        insert.executeBatch();
        connection.commit();
      }
      return seconds(started);
    }
  }

  private static void bind(PreparedStatement insert, int number) throws SQLException {
    var destination = number % DESTINATIONS;
    insert.setLong(1, ((long) (destination % PARTITIONS) << 52) | ((long) number << 12) | 1);
    insert.setLong(2, BEGIN.toEpochMilli() + number / 20);
    insert.setLong(3, destination % 100);
    insert.setLong(4, destination);
    insert.setLong(5, 1);
    insert.setLong(6, 2);
    insert.setLong(7, ((long) (destination % 100 % PARTITIONS) << 40) | number);
    insert.setString(8, "evt_%032x".formatted(number * 0x9e3779b97f4a7c15L));
    insert.setInt(9, number % 20 == 0 ? 0 : 1);
    insert.setLong(10, 3);
    insert.setInt(11, 1);
    insert.setInt(12, 0);
    insert.setLong(13, 4);
    insert.setLong(14, 0);
    insert.setLong(15, number);
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  /// Of this process, in seconds.
  private static double cpu() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getProcessCpuTime()
        / 1e9;
  }
}
