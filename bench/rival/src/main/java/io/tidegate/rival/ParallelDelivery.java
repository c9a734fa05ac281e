package io.tidegate.rival;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.PollContext;
import io.confluent.parallelconsumer.vertx.VertxParallelEoSStreamProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Confluent's Parallel Consumer with its Vert.x engine: each record of a topic is posted to the URL
/// in its key, in order of keys. It keeps its progress in the metadata of commits and writes down no
/// outcomes, so it has less to do than the others.
///
///     ParallelDelivery BOOTSTRAP TOPIC CONCURRENCY LOOPS
public final class ParallelDelivery {

  private ParallelDelivery() {}

  public static void main(String[] args) throws InterruptedException {
    var concurrency = Integer.parseInt(args[2]);
    var vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(Integer.parseInt(args[3])));
    var client = WebClient.create(vertx, new WebClientOptions().setMaxPoolSize(concurrency));
    var processor = processor(args[0], concurrency, vertx, client);
    processor.subscribe(List.of(args[1]));
    processor.vertxFuture(context -> post(client, context));
    Thread.currentThread().join();
  }

  private static VertxParallelEoSStreamProcessor<String, byte[]> processor(
      String bootstrap, int concurrency, Vertx vertx, WebClient client) {
    var options =
        ParallelConsumerOptions.<String, byte[]>builder()
            .consumer(consumer(bootstrap))
            .ordering(ProcessingOrder.KEY)
            .maxConcurrency(concurrency)
            .build();
    return new VertxParallelEoSStreamProcessor<>(vertx, client, options);
  }

  private static KafkaConsumer<String, byte[]> consumer(String bootstrap) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "group.id",
            "parallel-consumer",
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "earliest");
    return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private static Future<?> post(WebClient client, PollContext<String, byte[]> context) {
    var record = context.getSingleConsumerRecord();
    return client
        .postAbs(record.key())
        .putHeader("idempotency-key", record.partition() + "-" + record.offset())
        .sendBuffer(Buffer.buffer(record.value()))
        .compose(response ->
            response.statusCode() < 300
                ? Future.succeededFuture(response)
                : Future.failedFuture("status " + response.statusCode()));
  }
}
