package io.tidegate.log;

import io.tidegate.base.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Looks at the topics that are followed or owned every few seconds, all in one request, and tells
/// who watches what it found: added partitions, a topic that went away or was created again, a
/// cluster out of reach. Any thread may use it.
final class TopicWatch implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final Duration PERIOD_IN_TROUBLE = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final KafkaCluster cluster;
  private final Time time;
  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
  private Time.Alarm next = () -> {};
  private boolean looking;
  private boolean again;
  private boolean closed;

  /// Who wants to know. Told on the watch's thread, which must not be held up.
  interface Watcher {
    String topic();

    void found(Found found);
  }

  TopicWatch(KafkaCluster cluster, Time time) {
    this.cluster = cluster;
    this.time = time;
  }

  void add(Watcher watcher) {
    watchers.add(watcher);
    look();
  }

  void remove(Watcher watcher) {
    watchers.remove(watcher);
  }

  /// Looks as soon as possible.
  synchronized void look() {
    next.cancel();
    if (looking) {
      again = true;
    } else if (!closed && !watchers.isEmpty()) {
      looking = true;
      Thread.ofVirtual().name("watch topics").start(this::run);
    }
  }

  private void run() {
    var trouble = true;
    try {
      trouble = lookAt(Set.copyOf(watchers));
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

  private boolean lookAt(Set<Watcher> watchers) {
    var topics = new HashSet<String>();
    watchers.forEach(each -> topics.add(each.topic()));
    Map<String, Found> found = new HashMap<>(cluster.find(topics, LIMIT));
    watchers.forEach(each -> each.found(found.getOrDefault(each.topic(), new Found.Missing())));
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
