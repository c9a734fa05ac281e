package io.tidegate.bridge;

import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import io.tidegate.view.TopicView;
import io.tidegate.view.Views;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A cluster in memory, with its views. Appends are confirmed at once, unless the test holds them
/// or says how they end.
final class TestCluster implements RecordLog, Views {
  final Map<String, TestTopic> topics = new LinkedHashMap<>();
  final List<Entry> entries = new ArrayList<>();
  final List<Acks> acks = new ArrayList<>();
  final Set<String> missing = new HashSet<>();
  final List<String> described = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private Appended outcome;
  private boolean holding;
  int maxMessageBytes = 1_048_588;

  TestTopic topic(String name) {
    return topics.computeIfAbsent(name, _ -> new TestTopic(name, 1, true));
  }

  TestTopic topic(String name, int partitions, boolean compacted) {
    return topics.computeIfAbsent(name, _ -> new TestTopic(name, partitions, compacted));
  }

  void endAppendsWith(Appended how) {
    outcome = how;
  }

  void holdAppends() {
    holding = true;
  }

  void confirmAppends() {
    holding = false;
    var late = List.copyOf(held);
    held.clear();
    late.forEach(Runnable::run);
  }

  Entry last() {
    return entries.getLast();
  }

  @Override
  public void append(Entry entry, Acks wanted, Consumer<Appended> then) {
    if (outcome != null) {
      then.accept(outcome);
      return;
    }
    entries.add(entry);
    acks.add(wanted);
    var stored = topic(entry.topic()).append(entry);
    Runnable confirm = () -> then.accept(new Appended.At(stored.partition(), stored.offset()));
    if (holding) {
      held.add(confirm);
    } else {
      confirm.run();
    }
  }

  @Override
  public Optional<TopicInfo> describe(String topic, Duration limit) {
    described.add(topic);
    return Optional.ofNullable(missing.contains(topic) ? null : topics.get(topic))
        .map(_ ->
            new TopicInfo(
                topic,
                1,
                true,
                false,
                Duration.ZERO,
                -1,
                Duration.ZERO,
                maxMessageBytes,
                Map.of(),
                Map.of(),
                topic));
  }

  @Override
  public void create(Collection<TopicSpec> wanted, Duration limit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Tail follow(String topic, Map<Integer, Long> next, From from, Follower follower) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Ownership own(String topic, String group, Owner owner) {
    throw new AssertionError("nobody shares work here");
  }

  @Override
  public Stretch read(String topic, int partition, long from, int bytes, Duration limit) {
    throw new AssertionError("nobody looks at places here");
  }

  @Override
  public Optional<String> check(Duration limit) {
    return Optional.empty();
  }

  @Override
  public TopicView of(String topic) {
    return topic(topic);
  }

  @Override
  public Optional<String> check() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
