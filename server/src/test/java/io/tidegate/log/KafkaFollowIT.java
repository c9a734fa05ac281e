package io.tidegate.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.broker.SharedBroker;
import io.tidegate.log.RecordLog.From;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Following what others do to a topic.
class KafkaFollowIT {
  private final String topic = "followed-" + UUID.randomUUID();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ForeignClient other = new ForeignClient(SharedBroker.bootstrap());
  private final RecordLog log =
      new KafkaLog(KafkaSettings.plain("test", SharedBroker.bootstrap()), Time.system(), meters);
  private final Seen seen = new Seen();

  @AfterEach
  void closeAll() {
    log.close();
    other.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "snappy", "lz4", "zstd"})
  void readsCompressedBatches(String compression) {
    other.create(topic, 1);
    var values = IntStream.range(0, 500).mapToObj(i -> "value " + i).toList();
    other.append(topic, Map.of("compression.type", compression, "linger.ms", 50), values);

    log.follow(topic, Map.of(), From.EARLIEST, seen);

    seen.awaitCaughtUp(1);
    assertThat(seen.values()).isEqualTo(values);
  }

  @Test
  void hidesWhatWasAbortedAndPassesTheMarkers() {
    other.create(topic, 1);
    try (var producer = other.producer(Map.of("transactional.id", topic))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, 0, "k", "committed"));
      producer.commitTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, 0, "k", "aborted"));
      producer.flush();
      producer.abortTransaction();
    }

    log.follow(topic, Map.of(), From.EARLIEST, seen);

    seen.awaitCaughtUp(1);
    assertThat(seen.values()).containsExactly("committed");
    assertThat(seen.caughtUp).containsEntry(0, 4L);
    assertThat(seen.next).containsEntry(0, 4L);
    assertThat(log.describe(topic, Seen.LIMIT).orElseThrow().endOffsets()).containsEntry(0, 4L);
  }

  @Test
  void doesNotWaitForAnOpenTransactionToCatchUp() {
    other.create(topic, 1);
    other.append(topic, Map.of(), List.of("before"));
    try (var producer = other.producer(Map.of("transactional.id", topic))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, 0, "k", "open"));
      producer.flush();

      log.follow(topic, Map.of(), From.EARLIEST, seen);

      seen.awaitCaughtUp(1);
      assertThat(seen.values()).containsExactly("before");
      producer.commitTransaction();
      seen.awaitValues("before", "open");
    }
  }

  @Test
  void followsPartitionsThatAreAddedLater() {
    other.create(topic, 1);
    log.follow(topic, Map.of(), From.LATEST, seen);
    seen.awaitCaughtUp(1);

    other.grow(topic, 3);
    other.append(topic, Map.of("partitioner.ignore.keys", true), List.of("a", "b"));
    try (var producer = other.producer(Map.of())) {
      producer.send(new ProducerRecord<>(topic, 2, "k", "added"));
    }

    await().atMost(Seen.LIMIT).until(() -> seen.values(2).contains("added"));
    seen.awaitCaughtUp(3);
  }

  @Test
  void saysWhatRetentionHasTakenBeforeItBegins() {
    other.create(topic, 1);
    other.append(topic, Map.of(), List.of("a", "b", "c"));
    other.truncate(topic, 0, 2);

    log.follow(topic, Map.of(0, 1L), From.EARLIEST, seen);

    seen.awaitValues("c");
    assertThat(seen.truncated).containsExactly(Map.entry(0, 2L));
  }

  @Test
  void saysWhatRetentionTakesWhileItIsBehind() {
    other.create(topic, 1);
    var tail = log.follow(topic, Map.of(), From.EARLIEST, seen);
    seen.awaitCaughtUp(1);
    tail.pause(0);
    other.append(topic, Map.of(), List.of("a", "b", "c"));
    other.truncate(topic, 0, 2);

    tail.resume(0);

    await().atMost(Seen.LIMIT).until(() -> seen.values().contains("c"));
    var fetchedBefore = seen.values().contains("a");
    assertThat(seen.truncated).isEqualTo(fetchedBefore ? Map.of() : Map.of(0, 2L));
  }

  @Test
  void startsOverWhenTheTopicIsCreatedAgain() {
    other.create(topic, 2);
    other.append(topic, Map.of(), List.of("old 1", "old 2", "old 3"));
    log.follow(topic, Map.of(), From.EARLIEST, seen);
    seen.awaitValues("old 1", "old 2", "old 3");

    other.delete(topic);
    await().atMost(Seen.LIMIT).until(seen::isInTrouble);
    other.create(topic, 1);
    other.append(topic, Map.of(), List.of("new 1"));

    await().atMost(Seen.LIMIT).until(() -> seen.values().contains("new 1"));
    assertThat(seen.truncated).containsEntry(0, 0L);
    await().atMost(Seen.LIMIT).until(() -> !seen.isInTrouble());
  }

  @Test
  void noticesThatATopicOfTheSameNameIsAnother() {
    other.create(topic, 1);
    other.append(topic, Map.of(), List.of("old"));
    log.follow(topic, Map.of(), From.EARLIEST, seen);
    seen.awaitValues("old");

    other.delete(topic);
    other.create(topic, 1);
    other.append(topic, Map.of(), List.of("new 1", "new 2", "new 3"));

    await().atMost(Seen.LIMIT).until(() -> seen.truncated.containsKey(0));
    await().atMost(Seen.LIMIT).until(() -> seen.values().containsAll(List.of("new 1", "new 2")));
  }

  @Test
  void deliversAgainWhatAFollowerCouldNotTake() {
    other.create(topic, 1);
    other.append(topic, Map.of(), List.of("a", "b"));
    var failed = Collections.synchronizedSet(new HashSet<Integer>());
    RecordLog.Follower clumsy =
        new RecordLog.Follower() {
          @Override
          public void records(int partition, List<Stored> records, long next) {
            if (failed.add(partition)) {
              throw new IllegalStateException("dropped it");
            }
            seen.records(partition, records, next);
          }

          @Override
          public void caughtUp(int partition, long next) {
            seen.caughtUp(partition, next);
          }
        };

    log.follow(topic, Map.of(), From.EARLIEST, clumsy);

    seen.awaitValues("a", "b");
    assertThat(failed).isEqualTo(Set.of(0));
  }

  @Test
  void resumesAtOnceAlthoughOtherPartitionsAreIdle() {
    other.create(topic, 4);
    var tail = log.follow(topic, Map.of(), From.EARLIEST, seen);
    seen.awaitCaughtUp(4);
    try (var producer = other.producer(Map.of())) {
      for (var i = 1; i <= 20; i++) {
        tail.pause(1);
        producer.send(new ProducerRecord<>(topic, 1, "k", "v"));
        producer.flush();
        tail.resume(1);
        var count = i;
        await().atMost(Duration.ofSeconds(4)).until(() -> seen.values(1).size() == count);
      }
    }
  }

  @Test
  void showsHowFarItIsBehind() {
    other.create(topic, 1);
    log.follow(topic, Map.of(), From.EARLIEST, seen);
    seen.awaitCaughtUp(1);

    var lag = meters.get("tidegate.log.follow.lag").tag("topic", topic).gauge();

    assertThat(lag.value()).isZero();
  }

  @Test
  void readsALongTopicWhoseOtherPartitionsAreIdle() {
    other.create(topic, 4);
    var values = IntStream.range(0, 60_000).mapToObj(Integer::toString).toList();
    other.append(topic, Map.of("linger.ms", 20), values);

    log.follow(topic, Map.of(), From.EARLIEST, seen.counting());

    seen.awaitCaughtUp(4);
    assertThat(seen.count()).isEqualTo(60_000);
  }
}
