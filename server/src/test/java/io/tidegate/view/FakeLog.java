package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.log.RecordLog;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A log in memory that delivers on the thread that appends. It remembers from where it was
/// followed, can hold a partition back, and can lose what is old.
final class FakeLog implements RecordLog {
  final List<Map<Integer, Long>> followedFrom = new CopyOnWriteArrayList<>();
  volatile boolean away;

  private final Map<String, FakeTopic> topics = new ConcurrentHashMap<>();
  private final Set<Integer> heldBack = new HashSet<>();
  private int ids;

  synchronized FakeLog topic(String name, int partitions, boolean compacted) {
    topics.put(name, new FakeTopic("id-" + ids++, partitions, compacted));
    return this;
  }

  synchronized void delete(String name) {
    topics.remove(name);
  }

  synchronized Stored put(String topic, int partition, String key, String value) {
    return put(topic, partition, Bytes.utf8(key), value, 0);
  }

  synchronized Stored put(
      String topic, int partition, Bytes key, String value, long time, Header... headers) {
    var records = topics.get(topic).records.get(partition);
    long offset = topics.get(topic).ends.merge(partition, 1L, Long::sum) - 1;
    var bytes = value == null ? null : Bytes.utf8(value);
    var stored = new Stored(partition, offset, time, key, List.of(headers), bytes);
    records.put(offset, stored);
    topics.get(topic).tails.forEach(tail -> tail.deliver(partition));
    return stored;
  }

  /// Everything below `first` is lost.
  synchronized void truncate(String topic, int partition, long first) {
    topics.get(topic).records.get(partition).headMap(first).clear();
    topics.get(topic).firsts.put(partition, first);
  }

  /// A partition begins anew, as when a topic is created again while it is followed.
  synchronized void restart(String topic, int partition) {
    topics.get(topic).records.get(partition).clear();
    topics.get(topic).ends.put(partition, 0L);
    topics.get(topic).tails.forEach(tail -> tail.restart(partition));
  }

  synchronized void holdBack(int partition) {
    heldBack.add(partition);
  }

  synchronized boolean isAllDelivered() {
    return heldBack.isEmpty();
  }

  synchronized void release(int partition) {
    heldBack.remove(partition);
    topics.values().forEach(topic -> topic.tails.forEach(tail -> tail.deliver(partition)));
  }

  synchronized Progress ends(String topic) {
    return Progress.of(topics.get(topic).ends);
  }

  synchronized int tails(String topic) {
    return topics.get(topic).tails.size();
  }

  @Override
  public synchronized Optional<TopicInfo> describe(String name, Duration limit) {
    if (away) {
      throw new LogUnavailable("the cluster is away", new IllegalStateException("away"));
    }
    return Optional.ofNullable(topics.get(name)).map(topic -> topic.info(name));
  }

  @Override
  public synchronized Tail follow(
      String topic, Map<Integer, Long> next, From from, Follower follower) {
    followedFrom.add(Map.copyOf(next));
    var tail = new FakeTail(topics.get(topic), new HashMap<>(next), follower);
    topics.get(topic).tails.add(tail);
    for (int partition : topics.get(topic).records.keySet()) {
      tail.deliver(partition);
    }
    return tail;
  }

  @Override
  public void append(Entry entry, Acks acks, Consumer<Appended> then) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void create(Collection<TopicSpec> wanted, Duration limit) {
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
  public void close() {}

  private static final class FakeTopic {
    private final String id;
    private final boolean compacted;
    private final Map<Integer, TreeMap<Long, Stored>> records = new TreeMap<>();
    private final Map<Integer, Long> ends = new TreeMap<>();
    private final Map<Integer, Long> firsts = new TreeMap<>();
    private final List<FakeTail> tails = new CopyOnWriteArrayList<>();

    FakeTopic(String id, int partitions, boolean compacted) {
      this.id = id;
      this.compacted = compacted;
      for (int i = 0; i < partitions; i++) {
        records.put(i, new TreeMap<>());
        ends.put(i, 0L);
        firsts.put(i, 0L);
      }
    }

    TopicInfo info(String name) {
      return new TopicInfo(
          name,
          records.size(),
          compacted,
          !compacted,
          Duration.ofDays(7),
          -1,
          Duration.ofDays(1),
          1 << 20,
          Map.copyOf(firsts),
          Map.copyOf(ends),
          id);
    }
  }

  private final class FakeTail implements Tail {
    private final FakeTopic topic;
    private final Map<Integer, Long> next;
    private final Follower follower;
    private final Set<Integer> paused = new HashSet<>();
    private final Set<Integer> caughtUp = new HashSet<>();

    FakeTail(FakeTopic topic, Map<Integer, Long> next, Follower follower) {
      this.topic = topic;
      this.next = next;
      this.follower = follower;
    }

    void restart(int partition) {
      next.put(partition, 0L);
      caughtUp.remove(partition);
      follower.truncated(partition, 0);
      deliver(partition);
    }

    void deliver(int partition) {
      if (paused.contains(partition) || heldBack.contains(partition)) {
        return;
      }
      long first = topic.firsts.get(partition);
      if (next.getOrDefault(partition, 0L) < first) {
        next.put(partition, first);
        follower.truncated(partition, first);
      }
      long from = next.getOrDefault(partition, 0L);
      long end = topic.ends.get(partition);
      if (from < end) {
        next.put(partition, end);
        var records = new ArrayList<>(topic.records.get(partition).tailMap(from).values());
        follower.records(partition, records, end);
      }
      if (caughtUp.add(partition)) {
        follower.caughtUp(partition, end);
      }
    }

    @Override
    public void pause(int partition) {
      synchronized (FakeLog.this) {
        paused.add(partition);
      }
    }

    @Override
    public void resume(int partition) {
      synchronized (FakeLog.this) {
        paused.remove(partition);
        deliver(partition);
      }
    }

    @Override
    public void close() {
      topic.tails.remove(this);
    }
  }
}
