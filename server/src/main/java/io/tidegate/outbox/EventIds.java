package io.tidegate.outbox;

import io.tidegate.base.Time;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.Follower;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The ids of the events that were published lately, by any instance: read from the topic of
/// events, from which every instance reads the same. Any thread.
final class EventIds implements Follower, AutoCloseable {
  private static final int MOST_REPEATED = 100_000;

  /// How long the topic is read more often once somebody had to wait for it.
  private static final Duration HURRY = Duration.ofSeconds(10);

  private static final Duration GATHERING = Duration.ofMillis(50);

  private final RecordLog log;
  private final Time time;
  private final Map<Integer, Partition> partitions = new HashMap<>();
  private final Set<Integer> caughtUp = new HashSet<>();
  private RecordLog.@Nullable Tail tail;
  private boolean closed;

  /// When somebody last had to wait.
  private volatile long awaited;

  private static final class Partition {
    final RecentIds ids = new RecentIds();
    final TreeSet<Long> repeated = new TreeSet<>();

    /// Those who want to know of a record that is not read yet, by its offset.
    final TreeMap<Long, List<CompletableFuture<Boolean>>> asked = new TreeMap<>();

    long next;

    /// Below this, an earlier record of the same id may have been left unread.
    long complete;

    /// As nothing was read of it, with those who still want to know.
    Partition anew() {
      var anew = new Partition();
      anew.asked.putAll(asked);
      return anew;
    }

    /// What those can be told who asked for what is read by now.
    List<Runnable> answers() {
      var answered = asked.headMap(next);
      var answers = new ArrayList<Runnable>();
      answered.forEach((offset, all) -> {
        boolean isRepeated = repeated.contains(offset);
        all.forEach(each -> answers.add(() -> each.complete(isRepeated)));
      });
      answered.clear();
      return answers;
    }
  }

  EventIds(RecordLog log, Time time) {
    this.log = log;
    this.time = time;
    this.awaited = time.nanos() - HURRY.toNanos();
  }

  /// Begins to read, as far back as it matters to who publishes, and to who makes deliveries and is
  /// a little behind; again and again while the log is away.
  void start(Duration limit) {
    try {
      var begin = new HashMap<Integer, Long>();
      log.describe(EventForm.TOPIC, limit)
          .ifPresent(topic ->
              topic
                  .endOffsets()
                  .forEach((partition, end) ->
                      begin.put(
                          partition,
                          begin(
                              partition,
                              topic.firstOffsets().getOrDefault(partition, 0L),
                              end - RecentIds.MOST))));
      follow(begin);
    } catch (LogUnavailable away) {
      time.after(Duration.ofSeconds(1), () -> Thread.ofVirtual().start(() -> start(limit)));
    }
  }

  /// Where to begin so that records from `offset` on can be judged.
  private synchronized long begin(int partition, long first, long offset) {
    var known = partition(partition);
    known.next = Math.max(first, offset - RecentIds.MOST);
    known.complete = known.next == first ? first : offset;
    return known.next;
  }

  private synchronized void follow(Map<Integer, Long> begin) {
    if (!closed) {
      tail = log.follow(EventForm.TOPIC, begin, RecordLog.From.EARLIEST, this);
    }
  }

  /// Sees to it that records from `offset` on can be judged: for who makes deliveries, and may be
  /// far behind. Reads once more what it has to. Waits.
  ///
  /// @throws LogUnavailable when nothing is read yet
  void reach(int partition, long offset) {
    RecordLog.Tail open;
    synchronized (this) {
      if (closed || (tail != null && partition(partition).complete <= offset)) {
        return;
      }
      if (tail == null) {
        throw new LogUnavailable(
            "the topic of events is not read yet", new IllegalStateException());
      }
      open = tail;
      tail = null;
    }
    open.close();
    var begin = new HashMap<Integer, Long>();
    synchronized (this) {
      partitions.put(partition, partition(partition).anew());
      begin(partition, 0, offset);
      partitions.forEach((number, known) -> begin.put(number, known.next));
    }
    follow(begin);
  }

  /// False when not all that lay in the topic at the start was read within `limit`; reading goes
  /// on. Waits.
  synchronized boolean awaitReplay(Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    try {
      while (caughtUp.size() < EventForm.PARTITIONS) {
        var left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        wait(left / 1_000_000 + 1);
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// True when an event of that id is known: publishing it again would change nothing.
  synchronized boolean knows(String tenant, String event) {
    var id = RecentIds.Id.of(tenant, event);
    var now = time.now().toEpochMilli();
    return partitions.values().stream().anyMatch(each -> each.ids.knows(id, each.next, now));
  }

  /// Whether the event that lies there repeats an earlier one; told when it is read, on a thread
  /// that must not be held up.
  synchronized CompletableFuture<Boolean> isRepeated(int partition, long offset) {
    var known = partition(partition);
    if (known.next > offset) {
      return CompletableFuture.completedFuture(known.repeated.contains(offset));
    }
    awaited = time.nanos();
    var answer = new CompletableFuture<Boolean>();
    known.asked.computeIfAbsent(offset, _ -> new ArrayList<>(1)).add(answer);
    return answer;
  }

  /// Often while somebody waits for it.
  @Override
  public Duration gathering() {
    return time.nanos() - awaited < HURRY.toNanos() ? RecordLog.BRIEFLY : GATHERING;
  }

  private synchronized Partition partition(int number) {
    return partitions.computeIfAbsent(number, _ -> new Partition());
  }

  @Override
  public void records(int partition, List<Stored> records, long next) {
    read(partition, records, next).forEach(Runnable::run);
  }

  private synchronized List<Runnable> read(int partition, List<Stored> records, long next) {
    var known = partition(partition);
    for (var record : records) {
      var key = record.key();
      var id = EventForm.givenId(record);
      if (key != null && id.isPresent() && record.offset() >= known.next) {
        var hashed = RecentIds.Id.of(key.utf8(), id.get());
        if (known.ids.isRepeated(hashed, record.offset(), record.timestamp())) {
          known.repeated.add(record.offset());
          if (known.repeated.size() > MOST_REPEATED) {
            known.repeated.pollFirst();
          }
        }
      }
    }
    known.next = next;
    return known.answers();
  }

  @Override
  public void caughtUp(int partition, long next) {
    reached(partition, next).forEach(Runnable::run);
  }

  private synchronized List<Runnable> reached(int partition, long next) {
    var known = partition(partition);
    known.next = Math.max(known.next, next);
    caughtUp.add(partition);
    notifyAll();
    return known.answers();
  }

  /// The topic was made anew: what was known of the partition is void.
  @Override
  public synchronized void truncated(int partition, long first) {
    var known = partitions.get(partition);
    if (known != null && first < known.next) {
      partitions.put(partition, known.anew());
    }
  }

  @Override
  public void close() {
    RecordLog.Tail open;
    synchronized (this) {
      closed = true;
      open = tail;
    }
    if (open != null) {
      open.close();
    }
  }
}
