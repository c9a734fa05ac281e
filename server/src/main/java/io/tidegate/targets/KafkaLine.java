package io.tidegate.targets;

import io.tidegate.outbox.ConnectedType.Connection;
import io.tidegate.outbox.KeyTemplate;
import io.tidegate.outbox.Outgoing;
import io.tidegate.outbox.Undelivered;
import io.tidegate.outbox.Ways;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// A producer towards one cluster, which connects, and connects again, by itself.
final class KafkaLine implements Connection {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final GuardedProducer guarded;
  private final Producer<byte[], byte[]> producer;
  private volatile boolean usable = true;

  private KafkaLine(GuardedProducer guarded) {
    this.guarded = guarded;
    this.producer = guarded.producer();
  }

  static KafkaLine open(KafkaSite site, Ways ways) throws Undelivered {
    if (site.tls() && ways.tls().isEmpty()) {
      throw Undelivered.never(
          "refused_address", "TLS is not spoken here: there is no tls client behind the binding");
    }
    return new KafkaLine(GuardedProducer.open(site, ways));
  }

  @Override
  public void deliver(Map<String, String> config, Outgoing outgoing, Duration limit)
      throws Undelivered, InterruptedException {
    var topic = config.getOrDefault(KafkaType.TOPIC, "");
    var key = KeyTemplate.key(config.getOrDefault(KafkaType.KEY, ""), outgoing);
    var record =
        new ProducerRecord<>(
            topic,
            null,
            key.getBytes(StandardCharsets.UTF_8),
            outgoing.data().array(),
            headers(outgoing));
    long since = System.nanoTime();
    try {
      await(producer.send(record), topic, since, limit);
    } catch (ExecutionException failed) {
      throw fault(topic, failed.getCause(), since);
    } catch (InterruptException stopped) {
      throw stopped(stopped);
    } catch (KafkaException failed) {
      throw fault(topic, failed, since);
    }
  }

  /// A leader whose address is refused will not come back soon: that is not waited out.
  private void await(Future<RecordMetadata> sent, String topic, long since, Duration limit)
      throws Undelivered, InterruptedException, ExecutionException {
    while (true) {
      long left = limit.toNanos() - (System.nanoTime() - since);
      try {
        var _ = sent.get(Math.clamp(left, 1, LOOK.toNanos()), TimeUnit.NANOSECONDS);
        return;
      } catch (TimeoutException notYet) {
        boolean hopeless = guarded.isRefused(since) && System.nanoTime() - since > GRACE.toNanos();
        if (hopeless || System.nanoTime() - since >= limit.toNanos()) {
          throw guarded.late(topic, since);
        }
      }
    }
  }

  private static List<Header> headers(Outgoing outgoing) {
    var headers = new ArrayList<Header>();
    headers.add(header("content-type", "application/json"));
    outgoing
        .labels()
        .forEach((name, value) -> {
          if (!name.equals("content-type")) {
            headers.add(header(name, value));
          }
        });
    return headers;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static InterruptedException stopped(InterruptException stopped) {
    var interrupted = new InterruptedException();
    interrupted.initCause(stopped);
    return interrupted;
  }

  @Override
  public void check(Map<String, String> config, Duration limit)
      throws Undelivered, InterruptedException {
    var topic = config.getOrDefault(KafkaType.TOPIC, "");
    long since = System.nanoTime();
    try {
      if (producer.partitionsFor(topic).isEmpty()) {
        throw Undelivered.failed("unknown_target", "the topic " + topic + " has no partitions");
      }
    } catch (InterruptException stopped) {
      throw stopped(stopped);
    } catch (KafkaException failed) {
      throw fault(topic, failed, since);
    }
  }

  private Undelivered fault(String topic, @Nullable Throwable cause, long since) {
    if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
      return guarded.late(topic, since);
    }
    var fault = KafkaFaults.of(topic, cause);
    usable &= !fault.isFatal();
    return fault.undelivered();
  }

  @Override
  public boolean isUsable() {
    return usable;
  }

  @Override
  public void close() {
    usable = false;
    guarded.close();
  }
}
