package io.tidegate.view;

import io.tidegate.view.Store.StoreBatch;
import io.tidegate.view.TopicCopy.Spill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what was applied to the store, on one thread of its own, in batches; then lets memory go
/// that is over the bound.
///
/// `offer` and `then` may be called from any thread and never block. Who offers asks `isBehind`,
/// and stops for a while when it is: that bounds the queue.
final class Spiller {
  private static final Logger LOG = LoggerFactory.getLogger(Spiller.class);

  /// How long changes are gathered before they are written. A key that changes often is written
  /// once in that time.
  private static final Duration GATHER = Duration.ofMillis(200);

  private static final long GATHER_BYTES = 1 << 20;
  private static final int MOST_CHANGES = 20_000;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Store store;
  private final MemoryBudget budget;
  private final long behindAt;
  private final Consumer<StoreFailure> damaged;
  private final LinkedBlockingQueue<Work> queue = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Runnable> relieved = new LinkedBlockingQueue<>();
  private final AtomicLong pending = new AtomicLong();
  private final Thread thread =
      Thread.ofPlatform().name("view-writer").daemon().unstarted(this::run);

  private volatile boolean closing;
  private volatile boolean ended;
  private volatile @Nullable String trouble;

  /// @param damaged is told when what lies on disk is broken
  Spiller(Store store, MemoryBudget budget, long behindAt, Consumer<StoreFailure> damaged) {
    this.store = store;
    this.budget = budget;
    this.behindAt = behindAt;
    this.damaged = damaged;
  }

  void start() {
    thread.start();
  }

  void offer(Spill spill) {
    pending.addAndGet(spill.bytes());
    queue.add(new Work.Write(spill));
  }

  /// Runs `task` on the writing thread, after everything offered before is written.
  void then(Runnable task) {
    then(task, () -> {});
  }

  /// The same; `refused` is run instead when nothing is written any more.
  void then(Runnable task, Runnable refused) {
    synchronized (queue) {
      if (!ended) {
        queue.add(new Work.Then(task, refused));
        return;
      }
    }
    refused.run();
  }

  boolean isBehind() {
    return pending.get() > behindAt;
  }

  /// Runs `task` once on the writing thread, when it is no longer behind.
  void whenRelieved(Runnable task) {
    relieved.add(task);
    then(this::relieve);
  }

  /// Empty when writing works, else what is wrong.
  Optional<String> check() {
    return Optional.ofNullable(trouble);
  }

  /// Writes what is there and ends, within `limit`. False when it did not come to its end.
  boolean close(Duration limit) {
    closing = true;
    queue.add(new Work.Then(() -> {}, () -> {}));
    try {
      return thread.join(limit);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run() {
    try {
      while (!closing || !queue.isEmpty()) {
        step(queue.take());
      }
    } catch (InterruptedException interrupted) {
      LOG.atWarn().log("writing views was interrupted");
    } finally {
      end();
    }
  }

  private void step(Work work) throws InterruptedException {
    try {
      switch (work) {
        case Work.Then(var task, var _) -> task.run();
        case Work.Write(var spill) -> write(gather(spill));
      }
    } catch (RuntimeException bug) {
      LOG.atError().setCause(bug).log("a task on the views' writing thread failed");
    }
  }

  private void end() {
    synchronized (queue) {
      ended = true;
    }
    for (var work = queue.poll(); work != null; work = queue.poll()) {
      if (work instanceof Work.Then(var _, var refused)) {
        refused.run();
      }
    }
  }

  /// Takes what comes after `first` and can be written with it.
  private Gathered gather(Spill first) throws InterruptedException {
    var spills = new ArrayList<Spill>(List.of(first));
    long deadline = System.nanoTime() + GATHER.toNanos();
    long bytes = first.bytes();
    int changes = first.changes().size();
    while (bytes < GATHER_BYTES && changes < MOST_CHANGES) {
      long left = closing || isBehind() ? 0 : deadline - System.nanoTime();
      switch (queue.poll(Math.max(0, left), TimeUnit.NANOSECONDS)) {
        case null -> {
          return new Gathered(spills, null);
        }
        case Work.Then(var task, var _) -> {
          return new Gathered(spills, task);
        }
        case Work.Write(var spill) -> {
          spills.add(spill);
          bytes += spill.bytes();
          changes += spill.changes().size();
        }
      }
    }
    return new Gathered(spills, null);
  }

  private void write(Gathered gathered) throws InterruptedException {
    var spills = gathered.spills();
    while (!isWritten(spills) && !closing) {
      TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
    }
    for (var spill : spills) {
      pending.addAndGet(-spill.bytes());
    }
    budget.trim();
    relieve();
    if (gathered.then() != null) {
      gathered.then().run();
    }
  }

  /// False when it may work later. What is damaged is given up: it will be read again.
  private boolean isWritten(List<Spill> spills) {
    try {
      writeOnce(spills);
      trouble = null;
      return true;
    } catch (StoreFailure failed) {
      if (failed.isDamage()) {
        damaged.accept(failed);
        return true;
      }
      if (trouble == null) {
        LOG.atError().setCause(failed).log("views cannot be written to disk");
      }
      trouble = failed.getMessage();
      return false;
    }
  }

  private void writeOnce(List<Spill> spills) {
    try (var batch = new StoreBatch()) {
      new Coalesced(spills).writeTo(batch);
      if (batch.size() > 0) {
        store.write(batch);
      }
    }
    for (var spill : spills) {
      var memory = spill.copy().partition(spill.partition());
      if (memory != null) {
        memory.persistedTo(spill.next());
      }
    }
  }

  private void relieve() {
    while (!isBehind()) {
      var task = relieved.poll();
      if (task == null) {
        return;
      }
      task.run();
    }
  }

  private sealed interface Work {
    record Write(Spill spill) implements Work {}

    record Then(Runnable task, Runnable refused) implements Work {}
  }

  /// Spills to be written together, and what comes after them.
  private record Gathered(List<Spill> spills, @Nullable Runnable then) {}
}
