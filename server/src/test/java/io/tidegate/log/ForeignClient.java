package io.tidegate.log;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringSerializer;

/// Somebody else who uses the same cluster, with Kafka's own clients.
final class ForeignClient implements AutoCloseable {
  private final String bootstrap;
  private final Admin admin;

  ForeignClient(String bootstrap) {
    this.bootstrap = bootstrap;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
  }

  Producer<String, String> producer(Map<String, Object> settings) {
    var configs = new HashMap<>(settings);
    configs.put("bootstrap.servers", bootstrap);
    return new KafkaProducer<>(configs, new StringSerializer(), new StringSerializer());
  }

  void append(String topic, Map<String, Object> settings, List<String> values) {
    try (var producer = producer(settings)) {
      var sent = new ArrayList<Future<?>>();
      values.forEach(value -> sent.add(producer.send(new ProducerRecord<>(topic, "k", value))));
      sent.forEach(ForeignClient::get);
    }
  }

  void create(String topic, int partitions) {
    get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all());
    awaitLeaders(topic, partitions);
  }

  /// Until then the first batches of a producer may be stored in any order, or stick.
  private void awaitLeaders(String topic, int partitions) {
    var wanted = new HashMap<TopicPartition, OffsetSpec>();
    for (int i = 0; i < partitions; i++) {
      wanted.put(new TopicPartition(topic, i), OffsetSpec.latest());
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsMatching(ForeignClient::isRetriable)
        .until(() -> get(admin.listOffsets(wanted).all()).size() == partitions);
  }

  private static boolean isRetriable(Throwable failed) {
    return failed instanceof RetriableException
        || (failed.getCause() != null && isRetriable(failed.getCause()));
  }

  void delete(String topic) {
    get(admin.deleteTopics(List.of(topic)).all());
  }

  void grow(String topic, int partitions) {
    get(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all());
  }

  void truncate(String topic, int partition, long first) {
    var what = Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(first));
    get(admin.deleteRecords(what).all());
  }

  /// Where a group goes on in the first partition of a topic; -1 while nothing was committed.
  long committed(String group, String topic) {
    var offsets = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    var found = offsets.get(new TopicPartition(topic, 0));
    return found == null ? -1 : found.offset();
  }

  private static <T> T get(org.apache.kafka.common.KafkaFuture<T> future) {
    return get(future.toCompletionStage().toCompletableFuture());
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
