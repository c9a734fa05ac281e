package io.tidegate.view;

import io.tidegate.log.RecordLog.Follower;
import io.tidegate.log.RecordLog.Tail;
import io.tidegate.log.Stored;
import io.tidegate.view.TopicCopy.Spill;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Applies what the log delivers to a copy, hands it on to be written, and holds the log up while
/// the disk is behind.
final class CopyFollower implements Follower {
  private final TopicCopy copy;
  private final Spiller spiller;
  private final Listener listener;
  private final Set<Integer> paused = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Tail tail;
  private volatile boolean closed;

  CopyFollower(TopicCopy copy, Spiller spiller, Listener listener) {
    this.copy = copy;
    this.spiller = spiller;
    this.listener = listener;
  }

  @Override
  public void records(int partition, List<Stored> records, long next) {
    apply(partition, records, next);
    if (spiller.isBehind()) {
      pause(partition);
    }
  }

  @Override
  public void caughtUp(int partition, long next) {
    apply(partition, List.of(), next);
    copy.becomeReady(partition);
    listener.becameReady(copy);
  }

  @Override
  public void truncated(int partition, long first) {
    var memory = copy.partition(partition);
    if (memory != null && first < memory.next()) {
      // What was read lies no longer where it was: nothing more may be applied to it.
      copy.retire();
      listener.becameVoid(copy);
      return;
    }
    copy.truncate(partition, first);
    spiller.then(() -> new Upkeep(copy, spiller).dropBelow(partition));
  }

  @Override
  public void health(Optional<String> trouble) {
    listener.health(copy, trouble);
  }

  /// The log delivers from now on. It may have begun before it said so.
  void attach(Tail running) {
    tail = running;
    for (int partition : paused) {
      running.pause(partition);
      if (!paused.contains(partition)) {
        running.resume(partition);
      }
    }
    if (closed) {
      running.close();
    }
  }

  void close() {
    closed = true;
    var running = tail;
    if (running != null) {
      running.close();
    }
  }

  private void apply(int partition, List<Stored> records, long next) {
    var spill = copy.apply(partition, records, next);
    if (copy.isRetired()) {
      return;
    }
    spiller.offer(spill);
    listener.applied(spill);
  }

  /// Paused first and noted to be resumed after: the other way round it might stay so.
  private void pause(int partition) {
    var running = tail;
    if (closed || !paused.add(partition)) {
      return;
    }
    if (running != null) {
      running.pause(partition);
    }
    spiller.whenRelieved(() -> resume(partition));
  }

  private void resume(int partition) {
    paused.remove(partition);
    var running = tail;
    if (running != null && !closed) {
      running.resume(partition);
    }
  }

  /// Wants to know what happens to a copy. Called on the log's thread.
  interface Listener {
    void applied(Spill spill);

    void becameReady(TopicCopy copy);

    /// The topic is not the one that was read.
    void becameVoid(TopicCopy copy);

    void health(TopicCopy copy, Optional<String> trouble);
  }
}
