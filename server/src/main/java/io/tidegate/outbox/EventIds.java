package io.tidegate.outbox;

import io.tidegate.base.Time;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.Follower;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The ids of the events that were published lately, by any instance: read from the topic of
/// events, from which every instance reads the same. Any thread; only `isRepeated` waits.
final class EventIds implements Follower, AutoCloseable {
  private static final int MOST_REPEATED = 100_000;

  private final RecordLog log;
  private final Time time;
  private final Map<Integer, Partition> partitions = new HashMap<>();
  private final Set<Integer> caughtUp = new HashSet<>();
  private RecordLog.@Nullable Tail tail;
  private boolean closed;

  private static final class Partition {
    final RecentIds ids = new RecentIds();
    final TreeSet<Long> repeated = new TreeSet<>();
    long next;
  }

  EventIds(RecordLog log, Time time) {
    this.log = log;
    this.time = time;
  }

  /// Begins to read, as far back as it matters to who publishes, and to who makes deliveries and is
  /// as far behind; again and again while the log is away.
  void start(Duration limit) {
    try {
      var info = log.describe(EventForm.TOPIC, limit);
      var begin = new HashMap<Integer, Long>();
      info.ifPresent(topic ->
          topic
              .endOffsets()
              .forEach((partition, end) ->
                  begin.put(
                      partition,
                      Math.max(
                          topic.firstOffsets().getOrDefault(partition, 0L),
                          end - 2 * RecentIds.MOST))));
      follow(begin);
    } catch (LogUnavailable away) {
      time.after(Duration.ofSeconds(1), () -> Thread.ofVirtual().start(() -> start(limit)));
    }
  }

  private synchronized void follow(Map<Integer, Long> begin) {
    if (!closed) {
      tail = log.follow(EventForm.TOPIC, begin, RecordLog.From.EARLIEST, this);
    }
  }

  /// False when not all that lay in the topic at the start was read within `limit`; reading goes
  /// on.
  synchronized boolean awaitReplay(Duration limit) {
    return await(() -> caughtUp.size() >= EventForm.PARTITIONS, limit);
  }

  private synchronized boolean await(BooleanSupplier done, Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    try {
      while (!done.getAsBoolean()) {
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

  /// Whether the event that lies there repeats an earlier one; empty when that is not known within
  /// `limit`. For a thread that may wait.
  synchronized Optional<Boolean> isRepeated(int partition, long offset, Duration limit) {
    return await(() -> next(partition) > offset, limit)
        ? Optional.of(partition(partition).repeated.contains(offset))
        : Optional.empty();
  }

  private long next(int partition) {
    return partition(partition).next;
  }

  private synchronized Partition partition(int number) {
    return partitions.computeIfAbsent(number, _ -> new Partition());
  }

  @Override
  public synchronized void records(int partition, java.util.List<Stored> records, long next) {
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
    notifyAll();
  }

  @Override
  public synchronized void caughtUp(int partition, long next) {
    var known = partition(partition);
    known.next = Math.max(known.next, next);
    caughtUp.add(partition);
    notifyAll();
  }

  /// The topic was made anew: what was known of the partition is void.
  @Override
  public synchronized void truncated(int partition, long first) {
    var known = partitions.get(partition);
    if (known != null && first < known.next) {
      partitions.remove(partition);
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
