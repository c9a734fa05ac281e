package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.log.Stored;
import io.tidegate.view.TopicView.Newest;
import io.tidegate.view.TopicView.Scan;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads from disk, on a few platform threads: native calls would pin the carriers of virtual ones.
/// What does not fit into their queue is refused.
final class DiskReads {
  private static final Logger LOG = LoggerFactory.getLogger(DiskReads.class);
  private static final int WAITING = 2_048;

  /// How long a read waits for what is being written.
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final String CLOSED = "the view is closed";

  private final Spiller spiller;
  private final Time time;
  private final Runnable counted;
  private final Consumer<StoreFailure> damaged;
  private final ThreadPoolExecutor threads;

  /// @param counted is told of each read
  /// @param damaged is told when what lies on disk is broken
  DiskReads(
      Spiller spiller, int threads, Time time, Runnable counted, Consumer<StoreFailure> damaged) {
    this.spiller = spiller;
    this.time = time;
    this.counted = counted;
    this.damaged = damaged;
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("view-reader-", 0).daemon().factory());
  }

  /// Finds what memory does not have.
  void newest(TopicCopy copy, Match match, Consumer<Newest> then) {
    Consumer<String> unready = cause -> then.accept(new Newest.Unready(cause));
    var key = onlyKey(match);
    if (key != null) {
      // Memory has everything that is not on disk yet, so a key that is not in memory is.
      run(() -> answer(then, newestOfKey(copy, key)), unready);
    } else {
      whenWritten(() -> answer(then, newest(copy, match)), unready);
    }
  }

  /// Gives all that match from there on, as they are after everything that is applied now.
  void each(TopicCopy copy, Match match, Progress from, Scan scan) {
    whenWritten(
        () -> {
          try (var reader = reader(copy)) {
            new ShelfScan(reader, match, from, scan, threads::isShutdown).run();
          }
        },
        scan::unready);
  }

  /// Runs `task` on one of the threads; `refused` says why not, or why it failed.
  void run(Runnable task, Consumer<String> refused) {
    if (!offer(() -> attempt(task, refused))) {
      refused.accept(threads.isShutdown() ? CLOSED : "too many reads wait for the disk");
    }
  }

  /// Runs `task`, which does not fail, on one of the threads. False when too many wait.
  boolean offer(Runnable task) {
    try {
      threads.execute(task);
      return true;
    } catch (RejectedExecutionException full) {
      return false;
    }
  }

  /// What a read found broken is repaired.
  void report(StoreFailure failed) {
    if (failed.isDamage()) {
      damaged.accept(failed);
    }
  }

  /// One more read.
  void count() {
    counted.run();
  }

  ShelfReader reader(TopicCopy copy) {
    return new ShelfReader(copy.shelf(), copy::firstOffset, time);
  }

  @Nullable Stored cached(TopicCopy copy, Match match) {
    var key = onlyKey(match);
    if (key == null) {
      return null;
    }
    var own = copy.partitionOf(key);
    var found = copy.cache().find(own.partition(), key);
    return found != null && found.offset() >= own.first() ? found : null;
  }

  /// Lets running reads end, within `limit`.
  boolean close(Duration limit) {
    threads.shutdown();
    try {
      return threads.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void whenWritten(Runnable task, Consumer<String> refused) {
    var trouble = spiller.check();
    if (trouble.isPresent()) {
      refused.accept(trouble.get());
      return;
    }
    var open = new AtomicBoolean(true);
    Consumer<String> refuse =
        cause -> {
          if (open.compareAndSet(true, false)) {
            refused.accept(cause);
          }
        };
    var alarm = time.after(PATIENCE, () -> refuse.accept("the disk is too slow"));
    spiller.then(
        () -> {
          if (open.compareAndSet(true, false)) {
            alarm.cancel();
            run(task, refused);
          }
        },
        () -> refuse.accept(CLOSED));
  }

  /// An answer is given once: what goes wrong in taking it is not answered again.
  private static void answer(Consumer<Newest> then, Newest newest) {
    try {
      then.accept(newest);
    } catch (RuntimeException bug) {
      LOG.atError().setCause(bug).log("taking an answer of a view failed");
    }
  }

  private void attempt(Runnable task, Consumer<String> refused) {
    counted.run();
    try {
      task.run();
    } catch (StoreFailure failed) {
      refused.accept(String.valueOf(failed.getMessage()));
      report(failed);
    } catch (RuntimeException bug) {
      LOG.atError().setCause(bug).log("reading a view from disk failed");
      refused.accept("reading a view from disk failed");
    }
  }

  private Newest newestOfKey(TopicCopy copy, Bytes key) {
    var clause = new Match.Clause(key, List.of());
    var own = copy.partitionOf(key);
    var reserved = copy.cache().reserve(own.partition(), key);
    Stored found = null;
    try (var reader = reader(copy)) {
      found = reader.newest(own.partition(), clause);
      return found != null ? new Newest.Found(found) : newestStray(copy, reader, clause, own);
    } finally {
      copy.cache().keep(reserved, found);
    }
  }

  private static Newest newestStray(
      TopicCopy copy, ShelfReader reader, Match.Clause clause, PartitionMemory own) {
    Newest best = new Newest.Absent();
    if (!copy.hasStrays()) {
      return best;
    }
    for (var memory : copy.partitions()) {
      if (memory != own) {
        best = MemorySearch.newer(best, newestIn(reader, memory.partition(), clause));
      }
    }
    return best;
  }

  private Newest newest(TopicCopy copy, Match match) {
    Newest best = new Newest.Absent();
    try (var reader = reader(copy)) {
      for (var clause : match.clauses()) {
        best = MemorySearch.newer(best, newest(copy, reader, clause));
      }
    }
    return best;
  }

  private static Newest newest(TopicCopy copy, ShelfReader reader, Match.Clause clause) {
    var key = clause.key();
    if (key != null) {
      var own = copy.partitionOf(key);
      var found = newestIn(reader, own.partition(), clause);
      return found instanceof Newest.Found ? found : newestStray(copy, reader, clause, own);
    }
    Newest best = new Newest.Absent();
    for (var memory : copy.partitions()) {
      best = MemorySearch.newer(best, newestIn(reader, memory.partition(), clause));
    }
    return best;
  }

  private static Newest newestIn(ShelfReader reader, int partition, Match.Clause clause) {
    var found = reader.newest(partition, clause);
    return found == null ? new Newest.Absent() : new Newest.Found(found);
  }

  private static @Nullable Bytes onlyKey(Match match) {
    if (match.anyOf().size() != 1) {
      return null;
    }
    var clause = match.anyOf().getFirst();
    return clause.headers().isEmpty() ? clause.key() : null;
  }
}
