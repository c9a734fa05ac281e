package io.tidegate.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Fills the topic that is delivered: records of 512 bytes, numbered for each key, with the time of
/// their making.
final class DeliverySource implements AutoCloseable {
  static final String TOPIC = "bench-deliveries";

  private static final int BYTES = 512;
  private static final int PARTITIONS = 8;

  private final KafkaProducer<String, byte[]> producer;
  private final IntFunction<String> urls;
  private final int[] next;
  private int turn;

  /// @param urls of each key
  DeliverySource(String bootstrap, int keys, IntFunction<String> urls) {
    this.urls = urls;
    this.next = new int[keys];
    // One request at a time keeps the order: a topic that was just made refuses the first ones.
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "linger.ms",
            "0",
            "batch.size",
            "65536",
            "enable.idempotence",
            "false",
            "max.in.flight.requests.per.connection",
            "1");
    this.producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  static void createTopics(String bootstrap) {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      var topics =
          Stream.of(TOPIC, DeliverySkeleton.OUTCOMES)
              .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
              .toList();
      admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      throw new BenchFailure("the topic cannot be created: " + failed, failed);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted");
    }
  }

  /// So many, key after key, as fast as they are stored.
  void send(int count) {
    for (int i = 0; i < count; i++) {
      sendNext();
    }
    producer.flush();
  }

  /// So many a second, evenly, for that long.
  ///
  /// @return how many
  int send(int perSecond, Duration time) {
    long began = System.nanoTime();
    int sent = 0;
    for (long past = 0; past < time.toNanos(); past = System.nanoTime() - began) {
      for (long due = past * perSecond / 1_000_000_000L; sent < due; sent++) {
        sendNext();
      }
      LockSupport.parkNanos(200_000);
    }
    producer.flush();
    return sent;
  }

  private void sendNext() {
    int key = turn;
    turn = (turn + 1) % next.length;
    var head = String.format(Locale.ROOT, "%08d%019d", next[key]++, System.nanoTime());
    var value = Arrays.copyOf(head.getBytes(StandardCharsets.US_ASCII), BYTES);
    Arrays.fill(value, head.length(), BYTES, (byte) 'x');
    var _ = producer.send(new ProducerRecord<>(TOPIC, urls.apply(key), value));
  }

  @Override
  public void close() {
    producer.close();
  }
}
