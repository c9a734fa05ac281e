package io.tidegate.log;

import io.tidegate.log.Appended.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A record log without sockets for fast tests; passes the same contract as the real one. Entries
/// are stored at once; answers and deliveries come on one thread of its own, as in real life.
/// `settle` waits until all of them have been made.
///
/// Topics must be created first (`create`, or `topic` for short).
public final class MemoryLog implements RecordLog {
  private final Map<String, MemoryTopic> topics = new HashMap<>();
  private final Set<MemoryTail> tails = ConcurrentHashMap.newKeySet();
  private final Map<String, MemoryGroup> groups = new ConcurrentHashMap<>();
  private final Deque<Appended> failures = new ArrayDeque<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().name("memory log").daemon().unstarted(task));
  private final AtomicInteger reads = new AtomicInteger();
  private boolean away;
  private boolean closed;

  /// Creates a topic.
  public synchronized MemoryLog topic(String name, int partitions, boolean compacted) {
    create(List.of(new TopicSpec(name, partitions, compacted, Map.of())), Duration.ZERO);
    return this;
  }

  /// What is stored under a topic, partition by partition.
  public synchronized List<Stored> stored(String topic) {
    return found(topic).all();
  }

  /// The next append ends like this, and stores nothing. May be called several times for several.
  public synchronized void failNext(Appended answer) {
    failures.add(answer);
  }

  /// From now on nothing can be reached, until `comeBack`.
  public synchronized void goAway() {
    away = true;
    advance();
  }

  public synchronized void comeBack() {
    away = false;
    advance();
  }

  /// Removes what lies below `first`, as retention does.
  public synchronized void truncate(String topic, int partition, long first) {
    found(topic).partition(partition).truncate(first);
    advance();
  }

  /// Adds partitions to a topic, up to that many.
  public synchronized void grow(String topic, int partitions) {
    found(topic).grow(partitions);
    advance();
  }

  public synchronized void delete(String topic) {
    topics.remove(topic);
    advance();
  }

  /// As after the deletion of a topic: nothing is committed any more.
  public void forgetGroups() {
    groups.values().forEach(MemoryGroup::close);
    groups.clear();
  }

  /// All members of a group vanish, like processes that are killed: their owners hear nothing.
  public void killMembers(String topic, String group) {
    var found = groups.get(topic + " " + group);
    if (found != null) {
      found.killAll();
    }
  }

  /// Whether the members of a group are without proof that they still are members.
  public void doubtMembers(String topic, String group, boolean doubt) {
    var found = groups.get(topic + " " + group);
    if (found != null) {
      found.doubt(doubt);
    }
  }

  /// How many looks at places there were (`read`).
  public int reads() {
    return reads.get();
  }

  /// Waits until everything that was due has been told.
  public void settle() {
    for (var i = 0; i < 3; i++) {
      CompletableFuture.runAsync(() -> {}, thread).orTimeout(10, TimeUnit.SECONDS).join();
    }
  }

  private void advance() {
    tails.forEach(MemoryTail::advance);
    groups.values().forEach(MemoryGroup::advance);
  }

  private MemoryTopic found(String topic) {
    var found = topics.get(topic);
    if (found == null) {
      throw new IllegalArgumentException("there is no topic named " + topic);
    }
    return found;
  }

  @Override
  public synchronized void append(Entry entry, Acks acks, Consumer<Appended> then) {
    var answer = answer(entry, acks);
    later(() -> then.accept(answer));
    if (answer instanceof Appended.At) {
      advance();
    }
  }

  private Appended answer(Entry entry, Acks acks) {
    var topic = topics.get(entry.topic());
    if (closed) {
      return new Appended.Unavailable(Reason.CLOSED, "closed");
    }
    if (!failures.isEmpty()) {
      return failures.remove();
    }
    if (away) {
      return new Appended.Unavailable(Reason.UNREACHABLE, "away");
    }
    if (topic == null) {
      return new Appended.Unavailable(Reason.NO_SUCH_TOPIC, "no topic " + entry.topic());
    }
    var stored = topic.append(entry, Instant.now());
    return acks == Acks.NONE && stored instanceof Appended.At(var partition, var _)
        ? new Appended.At(partition, -1)
        : stored;
  }

  @Override
  public synchronized Optional<TopicInfo> describe(String topic, Duration limit) {
    checkReachable();
    return Optional.ofNullable(topics.get(topic)).map(MemoryTopic::info);
  }

  @Override
  public synchronized void create(Collection<TopicSpec> wanted, Duration limit) {
    checkReachable();
    wanted.forEach(spec -> topics.computeIfAbsent(spec.name(), _ -> new MemoryTopic(spec)));
    advance();
  }

  private void checkReachable() {
    if (away || closed) {
      throw new LogUnavailable("away", new IllegalStateException("away"));
    }
  }

  @Override
  public synchronized Tail follow(
      String topic, Map<Integer, Long> next, From from, Follower follower) {
    var tail = new MemoryTail(this, topic, next, from, follower);
    tails.add(tail);
    tail.advance();
    return tail;
  }

  @Override
  public Ownership own(String topic, String group, Owner owner) {
    return groups
        .computeIfAbsent(topic + " " + group, _ -> new MemoryGroup(this, topic))
        .join(owner);
  }

  @Override
  public synchronized Stretch read(
      String topic, int partition, long from, int bytes, Duration limit) {
    reads.incrementAndGet();
    checkReachable();
    var found = topics.get(topic);
    if (found == null || partition >= found.size()) {
      throw new LogUnavailable(
          "there is no " + topic + "-" + partition, new IllegalStateException());
    }
    return found.partition(partition).read(from, bytes);
  }

  @Override
  public synchronized Optional<String> check(Duration limit) {
    return away ? Optional.of("the cluster cannot be reached") : Optional.empty();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    settle();
    tails.clear();
    groups.values().forEach(MemoryGroup::close);
    thread.shutdown();
  }

  /// Runs something on the log's own thread; once that has ended, on the caller's.
  public void later(Runnable what) {
    if (thread.isShutdown()) {
      what.run();
    } else {
      thread.execute(what);
    }
  }

  void forget(MemoryTail tail) {
    tails.remove(tail);
  }

  /// The topic, when there is one and it can be reached.
  synchronized Optional<MemoryTopic> reach(String topic) {
    return away ? Optional.empty() : Optional.ofNullable(topics.get(topic));
  }

  synchronized String trouble(String topic) {
    return away ? "the cluster cannot be reached" : "there is no topic named '" + topic + "'";
  }
}
