package io.tidegate.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// The limit of deliveries: read a topic, post each record, append what came of it. No order, no
/// retries, no progress.
final class DeliverySkeleton {
  static final String OUTCOMES = "bench-outcomes";
  private static final byte[] OUTCOME = new byte[100];

  private final Semaphore free;
  private final HttpClientAgent client;
  private final Context loop;
  private final KafkaProducer<byte[], byte[]> outcomes;

  private DeliverySkeleton(String bootstrap, int loops, int concurrency) {
    var vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops));
    this.free = new Semaphore(concurrency);
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(concurrency));
    this.loop = vertx.getOrCreateContext();
    this.outcomes =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", "1"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /// For ever.
  static void run(int kafkaPort, int loops, int concurrency) throws InterruptedException {
    var bootstrap = "127.0.0.1:" + kafkaPort;
    var skeleton = new DeliverySkeleton(bootstrap, loops, concurrency);
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrap, "group.id", "bare", "auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(DeliverySource.TOPIC));
      while (!Thread.currentThread().isInterrupted()) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          skeleton.free.acquire();
          skeleton.loop.runOnContext(_ -> skeleton.post(record));
        }
      }
    }
  }

  private void post(ConsumerRecord<String, byte[]> record) {
    var url = URI.create(record.key());
    var _ =
        client
            .request(HttpMethod.POST, url.getPort(), url.getHost(), url.getPath())
            .compose(request ->
                request
                    .putHeader("idempotency-key", record.partition() + "-" + record.offset())
                    .send(Buffer.buffer(record.value())))
            .compose(response ->
                response.statusCode() < 300
                    ? response.end()
                    : Future.failedFuture("status " + response.statusCode()))
            .onSuccess(_ -> append())
            .onFailure(failure -> fail(failure));
  }

  private void append() {
    var _ =
        outcomes.send(
            new ProducerRecord<>(OUTCOMES, OUTCOME),
            (_, failure) -> {
              free.release();
              if (failure != null) {
                fail(failure);
              }
            });
  }

  /// It has no answer to anything.
  private static void fail(Throwable failure) {
    System.err.println("a delivery has failed: " + failure);
    System.exit(1);
  }
}
