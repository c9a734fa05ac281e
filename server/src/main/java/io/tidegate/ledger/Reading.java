package io.tidegate.ledger;

import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.Follower;
import io.tidegate.log.RecordLog.From;
import io.tidegate.log.Stored;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the topics side by side and hands over what was read, in order per partition. Who reads
/// faster than is written waits.
final class Reading implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reading.class);
  private static final int MOST_BATCHES = 32;
  private static final int MOST_ROWS = 20_000;
  private static final long TURN_MILLIS = 100;

  /// What happened may be told a little later; so a look is for many.
  private static final Duration GATHERING = Duration.ofMillis(100);

  private final BlockingQueue<Batch> read = new ArrayBlockingQueue<>(MOST_BATCHES);
  private final List<RecordLog.Tail> tails = new ArrayList<>();
  private final Map<Feed, String> troubles = new ConcurrentHashMap<>();
  private volatile Optional<String> remade = Optional.empty();
  private volatile boolean closed;

  /// @param next from where on partitions are read
  Reading(RecordLog log, Function<Feed, Map<Integer, Long>> next) {
    for (var feed : Feed.values()) {
      var positions = next.apply(feed);
      tails.add(log.follow(feed.topic, positions, From.EARLIEST, new Reader(feed, positions)));
    }
  }

  private final class Reader implements Follower {
    private final Feed feed;
    private final Map<Integer, Long> next;

    Reader(Feed feed, Map<Integer, Long> next) {
      this.feed = feed;
      this.next = new ConcurrentHashMap<>(next);
    }

    @Override
    public void records(int partition, List<Stored> records, long end) {
      var rows = new ArrayList<Row>(records.size());
      for (var record : records) {
        try {
          rows.addAll(feed.rows(record));
        } catch (ArithmeticException | DateTimeException | IllegalArgumentException unfit) {
          LOG.atWarn()
              .addKeyValue("topic", feed.topic)
              .addKeyValue("offset", record.offset())
              .setCause(unfit)
              .log("a record that cannot be understood is left out of the ledger");
        }
      }
      var newest = records.isEmpty() ? 0 : records.getLast().timestamp();
      put(new Batch(feed, partition, rows, end, newest));
      next.put(partition, end);
    }

    @Override
    public void caughtUp(int partition, long end) {
      records(partition, List.of(), end); // an empty partition is read, too
    }

    @Override
    public Duration gathering() {
      return GATHERING;
    }

    /// What is written of a topic that was made anew is void.
    @Override
    public void truncated(int partition, long first) {
      if (first < next.getOrDefault(partition, 0L)) {
        remade = Optional.of("the topic " + feed.topic + " was made anew");
      }
    }

    @Override
    public void health(Optional<String> trouble) {
      trouble.ifPresentOrElse(
          what -> troubles.put(feed, feed.topic + ": " + what), () -> troubles.remove(feed));
    }
  }

  private void put(Batch batch) {
    try {
      while (!closed) {
        if (read.offer(batch, TURN_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("the ledger was closed");
  }

  /// What was read since, up to a good measure; empty when there is nothing within `limit`. What
  /// comes before `notBefore` is taken along.
  ///
  /// @param notBefore on the clock of `System.nanoTime`
  List<Batch> take(Duration limit, long notBefore) throws InterruptedException {
    var batches = new ArrayList<Batch>();
    int rows = 0;
    for (var batch = read.poll(limit.toMillis(), TimeUnit.MILLISECONDS); batch != null; ) {
      batches.add(batch);
      rows += batch.rows().size();
      long wait = Math.max(0, notBefore - System.nanoTime());
      batch = rows < MOST_ROWS ? read.poll(wait, TimeUnit.NANOSECONDS) : null;
    }
    return batches;
  }

  /// Why everything has to be read anew; empty while it has not.
  Optional<String> remade() {
    return remade;
  }

  /// Empty when all is well, else what is wrong.
  Optional<String> trouble() {
    return troubles.isEmpty()
        ? Optional.empty()
        : Optional.of(troubles.values().stream().sorted().collect(Collectors.joining("; ")));
  }

  @Override
  public void close() {
    closed = true;
    tails.forEach(RecordLog.Tail::close);
  }
}
