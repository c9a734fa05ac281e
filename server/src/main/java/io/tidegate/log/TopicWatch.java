package io.tidegate.log;

import io.tidegate.base.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Looks at the followed topics every few seconds, all in one request, and tells their tails what
/// it found: added partitions, a topic that went away or was created again, a cluster out of reach.
/// Any thread may use it.
final class TopicWatch implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final Duration PERIOD_IN_TROUBLE = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final KafkaCluster cluster;
  private final Time time;
  private final Set<KafkaTail> tails = ConcurrentHashMap.newKeySet();
  private Time.Alarm next = () -> {};
  private boolean looking;
  private boolean again;
  private boolean closed;

  TopicWatch(KafkaCluster cluster, Time time) {
    this.cluster = cluster;
    this.time = time;
  }

  void add(KafkaTail tail) {
    tails.add(tail);
    look();
  }

  void remove(KafkaTail tail) {
    tails.remove(tail);
  }

  /// Looks as soon as possible.
  synchronized void look() {
    next.cancel();
    if (looking) {
      again = true;
    } else if (!closed && !tails.isEmpty()) {
      looking = true;
      Thread.ofVirtual().name("watch topics").start(this::run);
    }
  }

  private void run() {
    var trouble = true;
    try {
      trouble = lookAt(Set.copyOf(tails));
    } finally {
      done(trouble);
    }
  }

  private synchronized void done(boolean trouble) {
    looking = false;
    if (again) {
      again = false;
      look();
    } else if (!closed) {
      next = time.after(trouble ? PERIOD_IN_TROUBLE : PERIOD, this::look);
    }
  }

  private boolean lookAt(Set<KafkaTail> tails) {
    var topics = new HashSet<String>();
    tails.forEach(tail -> topics.add(tail.topic()));
    Map<String, Found> found = new HashMap<>(cluster.find(topics, LIMIT));
    tails.forEach(tail -> tail.found(found.getOrDefault(tail.topic(), new Found.Missing())));
    return found.values().stream().anyMatch(TopicWatch::isTrouble);
  }

  private static boolean isTrouble(Found found) {
    return !(found instanceof Found.Topic topic) || !topic.leaderless().isEmpty();
  }

  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
  }
}
