package io.tidegate.ledger;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.ledger.MetricsQuery.Subject;
import io.tidegate.log.MemoryLog;
import io.tidegate.outbox.Facts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// A ledger over topics in memory.
abstract class LedgerScene {
  static final Duration LIMIT = Duration.ofSeconds(20);
  static final long ROOM = 100L << 20;

  final MemoryLog log = new MemoryLog();
  final Facts facts = new Facts(log);
  final AtomicLong free = new AtomicLong(2 * ROOM);
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  Ledger ledger;

  @TempDir private Path folder;

  /// Has to be called before anything is asked.
  void open() {
    start();
    await().atMost(LIMIT).until(() -> ledger.check().isEmpty());
  }

  void start() {
    start(file());
  }

  void start(Path path) {
    ledger = new Ledger(log, path, new Ledger.Disk(free::get, ROOM), Time.system(), meters);
    ledger.start();
  }

  Path file() {
    return folder.resolve("ledger").resolve("kafka.db");
  }

  @AfterEach
  void close() {
    if (ledger != null) {
      ledger.close();
    }
    log.close();
  }

  void awaitAttempts(int count) {
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(NotNow.class)
        .until(() -> count(Subject.ATTEMPTS) == count);
  }

  void awaitEvents(int count) {
    await()
        .atMost(LIMIT)
        .ignoreExceptionsInstanceOf(NotNow.class)
        .until(() -> ledger.events(events(List.of(), List.of(), 1000)).rows().size() == count);
  }

  long count(Subject subject) {
    return ledger
        .metrics(
            new MetricsQuery(
                subject,
                facts.now().minus(Duration.ofDays(1)),
                facts.now().plus(Duration.ofDays(1)),
                Optional.empty(),
                List.of(),
                Map.of()))
        .points()
        .getFirst()
        .counts()
        .count();
  }

  static EventQuery events(List<String> ids, List<String> tenants, int limit) {
    var window = new Window(limit, false, Optional.empty(), false);
    return new EventQuery(ids, tenants, List.of(), List.of(), Span.ALL, 0, window);
  }

  static EventQuery events(String tenant, Window window) {
    return new EventQuery(List.of(), List.of(tenant), List.of(), List.of(), Span.ALL, 0, window);
  }

  static AttemptQuery attempts(List<String> events, int limit) {
    return new AttemptQuery(
        List.of(),
        events,
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        Span.ALL,
        new Window(limit, false, Optional.empty(), false));
  }
}
