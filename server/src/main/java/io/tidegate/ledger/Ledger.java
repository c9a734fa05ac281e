package io.tidegate.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.ledger.LedgerFile.Unusable;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import io.tidegate.outbox.Delivery;
import io.tidegate.outbox.DeliveryOutcome;
import io.tidegate.outbox.EventCopy;
import io.tidegate.outbox.EventForm;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happened: an index of events, deliveries and attempts, in a file of this instance's, that is
/// made from the topics and can be deleted at any time. One thread writes; whoever searches waits
/// for one of a few readers. Nothing that is wrong with the file, or with the disk, keeps anything
/// else from working.
///
///     opened --read and written--> opened
///        '--damaged, of a newer version, topics made anew--> set aside --> opened, from the start
///
/// Searches may be made from any thread that may wait.
public final class Ledger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final Duration TURN = Duration.ofMillis(200);

  /// A transaction costs what many rows do, and so do counts that many rows add to: while much
  /// happens it is told that much later.
  private static final Duration PACE = Duration.ofMillis(250);

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration RETENTION = Duration.ofMinutes(10);
  private static final Duration END = Duration.ofSeconds(10);

  private final RecordLog log;
  private final LedgerFile file;
  private final Disk disk;
  private final Time time;
  private final LedgerMeters meters;
  private final Thread thread;
  private volatile @Nullable Readers readers;
  private volatile Optional<String> trouble = Optional.of("the ledger is being opened");
  private volatile Optional<String> reading = Optional.empty();
  private volatile @Nullable Throwable damage;

  /// Not all is written yet that the topics held when they were opened.
  private volatile boolean behind = true;

  private volatile boolean closed;

  /// How much room there is for the file.
  ///
  /// @param free bytes
  /// @param least what must be left free
  public record Disk(LongSupplier free, long least) {
    /// Of the file system on which a file lies.
    public static Disk of(Path folder, long least) {
      return new Disk(() -> folder.toFile().getUsableSpace(), least);
    }
  }

  /// @param path of the file; its folder is made
  public Ledger(RecordLog log, Path path, Disk disk, Time time, MeterRegistry metrics) {
    this.log = log;
    this.file = new LedgerFile(path);
    this.disk = disk;
    this.time = time;
    this.meters = new LedgerMeters(metrics, file::bytes, () -> time.now().toEpochMilli());
    this.thread = Thread.ofPlatform().name("ledger").daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        fold();
      } catch (Unusable unusable) {
        setAside(unusable);
      } catch (InterruptedException closing) {
        return;
      } catch (SQLException | RuntimeException failed) {
        if (failed instanceof SQLException sql && LedgerFile.isCorrupt(sql)) {
          setAside(LedgerFile.corrupt(sql));
          continue;
        }
        say(Optional.of("the ledger cannot be written: " + failed.getMessage()), failed);
        pause();
      }
    }
  }

  private void setAside(Unusable unusable) {
    LOG.atWarn()
        .addKeyValue("file", file.path())
        .log("the ledger is set aside and made anew from the topics: {}", unusable.getMessage());
    try {
      file.setAside(unusable.suffix());
      meters.rebuilt();
    } catch (IOException failed) {
      say(Optional.of("the ledger cannot be set aside: " + failed.getMessage()), failed);
      pause();
    }
  }

  private void say(Optional<String> now, @Nullable Exception cause) {
    if (now.isPresent() && !now.equals(trouble)) {
      LOG.atWarn().setCause(cause).log(now.get());
    }
    trouble = now;
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /// Opens the file, and writes until it is closed or cannot be used any more.
  private void fold() throws SQLException, Unusable, InterruptedException {
    damage = null;
    behind = true;
    try (var writer = new Writer(file.writer());
        var searching = new Readers(file, failed -> damage = failed)) {
      readers = searching;
      var ends = awaitTopics(writer);
      try (var read = new Reading(log, writer::next)) {
        say(Optional.empty(), null);
        fold(writer, read, ends);
      }
    } finally {
      readers = null;
    }
  }

  /// @return where their partitions end
  private Map<Feed, Map<Integer, Long>> awaitTopics(Writer writer)
      throws SQLException, Unusable, InterruptedException {
    var ends = new EnumMap<Feed, Map<Integer, Long>>(Feed.class);
    for (var feed : Feed.values()) {
      for (Optional<RecordLog.TopicInfo> found = describe(feed); ; found = describe(feed)) {
        checkClosed();
        if (found.isPresent()) {
          if (!writer.isSameTopic(feed, found.get().id())) {
            throw new Unusable("the topic " + feed.topic + " was made anew", "old");
          }
          ends.put(feed, found.get().endOffsets());
          break;
        }
        Thread.sleep(PAUSE);
      }
    }
    return ends;
  }

  private Optional<RecordLog.TopicInfo> describe(Feed feed) {
    try {
      var found = log.describe(feed.topic, LIMIT);
      if (found.isEmpty()) {
        say(Optional.of("there is no topic " + feed.topic), null);
      }
      return found;
    } catch (LogUnavailable away) {
      say(Optional.of("the ledger waits for the cluster: " + away.getMessage()), null);
      return Optional.empty();
    }
  }

  private void fold(Writer writer, Reading read, Map<Feed, Map<Integer, Long>> ends)
      throws SQLException, Unusable, InterruptedException {
    var retention = new Retention();
    long looked = time.nanos() - RETENTION.toNanos();
    long next = System.nanoTime();
    for (var busy = false; !closed; ) {
      var batches = read.take(busy ? Duration.ZERO : TURN, next);
      if (!batches.isEmpty()) {
        next = System.nanoTime() + PACE.toNanos();
        write(writer, batches);
      }
      behind = behind && isBehind(writer, ends);
      checkUsable(read);
      reading = read.trouble();
      if (time.nanos() - looked >= RETENTION.toNanos()) {
        looked = time.nanos();
        look(retention);
      }
      busy = retention.step(writer);
    }
  }

  private static boolean isBehind(Writer writer, Map<Feed, Map<Integer, Long>> ends) {
    for (var feed : ends.entrySet()) {
      var next = writer.next(feed.getKey());
      for (var end : feed.getValue().entrySet()) {
        if (next.getOrDefault(end.getKey(), 0L) < end.getValue()) {
          return true;
        }
      }
    }
    return false;
  }

  private void look(Retention retention) {
    try {
      retention.look(log, time.now());
    } catch (LogUnavailable away) {
      LOG.atDebug().setCause(away).log("what the topics have no longer is not known now");
    }
  }

  private void checkUsable(Reading read) throws Unusable {
    var found = damage;
    if (found != null) {
      throw LedgerFile.corrupt(found);
    }
    var remade = read.remade();
    if (remade.isPresent()) {
      throw new Unusable(remade.get(), "old");
    }
  }

  private void checkClosed() throws InterruptedException {
    if (closed) {
      throw new InterruptedException("closed");
    }
  }

  /// Waits while the disk is nearly full; what is read waits, too.
  ///
  /// @throws SQLException when it fails: nobody knows then whether its transaction goes on, so the
  ///   file has to be opened anew
  private void write(Writer writer, List<Batch> batches) throws SQLException, InterruptedException {
    while (true) {
      checkClosed();
      if (disk.free().getAsLong() < disk.least()) {
        say(
            Optional.of(
                "the ledger is not written any further: less than %d MiB are free on its disk"
                    .formatted(disk.least() >> 20)),
            null);
        Thread.sleep(PAUSE);
        continue;
      }
      writer.write(batches);
      say(Optional.empty(), null);
      batches.forEach(batch -> meters.folded(batch, time.now().toEpochMilli()));
      return;
    }
  }

  /// Empty when all is well, else what is wrong.
  public Optional<String> check() {
    return trouble.or(() -> reading);
  }

  /// @throws NotNow when it cannot be known now
  public Listing<EventFound> events(EventQuery query) {
    var found = find(new EventSearch(query));
    if (found.rows().isEmpty() && !query.ids().isEmpty()) {
      checkRead();
    }
    return found;
  }

  /// What is not there may just not have been read yet.
  private void checkRead() {
    if (behind) {
      throw new NotNow("the ledger has not read all of the topics yet");
    }
  }

  /// @throws NotNow when it cannot be known now
  public Listing<AttemptFound> attempts(AttemptQuery query) {
    return find(new AttemptSearch(query));
  }

  /// @param id as `AttemptFound` gives it
  /// @throws NotNow when it cannot be known now
  public Optional<AttemptFound> attempt(String id) {
    var key = Keys.attemptKey(id);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    var found = find(AttemptSearch.one(key.getAsLong()));
    if (found.isEmpty()) {
      checkRead();
    }
    return found;
  }

  /// @throws NotNow when it cannot be known now
  public Metrics metrics(MetricsQuery query) {
    return find(new MetricsSearch(query));
  }

  /// How it stands with an event and a destination.
  ///
  /// @param count the number of the last attempt
  public record Standing(int count, boolean isDelivered) {}

  public Standing attemptsOf(EventFound event, String destination) {
    return attemptsOf(event.key(), destination);
  }

  /// @param event where it lies
  /// @throws NotNow when it cannot be known now
  public Standing attemptsOf(long event, String destination) {
    return find(connection -> {
      try (var names = new Lookup(connection);
          var query =
              connection.prepareStatement(
                  "SELECT max(number), max(delivered) FROM attempts INDEXED BY attempts_by_event"
                      + " WHERE event = ? AND destination = ?")) {
        query.setLong(1, event);
        query.setLong(2, names.numbers(List.of(destination)).getFirst());
        try (var found = query.executeQuery()) {
          return found.next()
              ? new Standing(found.getInt(1), found.getInt(2) == 1)
              : new Standing(0, false);
        }
      }
    });
  }

  private <T> T find(Readers.Search<T> search) {
    var open = readers;
    if (open == null) {
      throw new NotNow(trouble.orElse("the ledger is being opened"));
    }
    return open.find(search);
  }

  /// The events themselves, as far as the log still has them.
  ///
  /// @param keys of events
  /// @return by their keys
  /// @throws LogUnavailable when they cannot be read now
  /// @throws NotNow when it cannot be known now where they are
  public Map<Long, EventCopy> contents(Collection<Long> keys) {
    var found = new HashMap<Long, EventCopy>();
    var own = keys.stream().filter(key -> !Keys.isForeign(key)).toList();
    new Contents(log, EventForm.TOPIC)
        .at(own)
        .forEach(
            (key, record) -> EventCopy.published(record).ifPresent(copy -> found.put(key, copy)));
    var foreign = keys.stream().filter(Keys::isForeign).toList();
    if (!foreign.isEmpty()) {
      var copies = find(EventSearch.copies(foreign));
      var records = new Contents(log, Delivery.TOPIC).at(copies.values());
      copies.forEach((key, place) -> copy(records.get(place)).ifPresent(it -> found.put(key, it)));
    }
    return found;
  }

  private Optional<EventCopy> copy(@Nullable Stored record) {
    var copy = record == null ? Optional.<EventCopy>empty() : EventCopy.delivered(record);
    return copy.flatMap(each -> each.isWhole() ? copy : whole(each));
  }

  private Optional<EventCopy> whole(EventCopy copy) {
    var source = copy.source();
    return log.read(source.log(), source.partition(), source.offset(), 1, LIMIT).records().stream()
        .filter(record -> record.offset() == source.offset())
        .findFirst()
        .map(record -> copy.with(record.value() == null ? Bytes.EMPTY : record.value()));
  }

  /// What attempts were told in full, as far as the log still has it.
  ///
  /// @return by `AttemptFound.key`
  /// @throws LogUnavailable when it cannot be read now
  public Map<Long, DeliveryOutcome> seen(Collection<AttemptFound> attempts) {
    var places = attempts.stream().map(AttemptFound::place).collect(Collectors.toSet());
    var records = new Contents(log, DeliveryOutcome.TOPIC).at(places);
    var found = new HashMap<Long, DeliveryOutcome>();
    for (var attempt : attempts) {
      var record = records.get(attempt.place());
      if (record != null) {
        DeliveryOutcome.read(record).ifPresent(outcome -> found.put(attempt.key(), outcome));
      }
    }
    return found;
  }

  @Override
  public void close() {
    closed = true;
    try {
      if (!thread.join(END)) {
        thread.interrupt();
        LOG.atWarn().log("the ledger does not come to an end");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    meters.close();
  }
}
