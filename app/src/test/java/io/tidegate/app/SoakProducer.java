package io.tidegate.app;

import io.tidegate.app.DeliveryHistory.Item;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/// Produces numbered records for its keys at a steady pace, until it is closed or too much waits to
/// be delivered.
final class SoakProducer implements AutoCloseable {
  private static final int MOST_WAITING = 5_000;

  private final String topic;
  private final List<String> keys;
  private final Witness witness;
  private final Random random;
  private final KafkaProducer<String, String> producer;
  private final Map<String, Integer> next = new HashMap<>();
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean stopped;

  SoakProducer(
      String bootstrap,
      String topic,
      List<String> keys,
      int perSecond,
      Witness witness,
      Random random) {
    this.topic = topic;
    this.keys = keys;
    this.witness = witness;
    this.random = random;
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrap, "linger.ms", "2", "delivery.timeout.ms", "240000");
    this.producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    this.thread = Thread.ofPlatform().name("soak-producer").start(() -> run(perSecond));
  }

  private void run(int perSecond) {
    long interval = 1_000_000_000L / perSecond;
    while (!stopped) {
      if (witness.produced() - witness.accepted() < MOST_WAITING) {
        send(keys.get(random.nextInt(keys.size())));
      }
      LockSupport.parkNanos(interval);
    }
  }

  private void send(String key) {
    var item = new Item(key, next.merge(key, 1, Integer::sum) - 1);
    var record = new ProducerRecord<>(topic, key, Integer.toString(item.number()));
    var correlation = SoakReplies.correlation(item).getBytes(StandardCharsets.UTF_8);
    record.headers().add(SoakReplies.CORRELATION, correlation);
    var _ =
        producer.send(
            record,
            (_, failed) -> {
              if (failed == null) {
                witness.produced(item);
              } else {
                failure.compareAndSet(null, failed);
              }
            });
  }

  /// Ends, and sends one more to each key.
  ///
  /// @throws IllegalStateException when one could not be stored: the history would have a hole that
  ///   nobody made
  @Override
  public void close() throws InterruptedException {
    stopped = true;
    thread.join();
    keys.forEach(this::send);
    producer.close(Duration.ofSeconds(60));
    if (failure.get() != null) {
      throw new IllegalStateException("a record could not be produced", failure.get());
    }
  }
}
