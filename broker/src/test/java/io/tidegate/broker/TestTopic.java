package io.tidegate.broker;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// A topic of one partition, seen with Kafka's own clients.
record TestTopic(String bootstrap, String name) {

  static final Duration LIMIT = Duration.ofSeconds(60);

  TestTopic create(Map<String, String> configs) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      get(admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(configs))).all());
    } catch (ExecutionException failed) {
      if (!(failed.getCause() instanceof TopicExistsException)) {
        throw failed;
      }
    }
    return this;
  }

  /// Until its leader is at work. Before that the first batches of a producer may stick.
  TestTopic awaitLeader() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      var ends = Map.of(partition(), OffsetSpec.latest());
      await()
          .atMost(LIMIT)
          .ignoreException(ExecutionException.class)
          .until(() -> get(admin.listOffsets(ends).all()).size() == 1);
    }
    return this;
  }

  KafkaProducer<String, String> producer(String compression) {
    Map<String, Object> configs =
        Map.of("bootstrap.servers", bootstrap, "acks", "all", "compression.type", compression);
    return new KafkaProducer<>(configs, new StringSerializer(), new StringSerializer());
  }

  void append(String key, String value) throws Exception {
    try (var producer = producer("none")) {
      get(producer.send(new ProducerRecord<>(name, key, value)));
    }
  }

  void appendInTransaction(String key, String value) {
    Map<String, Object> configs = Map.of("bootstrap.servers", bootstrap, "transactional.id", name);
    try (var producer =
        new KafkaProducer<>(configs, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(name, key, value));
      producer.commitTransaction();
    }
  }

  /// The first values a consumer group gets; it commits their offset.
  List<String> readAndCommit(String group) {
    try (var consumer = consumer(Map.of("group.id", group, "isolation.level", "read_committed"))) {
      consumer.subscribe(List.of(name));
      var values = poll(consumer, 1);
      consumer.commitSync(Map.of(partition(), new OffsetAndMetadata(values.size())), LIMIT);
      return values;
    }
  }

  long committedOffset(String group) {
    try (var consumer = consumer(Map.of("group.id", group))) {
      return consumer.committed(Set.of(partition()), LIMIT).get(partition()).offset();
    }
  }

  /// All values from the beginning, once there are at least that many.
  List<String> values(int atLeast) {
    try (var consumer = consumer(Map.of())) {
      consumer.assign(List.of(partition()));
      return poll(consumer, atLeast);
    }
  }

  private KafkaConsumer<String, String> consumer(Map<String, String> more) {
    var configs = new HashMap<String, Object>(more);
    configs.put("bootstrap.servers", bootstrap);
    configs.put("auto.offset.reset", "earliest");
    configs.put("enable.auto.commit", "false");
    return new KafkaConsumer<>(configs, new StringDeserializer(), new StringDeserializer());
  }

  private TopicPartition partition() {
    return new TopicPartition(name, 0);
  }

  private static List<String> poll(KafkaConsumer<String, String> consumer, int atLeast) {
    var values = new ArrayList<String>();
    await()
        .atMost(LIMIT)
        .until(() -> {
          consumer.poll(Duration.ofMillis(200)).forEach(read -> values.add(read.value()));
          return values.size() >= atLeast;
        });
    return values;
  }

  static <T> T get(Future<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }
}
