package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.broker.SharedBroker;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Readers whose connections are cut at random, and whose gateways go away, see each record of the
/// topic exactly once and in the order of its partition.
class StreamResumeIT {
  private static final int PARTITIONS = 20; // enough for ids in the compact form
  private static final int RECORDS = 12_000;
  private static final int READERS = 6;

  @TempDir private Path folder;

  private final String topic = "resume-" + UUID.randomUUID();
  private final String bootstrap = SharedBroker.bootstrap();
  private final AtomicReferenceArray<URI> instances = new AtomicReferenceArray<>(2);

  @Test
  void missesNothingAndRepeatsNothing() throws Exception {
    createTopic();
    var config = Streams.config(topic, List.of(bootstrap));
    try (var steady = TestGateway.start(folder.resolve("a"), config);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      instances.set(0, steady.uri("/feed/" + topic));
      var readers = new ArrayList<CuttingReader>();
      for (int i = 0; i < READERS; i++) {
        readers.add(new CuttingReader(instances, new Random(i)));
      }
      readers.forEach(threads::execute);
      try {
        var produced = threads.submit(this::produce);
        while (!produced.isDone()) {
          try (var coming = TestGateway.start(folder.resolve("b"), config)) {
            instances.set(1, coming.uri("/feed/" + topic));
            waitFor(produced, Duration.ofSeconds(3));
          }
          instances.set(1, null);
        }
        check(readers, produced.get());
      } finally {
        readers.forEach(CuttingReader::stop);
      }
    }
  }

  private static void check(List<CuttingReader> readers, List<List<String>> expected) {
    for (var reader : readers) {
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(reader.count()).isGreaterThanOrEqualTo(RECORDS));
      reader.stop();
      assertThat(reader.byPartition(PARTITIONS)).isEqualTo(expected);
      assertThat(reader.connections()).isGreaterThan(5);
    }
  }

  private static void waitFor(Future<?> done, Duration limit) throws Exception {
    try {
      done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException goingOn) {
      // it is time to take the instance away
    }
  }

  private void createTopic() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1))).all().get();
      TestTopics.awaitLeaders(admin, topic, PARTITIONS);
    }
  }

  /// The values of each partition, in order: partition and number.
  private List<List<String>> produce() throws Exception {
    var values = new ArrayList<List<String>>();
    for (int i = 0; i < PARTITIONS; i++) {
      values.add(new ArrayList<>());
    }
    var random = new Random(1);
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "linger.ms", "5");
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        int partition = random.nextInt(PARTITIONS);
        var value = partition + " " + i + (i % 7 == 0 ? "\nsecond line" : "");
        values.get(partition).add(value);
        var sent = producer.send(new ProducerRecord<>(topic, partition, "k" + i, value));
        if (i % 100 == 99) {
          sent.get(); // paced by acknowledgements, so that instances come and go meanwhile
          await().pollDelay(Duration.ofMillis(90)).until(() -> true);
        }
      }
    }
    return values;
  }
}
