package io.tidegate.broker;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
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

  /// All values from the beginning, once there are at least that many.
  List<String> values(int atLeast) {
    var values = new ArrayList<String>();
    Map<String, Object> configs =
        Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(configs, new StringDeserializer(), new StringDeserializer())) {
      var partition = List.of(new TopicPartition(name, 0));
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      await()
          .atMost(LIMIT)
          .until(() -> {
            consumer.poll(Duration.ofMillis(200)).forEach(read -> values.add(read.value()));
            return values.size() >= atLeast;
          });
    }
    return values;
  }

  static <T> T get(Future<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }
}
