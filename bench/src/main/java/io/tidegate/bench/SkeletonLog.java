package io.tidegate.bench;

import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jctools.queues.MpscArrayQueue;

/// The embedded node with nothing in front of it but a bounded queue and one producer.
///
///     append → queue → one thread → producer → callback
final class SkeletonLog implements AutoCloseable {

  private static final int QUEUE = 8192;

  private final EmbeddedBroker broker;
  private final KafkaProducer<byte[], byte[]> producer;
  private final MpscArrayQueue<Append> queue = new MpscArrayQueue<>(QUEUE);
  private final Thread drain;
  private volatile boolean asleep;
  private volatile boolean closed;

  private record Append(ProducerRecord<byte[], byte[]> record, Consumer<Boolean> stored) {}

  private SkeletonLog(EmbeddedBroker broker, KafkaProducer<byte[], byte[]> producer) {
    this.broker = broker;
    this.producer = producer;
    this.drain = new Thread(this::drain, "skeleton-drain");
  }

  static SkeletonLog open(Path data, int kafkaPort, int partitions) throws Exception {
    var broker = EmbeddedBroker.start(BrokerOptions.in(data).withPort(kafkaPort));
    createTopic(broker.bootstrap(), partitions);
    var log = new SkeletonLog(broker, new KafkaProducer<>(settings(broker.bootstrap())));
    log.drain.start();
    return log;
  }

  private static void createTopic(String bootstrap, int partitions) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      var topic = new NewTopic(EventTopic.NAME, partitions, (short) 1);
      admin.createTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (!(failed.getCause() instanceof TopicExistsException)) {
        throw failed;
      }
    }
  }

  private static Map<String, Object> settings(String bootstrap) {
    return Map.of(
        "bootstrap.servers",
        bootstrap,
        "acks",
        "all",
        "enable.idempotence",
        true,
        "linger.ms",
        1,
        "batch.size",
        64 * 1024,
        "key.serializer",
        ByteArraySerializer.class,
        "value.serializer",
        ByteArraySerializer.class);
  }

  /// Calls back once the record is stored (or is not), unless this returns false: the queue is
  /// full.
  boolean append(byte[] value, Consumer<Boolean> stored) {
    if (!queue.offer(new Append(new ProducerRecord<>(EventTopic.NAME, value), stored))) {
      return false;
    }
    if (asleep) {
      LockSupport.unpark(drain);
    }
    return true;
  }

  private void drain() {
    while (!closed) {
      if (queue.drain(this::send) == 0) {
        sleepUntilOffered();
      }
    }
  }

  private void sleepUntilOffered() {
    asleep = true;
    if (queue.isEmpty() && !closed) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
    asleep = false;
  }

  private void send(Append append) {
    var _ = producer.send(append.record(), (_, failure) -> append.stored().accept(failure == null));
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(drain);
    producer.close(Duration.ofSeconds(2));
    broker.close();
  }
}
