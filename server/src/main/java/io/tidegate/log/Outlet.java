package io.tidegate.log;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The producer of one writer, and its successor when it has become useless. Any thread may use it.
final class Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);

  private final ClientConfigs configs;
  private final Acks acks;
  private volatile @Nullable Pipe pipe;
  private boolean closed;

  Outlet(ClientConfigs configs, Acks acks) {
    this.configs = configs;
    this.acks = acks;
  }

  /// Makes a producer if there is none. May wait for the names of servers to be resolved.
  ///
  /// @throws KafkaException when they are not
  synchronized void open() {
    if (closed) {
      throw new KafkaException("closed");
    }
    if (pipe == null) {
      pipe = new Pipe(configs.producer(acks));
    }
  }

  /// Waits until the producer knows the topic's partitions, so that sending need not wait.
  ///
  /// @throws TimeoutException when it does not within `limit`
  void learn(String topic, Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    for (var pause = 1L; ; pause = Math.min(2 * pause, 50)) {
      try {
        var producer = producer();
        if (producer == null) {
          throw new KafkaException("the producer has been replaced");
        }
        producer.partitionsFor(topic);
        return;
      } catch (TimeoutException notYet) {
        if (System.nanoTime() - deadline > 0) {
          throw notYet;
        }
        pause(pause);
      }
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  @Nullable Producer<byte[], byte[]> producer() {
    var pipe = this.pipe;
    return pipe == null ? null : pipe.producer;
  }

  /// Bytes that went out and came in so far. While this stands still nothing was sent.
  double moved() {
    var pipe = this.pipe;
    return pipe == null ? -1 : pipe.moved();
  }

  /// Gives the producer up: the next `open` makes another. What it still holds fails.
  synchronized void drop(Exception why) {
    var useless = pipe;
    pipe = null;
    if (useless != null) {
      LOG.atWarn()
          .addKeyValue("acks", acks)
          .addKeyValue("cause", Failures.sentence(why))
          .log("the Kafka producer is replaced");
      Thread.ofVirtual().start(() -> useless.producer.close(Duration.ZERO));
    }
  }

  synchronized void close(Duration limit) {
    closed = true;
    var last = pipe;
    pipe = null;
    if (last != null) {
      last.producer.close(limit);
    }
  }

  private static final class Pipe {
    private static final List<String> BYTES = List.of("outgoing-byte-total", "incoming-byte-total");

    final Producer<byte[], byte[]> producer;
    private final List<? extends Metric> bytes;

    Pipe(java.util.Map<String, Object> configs) {
      producer = new KafkaProducer<>(configs, new ByteArraySerializer(), new ByteArraySerializer());
      bytes =
          producer.metrics().values().stream()
              .filter(metric -> metric.metricName().group().equals("producer-metrics"))
              .filter(metric -> BYTES.contains(metric.metricName().name()))
              .toList();
    }

    double moved() {
      var moved = 0.0;
      for (var metric : bytes) {
        moved += (double) metric.metricValue();
      }
      return moved;
    }
  }
}
