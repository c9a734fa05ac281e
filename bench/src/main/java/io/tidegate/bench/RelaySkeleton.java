package io.tidegate.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// The first half of the limit of publishing: the body of every request becomes a record for the
/// URL in one of its headers, and the reply waits until all replicas have it. `DeliverySkeleton` is
/// the other half.
final class RelaySkeleton extends VerticleBase {
  /// The header with the URL.
  static final String RECEIVER = "x-receiver";

  private final int port;
  private final KafkaProducer<String, byte[]> producer;

  RelaySkeleton(int port, int kafkaPort) {
    this.port = port;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", "127.0.0.1:" + kafkaPort, "acks", "all", "linger.ms", "0"),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  @Override
  public Future<?> start() {
    return vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1");
  }

  /// A `PUT` only asks whether anybody is there.
  private void handle(HttpServerRequest request) {
    var response = request.response();
    if (request.method().equals(HttpMethod.PUT)) {
      request.end().onSuccess(_ -> response.end());
      return;
    }
    request.bodyHandler(body -> {
      var record =
          new ProducerRecord<>(DeliverySource.TOPIC, request.getHeader(RECEIVER), body.getBytes());
      var _ =
          producer.send(
              record, (_, failure) -> context.runOnContext(_ -> reply(response, failure)));
    });
  }

  private static void reply(HttpServerResponse response, Exception failure) {
    response.setStatusCode(failure == null ? 202 : 503).end();
  }

  @Override
  public Future<?> stop() {
    producer.close();
    return Future.succeededFuture();
  }
}
