package io.tidegate.log;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a member of a group owns: how far each partition was read, and how far it is done. Changed
/// by the member's thread alone; any thread may ask what is owned.
final class Holdings {
  private static final Logger LOG = LoggerFactory.getLogger(Holdings.class);

  private final String topic;
  private final Map<Integer, Holding> held = new ConcurrentHashMap<>();

  Holdings(String topic) {
    this.topic = topic;
  }

  private static final class Holding {
    long next;
    long done;
    long sent;

    Holding(long next) {
      this.next = next;
      this.done = next;
      this.sent = next;
    }
  }

  void add(int partition, long next) {
    held.put(partition, new Holding(next));
  }

  /// True when it was there.
  boolean remove(int partition) {
    return held.remove(partition) != null;
  }

  boolean owns(int partition) {
    return held.containsKey(partition);
  }

  Collection<Integer> partitions() {
    return List.copyOf(held.keySet());
  }

  long next(int partition) {
    var holding = held.get(partition);
    return holding == null ? 0 : holding.next;
  }

  void read(int partition, long next) {
    var holding = held.get(partition);
    if (holding != null) {
      holding.next = next;
    }
  }

  void done(int partition, long next) {
    var holding = held.get(partition);
    if (holding != null) {
      holding.done = Math.max(holding.done, next);
    }
  }

  /// Sends what is done and not sent yet, without waiting for an answer: what is lost on the way is
  /// delivered once more.
  void commitTo(Consumer<?, ?> consumer) {
    var news = news();
    if (!news.isEmpty()) {
      consumer.commitAsync(
          news,
          (_, failure) -> {
            if (failure != null) {
              LOG.atInfo()
                  .addKeyValue("topic", topic)
                  .log("a commit did not get through: {}", failure.getMessage());
            }
          });
    }
  }

  /// The same, and waits for the answer.
  void commitNow(Consumer<?, ?> consumer, Duration limit) {
    held.values().forEach(holding -> holding.sent = -1);
    var news = news();
    if (!news.isEmpty()) {
      try {
        commit(consumer, news, limit);
      } catch (KafkaException failed) {
        LOG.atWarn()
            .addKeyValue("topic", topic)
            .log("the last commit did not get through: {}", failed.getMessage());
      }
    }
  }

  private static void commit(
      Consumer<?, ?> consumer, Map<TopicPartition, OffsetAndMetadata> news, Duration limit) {
    try {
      consumer.commitSync(news, limit);
    } catch (WakeupException _) {
      consumer.commitSync(news, limit); // the notes were run already
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> news() {
    var news = new HashMap<TopicPartition, OffsetAndMetadata>();
    held.forEach((partition, holding) -> {
      if (holding.done > holding.sent) {
        holding.sent = holding.done;
        news.put(new TopicPartition(topic, partition), new OffsetAndMetadata(holding.done));
      }
    });
    return news;
  }
}
