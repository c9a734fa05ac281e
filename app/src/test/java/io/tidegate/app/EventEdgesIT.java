package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Events that are awkward: in order beside a receiver that fails for some, with ids that come
/// again, larger than topics take. In a whole Tidegate, with the node inside and a real receiver.
class EventEdgesIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CONFIG =
      """
      name: example
      bindings:
        in_tcp: {type: tcp, kind: server, options: {port: 0}, exit: in_http}
        in_http: {type: http, kind: server, exit: tenants}
        tenants: {type: tenant-api, kind: server}
        events:
          type: event-destinations
          kind: remote_server
          entry: kafka_client
          options:
            sources:
              - {topic: orders, tenant: {value: acme}, event-topic: {value: order.paid}, id: {header: x-id}, metadata: [x-note]}
            ordering: {field: /data/customer}
            retry: {initial: 100ms, max: 200ms}
            breaker: {failures: 0}
            disable-after: {failures: 0}
            addresses: {allow: 127.0.0.0/8}
          exit: out_http
        out_http: {type: http, kind: client, exit: out_tcp}
        out_tcp: {type: tcp, kind: client}
        kafka_client: {type: kafka, kind: client}
      """;

  @TempDir private Path data;
  private final Queue<JsonNode> received = new ConcurrentLinkedQueue<>();

  /// Customers for whom the receiver fails.
  private final Set<String> failing = ConcurrentHashMap.newKeySet();

  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private HttpServer receiver;

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
    var body = JSON.readTree(exchange.getRequestBody().readAllBytes());
    var customer = body.path("customer").asString("");
    var fails = failing.contains(customer);
    if (fails) {
      failed.add(customer + body.path("n").asInt());
    } else {
      received.add(body);
    }
    exchange.sendResponseHeaders(fails ? 500 : 204, -1);
    exchange.close();
  }

  private List<Integer> numbersOf(String customer) {
    return received.stream()
        .filter(body -> body.path("customer").asString("").equals(customer))
        .map(body -> body.path("n").asInt())
        .toList();
  }

  @Test
  void eventsOfOneValueStayInOrderAndHoldUpNobodyElse() throws Exception {
    try (var gateway = TestGateway.start(data, CONFIG)) {
      subscribe(gateway);
      failing.add("slow");
      for (int n = 0; n < 20; n++) {
        for (var customer : List.of("slow", "quick", "other")) {
          publish(gateway, "{\"customer\":\"%s\",\"n\":%d}".formatted(customer, n));
        }
        publish(gateway, "{\"n\":%d}".formatted(n));
      }

      await().atMost(LIMIT).until(() -> received.size() == 60);
      await().atMost(LIMIT).until(() -> failed.size() >= 3);
      assertThat(failed).containsOnly("slow0");
      failing.clear();
      await().atMost(LIMIT).until(() -> received.size() >= 80);

      var all = IntStream.range(0, 20).boxed().toList();
      for (var customer : List.of("slow", "quick", "other")) {
        assertThat(numbersOf(customer)).isEqualTo(all);
      }
      assertThat(numbersOf("")).containsExactlyInAnyOrderElementsOf(all);
      assertThat(received).hasSize(80);
    }
  }

  @Test
  void aReusedIdAfterARetryByHandIsDeliveredAndWhatWasRetriedIsNotDeliveredTwice()
      throws Exception {
    var patient = CONFIG.replace("{initial: 100ms, max: 200ms}", "{initial: 1h, max: 1h}");
    try (var gateway = TestGateway.start(data, patient)) {
      var path = subscribe(gateway);
      failing.add("c");
      send(gateway, "{\"customer\":\"c\",\"n\":1}", Map.of("x-id", "o-1"));
      await().atMost(LIMIT).until(() -> !failed.isEmpty());
      await().atMost(LIMIT).until(() -> attempts(gateway).size() == 1);
      failing.clear();

      var body = "{\"event_id\":\"o-1\",\"destination_id\":\"d\"}";
      assertThat(ask(gateway, "POST", "/retry", body).statusCode()).isEqualTo(202);
      await().atMost(LIMIT).until(() -> numbersOf("c").equals(List.of(1)));
      await().atMost(LIMIT).until(() -> attempts(gateway).size() == 2);
      send(gateway, "{\"customer\":\"d\",\"n\":2}", Map.of("x-id", "o-1"));

      await().atMost(LIMIT).until(() -> numbersOf("d").equals(List.of(2)));
      ask(gateway, "PUT", path + "/disable", "");
      ask(gateway, "PUT", path + "/enable", ""); // what waits for an hour is looked at now
      await()
          .atMost(LIMIT)
          .until(() ->
              json(ask(gateway, "GET", path + "/queue", "")).path("queue").path("owed").asInt(1)
                  == 0);
      assertThat(received).hasSize(2);
      await()
          .atMost(LIMIT)
          .until(() -> json(ask(gateway, "GET", "/events?id=o-1", "")).path("models").size() == 2);
    }
  }

  @Test
  void whatDoesNotFitIntoTheTopicOfDeliveriesStopsNobody() throws Exception {
    try (var gateway = TestGateway.start(data, CONFIG)) {
      subscribe(gateway);
      limitDeliveries(gateway, 3_000);
      var text = "x".repeat(10_000);

      send(gateway, "{\"n\":1}", Map.of("x-id", "o-1", "x-note", text));
      send(gateway, "{\"n\":2,\"text\":\"" + text + "\"}", Map.of("x-id", "o-2"));
      send(gateway, "{\"n\":3}", Map.of("x-id", "o-3"));

      await().atMost(LIMIT).until(() -> received.size() == 2);
      assertThat(numbersOf("")).containsExactlyInAnyOrder(2, 3);
      assertThat(received)
          .anySatisfy(it -> assertThat(it.path("text").asString("")).isEqualTo(text));
      await().atMost(LIMIT).until(() -> attempts(gateway).size() == 3);
      assertThat(attempts(gateway))
          .anySatisfy(attempt -> {
            assertThat(attempt.path("event_id").asString()).isEqualTo("o-1");
            assertThat(attempt.path("status").asString()).isEqualTo("failed");
            assertThat(attempt.path("code").asString()).isEqualTo("oversized");
            assertThat(attempt.path("outcome").asString()).isEqualTo("permanent");
          });
      assertThat(text(gateway, "/metrics"))
          .containsPattern("tidegate_fanout_deliveries_total\\{outcome=\"oversized\",.*} 1");
    }
  }

  private static void limitDeliveries(TestGateway gateway, int bytes) throws Exception {
    var topic = new ConfigResource(ConfigResource.Type.TOPIC, "tidegate.deliveries");
    var entry = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
    try (var admin = Admin.create(Map.of("bootstrap.servers", gateway.kafka()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(topic, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private List<JsonNode> attempts(TestGateway gateway) {
    var page = json(ask(gateway, "GET", "/attempts?tenant_id=acme", ""));
    return page.path("models").valueStream().toList();
  }

  private void publish(TestGateway gateway, String body) {
    var event = "{\"tenant_id\":\"acme\",\"topic\":\"order.paid\",\"data\":%s}".formatted(body);
    assertThat(ask(gateway, "POST", "/publish", event).statusCode()).isEqualTo(202);
  }

  /// On a busy machine an answer may stay out for longer than it is waited for.
  private String subscribe(TestGateway gateway) {
    await().atMost(LIMIT).until(() -> ask(gateway, "PUT", "/tenants/acme", "").statusCode() < 300);
    var body =
        "{\"id\":\"d\",\"type\":\"webhook\",\"topics\":\"*\",\"config\":{\"url\":\"http://127.0.0.1:%d/\"}}"
            .formatted(receiver.getAddress().getPort());
    await()
        .atMost(LIMIT)
        .until(
            () -> ask(gateway, "POST", "/tenants/acme/destinations", body).statusCode(),
            status -> status == 201 || status == 409);
    return "/tenants/acme/destinations/d";
  }

  private static void send(TestGateway gateway, String value, Map<String, String> headers)
      throws Exception {
    var texts = new StringSerializer();
    try (var producer =
        new KafkaProducer<>(Map.of("bootstrap.servers", gateway.kafka()), texts, texts)) {
      var record = new ProducerRecord<>("orders", "k", value);
      headers.forEach(
          (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
      producer.send(record).get();
    }
  }

  private HttpResponse<byte[]> ask(TestGateway gateway, String method, String path, String body) {
    var key = new KeyFiles(data, _ -> null).adminKey().key().reveal();
    return gateway.send(
        HttpRequest.newBuilder(gateway.admin("/api/v1" + path))
            .timeout(LIMIT)
            .method(method, BodyPublishers.ofString(body))
            .header("authorization", "Bearer " + key)
            .build());
  }

  private static String text(TestGateway gateway, String path) {
    var reply = gateway.send(HttpRequest.newBuilder(gateway.admin(path)).timeout(LIMIT).build());
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static JsonNode json(HttpResponse<byte[]> reply) {
    return JSON.readTree(reply.body());
  }
}
