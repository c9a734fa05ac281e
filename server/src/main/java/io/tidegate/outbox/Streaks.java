package io.tidegate.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.delivery.Attempt;
import io.tidegate.delivery.Sender.Report;
import io.tidegate.log.Acks;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.Follower;
import io.tidegate.log.RecordLog.TopicSpec;
import io.tidegate.log.Stored;
import io.tidegate.registry.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts how often in a row deliveries to a destination have failed, and disables those that fail
/// for too long or are gone. Any thread; waits for nothing.
///
/// Whoever owns a destination's partition of deliveries counts. What is counted is noted in a
/// compacted topic when a streak begins, twice a minute while it lasts, and when it ends; every
/// instance reads that, so that the next owner, or this one after a crash, goes on from there and
/// has lost half a minute's failures at most, and never since when it fails.
///
/// A destination is disabled as it was when the attempt began: one that was changed or enabled
/// meanwhile is left alone, and its streak begins anew.
final class Streaks implements Follower, AutoCloseable {
  static final String TOPIC = "tidegate.failing";

  private static final Logger LOG = LoggerFactory.getLogger(Streaks.class);
  private static final String BY = "by";
  private static final Duration NOTE = Duration.ofSeconds(30);
  private static final int MOST_UNDER_WAY = 50_000;

  /// How attempts end that say nothing about the destination: the fault is here.
  private static final Set<String> OURS =
      Set.of(
          "unknown", "signing", "expired", "busy", DeliverySender.OVERSIZED, DeliverySender.WAITS);

  private final Disabling rule;
  private final RecordLog log;
  private final Changes changes;
  private final DoneByHand doneByHand;
  private final CountDownLatch read = new CountDownLatch(1);
  private final MeterRegistry meters;
  private final String self = UUID.randomUUID().toString();
  private final Map<String, Streak> streaks = new ConcurrentHashMap<>();
  private final Map<String, Instant> noted = new ConcurrentHashMap<>();
  private final Set<String> asking = ConcurrentHashMap.newKeySet();

  /// The version of the destination for which an attempt was begun, by where the delivery lies.
  private final Map<String, Long> begun =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_UNDER_WAY;
        }
      };

  private final Gauge gauge;
  private RecordLog.@Nullable Tail tail;

  Streaks(
      Disabling rule, RecordLog log, Changes changes, DoneByHand doneByHand, MeterRegistry meters) {
    this.rule = rule;
    this.log = log;
    this.doneByHand = doneByHand;
    this.changes = changes;
    this.meters = meters;
    this.gauge =
        Gauge.builder("tidegate.destinations.failing", streaks, Map::size)
            .description("Destinations of which the last attempt failed")
            .register(meters);
  }

  static TopicSpec topic() {
    return new TopicSpec(TOPIC, 1, true, Map.of("min.cleanable.dirty.ratio", "0.1"));
  }

  void start() {
    tail = log.follow(TOPIC, Map.of(), RecordLog.From.EARLIEST, this);
  }

  /// An attempt begins.
  void begin(Stored record, long version) {
    synchronized (begun) {
      begun.put(place(record), version);
    }
  }

  private static String place(Stored record) {
    return record.partition() + " " + record.offset();
  }

  /// It came to an end.
  void end(Stored record, Report report) {
    Long version;
    synchronized (begun) {
      version = begun.remove(place(record));
    }
    var key = record.key();
    var attempt = report.attempt();
    if (key == null || attempt == null || version == null || OURS.contains(attempt.word())) {
      return;
    }
    switch (attempt.kind()) {
      case DELIVERED -> forget(key.utf8());
      case FAILED, PERMANENT -> failed(key.utf8(), version, attempt, report.at());
      case GONE -> {
        failed(key.utf8(), version, attempt, report.at());
        ask(key.utf8(), version, "gone", "the receiver says that it is gone for good (410)");
      }
    }
  }

  private void failed(String key, long version, Attempt attempt, Instant at) {
    var streak =
        streaks.merge(
            key,
            Streak.first(version, at),
            (before, _) -> before.and(version, at, rule.atMost().multipliedBy(2)));
    var last = noted.get(key);
    if (last == null || streak.failures() == 1 || !last.plus(NOTE).isAfter(at)) {
      noted.put(key, at);
      note(key, streak.write());
    }
    rule.reason(streak, attempt.word())
        .ifPresent(reason -> ask(key, streak.version(), "failing", reason));
  }

  /// What failed does not count any more.
  void forget(String key) {
    if (streaks.remove(key) != null) {
      noted.remove(key);
      note(key, null);
    }
  }

  /// Without waiting: a note that gets lost costs some failures their count, and no more.
  private void note(String key, @Nullable Bytes value) {
    log.append(
        new Entry(TOPIC, Bytes.utf8(key), List.of(Header.of(BY, self)), value),
        Acks.IN_SYNC_REPLICAS,
        _ -> {});
  }

  /// One request at a time for a destination; one that cannot be stored is made again with the next
  /// failure.
  private void ask(String key, long version, String why, String reason) {
    if (asking.add(key)) {
      Thread.ofVirtual().name("disable").start(() -> disable(key, version, why, reason));
    }
  }

  private void disable(String key, long version, String why, String reason) {
    try {
      if (changes.disable(key, version, reason) instanceof Outcome.Accepted) {
        LOG.atWarn().addKeyValue("destination", key).log("a destination is disabled: {}", reason);
        Counter.builder("tidegate.destinations.disabled")
            .description("Destinations that were disabled because they fail")
            .tag("reason", why)
            .register(meters)
            .increment();
        forget(key);
      }
    } finally {
      asking.remove(key);
    }
  }

  /// How it stands with a destination, as far as this instance knows.
  Optional<Streak> of(String key) {
    return Optional.ofNullable(streaks.get(key));
  }

  /// What others have counted, or this instance in an earlier life.
  @Override
  public void records(int partition, List<Stored> records, long next) {
    for (var record : records) {
      var key = record.key();
      if (key != null
          && !doneByHand.read(record)
          && !record.header(BY).map(Bytes::utf8).equals(Optional.of(self))) {
        var value = record.value();
        var streak = value == null ? Optional.<Streak>empty() : Streak.read(value);
        streak.ifPresentOrElse(
            each -> streaks.put(key.utf8(), each), () -> streaks.remove(key.utf8()));
      }
    }
  }

  @Override
  public void caughtUp(int partition, long next) {
    doneByHand.caughtUp();
    read.countDown();
  }

  /// False when what there was is not read within `limit`. Waits.
  boolean awaitReplay(Duration limit) {
    try {
      return read.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    meters.remove(gauge);
    if (tail != null) {
      tail.close();
    }
  }
}
