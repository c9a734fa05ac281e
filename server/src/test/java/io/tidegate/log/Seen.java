package io.tidegate.log;

import static org.awaitility.Awaitility.await;

import io.tidegate.base.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A follower that keeps what it is told.
final class Seen implements RecordLog.Follower {
  static final Duration LIMIT = Duration.ofSeconds(30);

  final List<Stored> records = new CopyOnWriteArrayList<>();
  final Map<Integer, Long> next = new ConcurrentHashMap<>();
  final Map<Integer, Long> caughtUp = new ConcurrentHashMap<>();
  final Map<Integer, Long> truncated = new ConcurrentHashMap<>();
  final List<Optional<String>> health = new CopyOnWriteArrayList<>();

  private final AtomicInteger count = new AtomicInteger();

  @Override
  public void records(int partition, List<Stored> records, long next) {
    this.records.addAll(records);
    this.next.put(partition, next);
  }

  @Override
  public void caughtUp(int partition, long next) {
    caughtUp.put(partition, next);
  }

  @Override
  public void truncated(int partition, long first) {
    truncated.put(partition, first);
  }

  @Override
  public void health(Optional<String> trouble) {
    health.add(trouble);
  }

  /// The same without keeping the records, for many of them.
  RecordLog.Follower counting() {
    return new RecordLog.Follower() {
      @Override
      public void records(int partition, List<Stored> records, long next) {
        count.addAndGet(records.size());
      }

      @Override
      public void caughtUp(int partition, long next) {
        Seen.this.caughtUp(partition, next);
      }
    };
  }

  int count() {
    return count.get();
  }

  List<String> values() {
    return records.stream().map(record -> text(record.value())).toList();
  }

  List<String> values(int partition) {
    return records.stream()
        .filter(record -> record.partition() == partition)
        .map(record -> text(record.value()))
        .toList();
  }

  private static String text(@org.jspecify.annotations.Nullable Bytes value) {
    return value == null ? "null" : value.utf8();
  }

  void awaitValues(String... values) {
    await().atMost(LIMIT).until(() -> values().equals(List.of(values)));
  }

  void awaitCaughtUp(int partitions) {
    await().atMost(LIMIT).until(() -> caughtUp.size() >= partitions);
  }

  boolean isInTrouble() {
    return !health.isEmpty() && health.getLast().isPresent();
  }
}
