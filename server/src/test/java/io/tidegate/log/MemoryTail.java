package io.tidegate.log;

import io.tidegate.log.RecordLog.Follower;
import io.tidegate.log.RecordLog.From;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A running `follow` of a `MemoryLog`. All of its state belongs to the log's thread.
final class MemoryTail implements RecordLog.Tail {
  private final MemoryLog log;
  private final String topic;
  private final Map<Integer, Long> wanted;
  private final Follower follower;
  private final Map<Integer, Long> next = new HashMap<>();
  private final Map<Integer, Long> target = new HashMap<>();
  private final Set<Integer> paused = ConcurrentHashMap.newKeySet();
  private From from;
  private @Nullable MemoryTopic seen;
  private Optional<String> said = Optional.empty();
  private volatile boolean closed;

  MemoryTail(MemoryLog log, String topic, Map<Integer, Long> wanted, From from, Follower follower) {
    this.log = log;
    this.topic = topic;
    this.wanted = new HashMap<>(wanted);
    this.from = from;
    this.follower = follower;
  }

  /// Something may have changed.
  void advance() {
    log.later(this::run);
  }

  private void run() {
    if (closed) {
      return;
    }
    var found = log.reach(topic);
    health(found.isPresent() ? Optional.empty() : Optional.of(log.trouble(topic)));
    found.ifPresentOrElse(this::read, () -> from = From.EARLIEST);
  }

  private void health(Optional<String> trouble) {
    if (!trouble.equals(said)) {
      said = trouble;
      follower.health(trouble);
    }
  }

  private void read(MemoryTopic found) {
    var lost = new HashSet<Integer>();
    if (seen != null && seen != found) {
      lost.addAll(next.keySet());
      next.clear();
      wanted.clear();
    }
    seen = found;
    for (var i = 0; i < found.size(); i++) {
      if (!next.containsKey(i)) {
        begin(i, found.partition(i), lost.contains(i));
      }
    }
    from = From.EARLIEST;
    for (var i = 0; i < found.size() && !closed; i++) {
      if (!paused.contains(i)) {
        deliver(i, found.partition(i));
      }
    }
  }

  private void begin(int number, MemoryTopic.Partition partition, boolean lost) {
    var start = wanted.remove(number);
    if (start == null) {
      start = from == From.LATEST ? partition.end() : partition.first();
    }
    if (lost || start < partition.first() || start > partition.end()) {
      start = partition.first();
      follower.truncated(number, start);
    }
    next.put(number, start);
    target.put(number, partition.end());
    catchUp(number, start);
  }

  private void deliver(int number, MemoryTopic.Partition partition) {
    long at = next.getOrDefault(number, 0L);
    if (at < partition.first()) {
      at = partition.first();
      next.put(number, at);
      follower.truncated(number, at);
    }
    var records = partition.from(at);
    if (!records.isEmpty()) {
      var after = at + records.size();
      follower.records(number, records, after);
      next.put(number, after);
      catchUp(number, after);
    }
  }

  private void catchUp(int number, long at) {
    var goal = target.get(number);
    if (goal != null && at >= goal) {
      target.remove(number);
      follower.caughtUp(number, at);
    }
  }

  @Override
  public void pause(int partition) {
    paused.add(partition);
  }

  @Override
  public void resume(int partition) {
    paused.remove(partition);
    advance();
  }

  @Override
  public void close() {
    closed = true;
    log.forget(this);
  }
}
