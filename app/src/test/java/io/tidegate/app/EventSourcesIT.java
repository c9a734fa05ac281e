package io.tidegate.app;

import static io.tidegate.app.TestGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.base.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Other topics as sources of events, destinations that fail, and tenants on a listener of theirs,
/// in a whole Tidegate.
class EventSourcesIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String CONFIG =
      """
      name: example
      bindings:
        in_tcp: {type: tcp, kind: server, options: {port: 0}, exit: in_http}
        in_http:
          type: http
          kind: server
          options:
            access-control: {policy: cross-origin, allow: {origins: ["https://portal.example"], headers: [authorization]}}
          exit: tenants
        tenants: {type: tenant-api, kind: server}
        events:
          type: event-destinations
          kind: remote_server
          entry: kafka_client
          options:
            sources:
              - topic: orders
                tenant: {header: x-tenant}
                event-topic: {header: x-topic}
                id: {header: x-id}
                metadata: [x-region]
              - {topic: plain, tenant: key}
            retry: {initial: 100ms, max: 200ms}
            breaker: {failures: 0}
            disable-after: {failures: 5, for: 0s}
            addresses: {allow: 127.0.0.0/8}
          exit: out_http
        out_http: {type: http, kind: client, exit: out_tcp}
        out_tcp: {type: tcp, kind: client}
        kafka_client: {type: kafka, kind: client}
      """;

  @TempDir private Path data;
  private final Queue<Received> received = new ConcurrentLinkedQueue<>();
  private final AtomicInteger status = new AtomicInteger(204);
  private HttpServer receiver;

  private record Received(byte[] body, String topic, String id, String region) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  @BeforeEach
  void listen() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receiver.createContext("/", this::receive);
    receiver.start();
  }

  @AfterEach
  void close() {
    receiver.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    var body = exchange.getRequestBody().readAllBytes();
    var answer = status.get();
    if (answer == 204) {
      received.add(
          new Received(
              body,
              headers.getFirst("x-outpost-topic"),
              headers.getFirst("x-outpost-event-id"),
              headers.getFirst("x-outpost-x-region")));
    }
    exchange.sendResponseHeaders(answer, -1);
    exchange.close();
  }

  @Test
  void deliversRecordsOfOtherTopicsByteForByte() throws Exception {
    try (var gateway = TestGateway.start(data, CONFIG)) {
      subscribe(gateway, "acme", "\"topics\":[\"order.*\",\"plain\"]");
      byte[] binary = {0, 1, (byte) 0xff, '{', 10};
      try (var producer = producer(gateway)) {
        send(
            producer,
            "orders",
            "k",
            Bytes.utf8("{\"a\":  1}").array(),
            Map.of("x-tenant", "acme", "x-topic", "order.paid", "x-id", "o-1", "x-region", "eu"));
        send(
            producer, "orders", "k", Bytes.utf8("nobody").array(), Map.of("x-topic", "order.paid"));
        send(producer, "orders", "k", Bytes.utf8("no topic").array(), Map.of("x-tenant", "acme"));
        send(
            producer,
            "orders",
            "k",
            Bytes.utf8("unwanted").array(),
            Map.of("x-tenant", "acme", "x-topic", "user.x", "x-id", "o-2"));
        send(producer, "plain", "acme", binary, Map.of());
      }

      await().atMost(LIMIT).until(() -> received.size() >= 2);

      assertThat(received).hasSize(2);
      var order = received.stream().filter(it -> it.id().equals("o-1")).findFirst().orElseThrow();
      assertThat(order.text()).isEqualTo("{\"a\":  1}");
      assertThat(order.topic()).isEqualTo("order.paid");
      assertThat(order.region()).isEqualTo("eu");
      var plain = received.stream().filter(it -> !it.id().equals("o-1")).findFirst().orElseThrow();
      assertThat(plain.body()).isEqualTo(binary);
      assertThat(plain.topic()).isEqualTo("plain");
      assertThat(plain.id()).matches("plain-\\d-0");
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> {
            var orders = json(gateway.ask("GET", "/sources", "")).path("models").path(1);
            assertThat(orders.path("events").toString())
                .isEqualTo("{\"matched\":1,\"no_tenant\":1,\"no_topic\":1,\"unmatched\":1}");
            assertThat(orders.path("last_unfit").path("reason").asString()).isNotEmpty();
          });
    }
  }

  @Test
  void disablesWhatFailsAndDeliversOrDropsItsBacklogWhenItIsEnabledAgain() throws Exception {
    try (var gateway = TestGateway.start(data, CONFIG)) {
      var path = subscribe(gateway, "acme", "\"topics\":\"*\"");
      status.set(500);
      publish(gateway, 3);
      await().atMost(LIMIT).until(() -> isDisabled(gateway, path));
      assertThat(json(gateway.ask("GET", path, "")).path("disabled_reason").asString())
          .contains("attempts in a row failed", "500");
      assertThat(json(gateway.ask("GET", path + "/queue", "")).path("health").asString())
          .isEqualTo("disabled");

      status.set(204);
      assertThat(gateway.ask("PUT", path + "/enable", "").statusCode()).isEqualTo(200);

      await().atMost(LIMIT).until(() -> received.size() == 3);
      await()
          .atMost(LIMIT)
          .until(() ->
              json(gateway.ask("GET", path + "/queue", "")).path("queue").path("owed").asInt()
                  == 0);

      status.set(410);
      publish(gateway, 1);
      await().atMost(LIMIT).until(() -> isDisabled(gateway, path));
      assertThat(json(gateway.ask("GET", path, "")).path("disabled_reason").asString())
          .contains("410");

      status.set(500);
      gateway.ask("PUT", path + "/enable", "");
      publish(gateway, 2);
      await().atMost(LIMIT).until(() -> isDisabled(gateway, path));
      status.set(204);
      assertThat(gateway.ask("PUT", path + "/enable", "{\"backlog\":\"drop\"}").statusCode())
          .isEqualTo(200);
      publish(gateway, 1);

      await().atMost(LIMIT).until(() -> received.size() == 4);
      await()
          .atMost(LIMIT)
          .until(() ->
              json(gateway.ask("GET", path + "/queue", "")).path("queue").path("owed").asInt()
                  == 0);
      assertThat(received).hasSize(4);
      var audit = gateway.ask("GET", "/audit?limit=2", "");
      assertThat(json(audit).path("models").findValuesAsString("action"))
          .containsExactly("enable", "disable");
      assertThat(json(audit).path("models").findValuesAsString("by"))
          .containsExactly("operator", "tidegate");
    }
  }

  @Test
  void letsTenantsInOnAListenerOfTheirsAndNobodyElse() throws Exception {
    try (var gateway = TestGateway.start(data, CONFIG)) {
      var path = subscribe(gateway, "acme", "\"topics\":\"*\"");
      var token = json(gateway.ask("GET", "/tenants/acme/token", "")).path("token").asString();

      assertThat(asTenant(gateway, token, path).statusCode()).isEqualTo(200);
      var fromPortal =
          gateway.send(
              "GET",
              "/api/v1" + path,
              "",
              "authorization",
              "Bearer " + token,
              "origin",
              "https://portal.example");
      assertThat(fromPortal.headers().firstValue("access-control-allow-origin"))
          .contains("https://portal.example");
      assertThat(asTenant(gateway, gateway.key(), path).statusCode()).isEqualTo(401);
      assertThat(asTenant(gateway, token, "/tenants/acme/token").statusCode()).isEqualTo(404);
      assertThat(asTenant(gateway, token, "/endpoints").statusCode()).isEqualTo(404);
      assertThat(gateway.send("GET", "/health", "").statusCode()).isEqualTo(404);
    }
  }

  private HttpResponse<byte[]> asTenant(TestGateway gateway, String token, String path) {
    return gateway.send("GET", "/api/v1" + path, "", "authorization", "Bearer " + token);
  }

  private boolean isDisabled(TestGateway gateway, String path) {
    return !json(gateway.ask("GET", path, "")).path("disabled_at").isNull();
  }

  private void publish(TestGateway gateway, int count) {
    for (int i = 0; i < count; i++) {
      var body = "{\"tenant_id\":\"acme\",\"topic\":\"order.paid\",\"data\":{}}";
      assertThat(gateway.ask("POST", "/publish", body).statusCode()).isEqualTo(202);
    }
  }

  /// On a busy machine an answer may stay out for longer than it is waited for.
  private String subscribe(TestGateway gateway, String tenant, String topics) {
    await()
        .atMost(LIMIT)
        .until(() -> gateway.ask("PUT", "/tenants/" + tenant, "").statusCode() < 300);
    var body =
        "{\"id\":\"d\",\"type\":\"webhook\",%s,\"config\":{\"url\":\"http://127.0.0.1:%d/hook\"}}"
            .formatted(topics, receiver.getAddress().getPort());
    await()
        .atMost(LIMIT)
        .until(
            () -> gateway.ask("POST", "/tenants/" + tenant + "/destinations", body).statusCode(),
            status -> status == 201 || status == 409);
    return "/tenants/" + tenant + "/destinations/d";
  }

  private static KafkaProducer<byte[], byte[]> producer(TestGateway gateway) {
    var bytes = new ByteArraySerializer();
    return new KafkaProducer<>(Map.of("bootstrap.servers", gateway.kafka()), bytes, bytes);
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer,
      String topic,
      String key,
      byte[] value,
      Map<String, String> headers)
      throws Exception {
    var record = new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
    headers.forEach(
        (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    producer.send(record).get();
  }
}
