package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.RecordLog.From;
import io.tidegate.log.RecordLog.TopicInfo;
import io.tidegate.log.Stored;
import io.tidegate.view.TopicCopy.Spill;
import io.tidegate.view.TopicFeed.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The view of one topic: answers from memory on the caller's thread, from disk on another.
final class StoredView implements TopicView, TopicFeed.Listener {
  private static final int BATCH = 256;
  private static final String CLOSED = "the view is closed";

  private final String topic;
  private final ViewParts parts;
  private final TopicFeed feed;
  private final Patience patience;
  private final Watchers watchers = new Watchers();
  private final AppliedWaits waits = new AppliedWaits();
  private final Set<Reading> readings = ConcurrentHashMap.newKeySet();

  private volatile Optional<String> health = Optional.empty();
  private volatile boolean closed;
  private volatile long used;

  StoredView(String topic, Settings settings, ViewParts parts) {
    this.topic = topic;
    this.parts = parts;
    this.patience = new Patience(parts.time(), parts.options().patience());
    this.feed = new TopicFeed(topic, settings, parts, this);
    this.used = parts.time().nanos();
  }

  @Override
  public String topic() {
    return topic;
  }

  TopicFeed feed() {
    return feed;
  }

  @Override
  public Progress applied() {
    var copy = feed.copy();
    return copy == null ? Progress.NONE : copy.applied();
  }

  @Override
  public long version() {
    return feed.version();
  }

  @Override
  public void newest(Match match, Consumer<Newest> then) {
    var copy = feed.copy();
    if (copy != null && copy.isReadyFor(match)) {
      newest(copy, match, then);
    } else {
      whenReady(
          match,
          ready -> newest(ready, match, then),
          cause -> then.accept(new Newest.Unready(cause)));
    }
  }

  @Override
  public void each(Match match, Progress from, Scan scan) {
    whenReady(match, copy -> each(copy, match, from, scan), scan::unready);
  }

  @Override
  public Watch watch(Match match, Consumer<Stored> onRecord) {
    return watchers.add(match, events -> events.forEach(event -> onRecord.accept(event.stored())));
  }

  @Override
  public Follow follow(Match match, Map<Integer, Long> next, From otherwise, Reader reader) {
    var reading = new Reading(this, match, next, otherwise, reader);
    readings.add(reading);
    var ready = feed.copy();
    if (ready != null) {
      reading.begin(ready, watchers);
      return reading;
    }
    patience.await(
        () -> {
          var copy = feed.copy();
          if (copy != null) {
            return () -> reading.begin(copy, watchers);
          }
          return closed || feed.condition().isMissing() ? () -> reading.end(cause()) : null;
        },
        () -> reading.end(cause()));
    return reading;
  }

  @Override
  public Watch whenApplied(int partition, long offset, Runnable then) {
    return waits.add(partition, offset, this::next, then);
  }

  @Override
  public Optional<String> check() {
    if (closed) {
      return Optional.of(CLOSED);
    }
    var trouble = feed.condition().trouble();
    if (trouble.isEmpty() && feed.copy() == null) {
      return Optional.of("topic '" + topic + "' is being opened");
    }
    return trouble.or(() -> health).or(() -> parts.spiller().check());
  }

  @Override
  public int partitionOf(Bytes key) {
    var copy = feed.copy();
    return copy == null ? 0 : copy.partitionOf(key).partition();
  }

  @Override
  public void applied(Spill spill) {
    if (!watchers.isEmpty() && !spill.changes().isEmpty()) {
      // Only readers that go on and on want to know how far they have come.
      var progress = readings.isEmpty() ? Progress.NONE : spill.copy().applied();
      watchers.applied(
          spill.changes().stream().map(change -> new Event(change.stored(), progress)).toList());
    }
    waits.applied(spill.partition(), spill.next());
    if (!spill.changes().isEmpty()) {
      parts.meters().applied(topic, spill.changes().getLast().stored().time(), parts.time().now());
    }
  }

  @Override
  public void becameReady(TopicCopy copy) {
    patience.wake();
    readings.forEach(Reading::wake);
  }

  @Override
  public void becameVoid(TopicCopy copy) {
    feed.startOver(copy);
  }

  @Override
  public void health(TopicCopy copy, Optional<String> trouble) {
    health = trouble;
  }

  @Override
  public void conditionChanged() {
    health = Optional.empty();
    patience.wake();
    readings.forEach(Reading::wake);
  }

  @Override
  public void looked(long number, TopicInfo found) {
    readings.forEach(reading -> reading.looked(number, found.endOffsets()));
  }

  /// Somebody asked for it.
  void touch() {
    used = parts.time().nanos();
  }

  /// When somebody last asked for it.
  long used() {
    return used;
  }

  /// True when nobody waits for anything here.
  boolean isDeserted() {
    return patience.isIdle() && watchers.isEmpty() && waits.isEmpty() && readings.isEmpty();
  }

  CompletableFuture<Void> close() {
    closed = true;
    var done = feed.close();
    patience.endAll();
    readings.forEach(reading -> reading.end(CLOSED));
    return done;
  }

  DiskReads reads() {
    return parts.reads();
  }

  void later(Duration delay, Runnable task) {
    parts.time().after(delay, task);
  }

  void gone(Reading reading) {
    readings.remove(reading);
  }

  private void newest(TopicCopy copy, Match match, Consumer<Newest> then) {
    var found = MemorySearch.newest(copy, match);
    if (found == null) {
      var cached = parts.reads().cached(copy, match);
      found = cached == null ? null : new Newest.Found(cached);
    }
    if (found == null) {
      parts.reads().newest(copy, match, then);
    } else {
      then.accept(found);
    }
  }

  private void each(TopicCopy copy, Match match, Progress from, Scan scan) {
    var inMemory = MemorySearch.all(copy, match, from);
    if (inMemory.isEmpty()) {
      parts.reads().each(copy, match, from, scan);
      return;
    }
    List<Stored> records = inMemory.get().records();
    for (int first = 0; first < records.size(); first += BATCH) {
      var batch = records.subList(first, Math.min(first + BATCH, records.size()));
      if (!scan.records(batch)) {
        return;
      }
    }
    scan.end(inMemory.get().upTo());
  }

  private void whenReady(Match match, Consumer<TopicCopy> go, Consumer<String> unready) {
    var copy = feed.copy();
    if (copy != null && copy.isReadyFor(match)) {
      go.accept(copy);
    } else {
      patience.await(() -> lookAgain(match, go, unready), () -> unready.accept(cause()));
    }
  }

  private @Nullable Runnable lookAgain(
      Match match, Consumer<TopicCopy> go, Consumer<String> unready) {
    var copy = feed.copy();
    if (copy != null && copy.isReadyFor(match)) {
      return () -> go.accept(copy);
    }
    return closed || feed.condition().isMissing() ? () -> unready.accept(cause()) : null;
  }

  private String cause() {
    if (closed) {
      return CLOSED;
    }
    return feed.condition()
        .trouble()
        .or(() -> health)
        .orElse("topic '" + topic + "' is still being read");
  }

  private long next(int partition) {
    var copy = feed.copy();
    var memory = copy == null ? null : copy.partition(partition);
    return memory == null ? 0 : memory.next();
  }
}
