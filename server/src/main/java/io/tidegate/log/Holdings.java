package io.tidegate.log;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a member of a group owns. Changed by the member's thread alone; any thread may ask what is
/// owned.
///
/// A commit that gets through is also the proof that the group still counts this member in, so one
/// is sent now and then even when there is nothing new.
final class Holdings {
  private static final Logger LOG = LoggerFactory.getLogger(Holdings.class);

  private static final int MOST_NOTES = 1_000;

  private final String topic;
  private final Map<Integer, Holding> held = new ConcurrentHashMap<>();

  Holdings(String topic) {
    this.topic = topic;
  }

  void add(Holding holding) {
    held.put(holding.partition(), holding);
  }

  /// True when it was there.
  boolean remove(int partition) {
    var holding = held.remove(partition);
    if (holding != null) {
      holding.end();
    }
    return holding != null;
  }

  boolean owns(int partition) {
    return held.containsKey(partition);
  }

  @Nullable Holding find(int partition) {
    return held.get(partition);
  }

  Collection<Integer> partitions() {
    return List.copyOf(held.keySet());
  }

  Collection<Holding> all() {
    return held.values();
  }

  void done(int partition, long next) {
    var holding = held.get(partition);
    if (holding != null) {
      holding.done(next);
    }
  }

  boolean haveNews() {
    return held.values().stream().anyMatch(Holding::hasNews);
  }

  /// Sends what is done and not sent yet, without waiting for an answer: what is lost on the way is
  /// delivered once more.
  ///
  /// @param prove send something in any case
  /// @param proved run when the group has answered as to a member
  void commitTo(Consumer<?, ?> consumer, boolean prove, Runnable proved) {
    var news = news(prove);
    if (!news.isEmpty()) {
      consumer.commitAsync(
          news,
          (_, failure) -> {
            if (failure == null || isOfMember(failure)) {
              proved.run();
            } else {
              LOG.atInfo()
                  .addKeyValue("topic", topic)
                  .log("a commit did not get through: {}", failure.getMessage());
            }
          });
    }
  }

  /// The group knows the member, and is busy with a change.
  private static boolean isOfMember(Exception failure) {
    return failure instanceof RebalanceInProgressException
        || (failure instanceof RetriableCommitFailedException
            && failure.getCause() instanceof RebalanceInProgressException);
  }

  /// The same, and waits for the answer.
  void commitNow(Consumer<?, ?> consumer, Duration limit, Runnable proved) {
    var news = new HashMap<TopicPartition, OffsetAndMetadata>();
    held.forEach((partition, holding) -> {
      if (holding.isWorthKnowing()) {
        news.put(new TopicPartition(topic, partition), position(holding));
        holding.sent();
      }
    });
    if (!news.isEmpty()) {
      try {
        commit(consumer, news, limit);
        proved.run();
      } catch (KafkaException failed) {
        LOG.atWarn()
            .addKeyValue("topic", topic)
            .log("the last commit did not get through: {}", failed.getMessage());
      }
    }
  }

  private static void commit(
      Consumer<?, ?> consumer, Map<TopicPartition, OffsetAndMetadata> news, Duration limit) {
    for (var left = MOST_NOTES; left >= 0; left--) {
      try {
        consumer.commitSync(news, limit);
        return;
      } catch (WakeupException _) {
        // there are notes; they are read afterwards
      }
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> news(boolean prove) {
    var news = new HashMap<TopicPartition, OffsetAndMetadata>();
    held.forEach((partition, holding) -> {
      if (holding.hasNews()) {
        holding.sent();
        news.put(new TopicPartition(topic, partition), position(holding));
      }
    });
    if (prove && news.isEmpty()) {
      held.values().stream()
          .filter(Holding::isWorthKnowing)
          .findFirst()
          .ifPresent(holding ->
              news.put(new TopicPartition(topic, holding.partition()), position(holding)));
    }
    return news;
  }

  private static OffsetAndMetadata position(Holding holding) {
    return new OffsetAndMetadata(holding.done(), holding.doneRemark());
  }
}
