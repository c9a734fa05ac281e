package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.sun.net.httpserver.HttpServer;
import io.tidegate.base.Bytes;
import io.tidegate.targets.RabbitNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The types of destinations in a whole Tidegate, over its API.
class DestinationTypesIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String CONFIG =
      TestGateway.builtIn()
          + """
            events:
              type: event-destinations
              kind: remote_server
              entry: kafka_client
              options:
                addresses: {allow: 127.0.0.1/32}
                %s
              exit: out_http
            out_http: {type: http, kind: client, exit: out_tcp}
            out_tcp: {type: tcp, kind: client}
          """;

  private final List<Got> got = new CopyOnWriteArrayList<>();

  @TempDir private Path data;
  private HttpServer receiver;

  private record Got(String method, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.entrySet().stream()
          .filter(each -> each.getKey().equalsIgnoreCase(name))
          .map(each -> each.getValue().getFirst())
          .findFirst()
          .orElse("");
    }
  }

  @BeforeEach
  void startReceiver() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          var body = Bytes.wrap(exchange.getRequestBody().readAllBytes()).utf8();
          got.add(
              new Got(exchange.getRequestMethod(), Map.copyOf(exchange.getRequestHeaders()), body));
          boolean fails = exchange.getRequestURI().getPath().equals("/fails");
          exchange.sendResponseHeaders(fails ? 503 : 200, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterEach
  void stopReceiver() {
    receiver.stop(0);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + path;
  }

  @Test
  void writesToATenantsKafkaWhateverBecomesOfTheDestination() {
    try (var gateway = TestGateway.start(data, CONFIG.formatted(""))) {
      gateway.ask("PUT", "/tenants/t", "");
      gateway.ask("PUT", "/tenants/other", "");
      var kafka =
          """
          {"type":"kafka","topics":["*"],"delivery_metadata":{"who":"${data.user}"},
           "config":{"brokers":"%s","topic":"events","sasl_mechanism":"none","tls":"false",
                     "partition_key_template":"data.user"}}
          """
              .formatted(gateway.kafka());
      var made = json(gateway.ask("POST", "/tenants/t/destinations?check=true", kafka));
      var path = "/tenants/t/destinations/" + made.path("id").asString();
      publish(gateway, "{\"tenant_id\":\"t\",\"topic\":\"user.a\",\"data\":{\"user\":\"u1\"}}");
      await().atMost(LIMIT).until(() -> !TopicReader.all(gateway.kafka(), "events").isEmpty());
      var record = TopicReader.all(gateway.kafka(), "events").getLast();
      assertThat(new String(record.key())).isEqualTo("u1");
      assertThat(new String(record.value())).isEqualTo("{\"user\":\"u1\"}");
      assertThat(new String(record.headers().lastHeader("who").value())).isEqualTo("u1");

      var tested = json(gateway.ask("POST", path + "/test", "{\"data\":{\"user\":\"probe\"}}"));
      assertThat(tested.path("success").asBoolean()).isTrue();
      assertThat(tested.path("code").asString()).isEqualTo("ok");
      assertThat(tested.path("timings").path("total_ms").asDouble()).isPositive();
      assertThat(TopicReader.all(gateway.kafka(), "events")).hasSize(2);

      var elsewhere =
          gateway.ask(
              "PATCH", path + "?check=true", "{\"config\":{\"brokers\":\"127.0.0.2:9092\"}}");
      assertThat(elsewhere.statusCode()).isEqualTo(422);
      assertThat(text(elsewhere)).contains("refused_address", "127.0.0.2");
      assertThat(json(gateway.ask("GET", path, "")).path("config").path("brokers").asString())
          .isEqualTo(gateway.kafka());
    }
  }

  @Test
  void testsAWebhookAndSaysHowItWent() {
    try (var gateway = TestGateway.start(data, CONFIG.formatted(""))) {
      gateway.ask("PUT", "/tenants/t", "");
      gateway.ask("PUT", "/tenants/other", "");
      var made =
          json(
              gateway.ask(
                  "POST",
                  "/tenants/t/destinations?check=true",
                  """
                  {"type":"webhook","topics":["user.a"],"delivery_metadata":{"who":"${data.user}"},
                   "config":{"url":"%s","format":"cloudevents-structured",
                             "custom_headers":{"x-user":"<${data.user}>","x-none":"${data.none}"}}}
                  """
                      .formatted(url("/hook"))));
      assertThat(got).extracting(Got::method).containsExactly("HEAD");
      var path = "/tenants/t/destinations/" + made.path("id").asString();
      var token = json(gateway.ask("GET", "/tenants/t/token", "")).path("token").asString();
      var stranger = json(gateway.ask("GET", "/tenants/other/token", "")).path("token").asString();

      var tested = gateway.ask(token, "POST", path + "/test", "{\"data\":{\"user\":\"u1\"}}");

      assertThat(json(tested).path("success").asBoolean()).isTrue();
      assertThat(json(tested).path("status").asInt()).isEqualTo(200);
      var last = got.getLast();
      assertThat(last.header("x-user")).isEqualTo("<u1>");
      assertThat(last.header("x-none")).isEmpty();
      assertThat(last.header("x-outpost-who")).isEqualTo("u1");
      assertThat(last.header("content-type")).isEqualTo("application/cloudevents+json");
      assertThat(last.body())
          .endsWith(",\"data\":{\"user\":\"u1\"}}")
          .contains("\"type\":\"user.a\"");
      assertThat(gateway.ask(stranger, "POST", path + "/test", "").statusCode()).isEqualTo(403);
      assertThat(gateway.ask("POST", "/tenants/t/destinations/none/test", "").statusCode())
          .isEqualTo(404);

      gateway.ask("PATCH", path, "{\"config\":{\"url\":\"%s\"}}".formatted(url("/fails")));
      var failed = json(gateway.ask("POST", path + "/test", ""));
      assertThat(failed.path("success").asBoolean()).isFalse();
      assertThat(failed.path("code").asString()).isEqualTo("503");
      assertThat(failed.path("message").asString()).isEqualTo("the receiver answered 503");

      await()
          .atMost(LIMIT)
          .until(() -> gateway.ask("POST", path + "/test", "").statusCode() == 429);
      assertThat(gateway.ask("POST", path + "/test", "").headers().firstValue("retry-after"))
          .isPresent();
    }
  }

  @Test
  void goesOnWhenATenantsRabbitComesBack() throws Exception {
    var folder = Files.createDirectories(data.resolve("rabbit"));
    try (var node = RabbitNode.start(folder);
        var gateway =
            TestGateway.start(
                data,
                CONFIG.formatted(
                    "retry: {initial: 1s, max: 2s}\n      breaker: {pause: 1s, max: 2s}"))) {
      declare(node);
      gateway.ask("PUT", "/tenants/t", "");
      var rabbit =
          """
          {"type":"rabbitmq","topics":["*"],"config":{"server_url":"127.0.0.1:%d","exchange":"events"},
           "credentials":{"username":"guest","password":"guest"}}
          """
              .formatted(node.port());
      json(gateway.ask("POST", "/tenants/t/destinations?check=true", rabbit));
      for (int i = 0; i < 5; i++) {
        publish(gateway, event(i));
      }
      await().atMost(LIMIT).until(() -> waiting(node) == 5);

      node.kill();
      for (int i = 5; i < 10; i++) {
        publish(gateway, event(i));
      }
      node.restart();

      await().atMost(Duration.ofSeconds(60)).until(() -> waiting(node) >= 10);
    }
  }

  private static String event(int number) {
    return "{\"tenant_id\":\"t\",\"topic\":\"user.a\",\"data\":{\"n\":%d}}".formatted(number);
  }

  private static void declare(RabbitNode node) throws Exception {
    try (var connection = connect(node);
        var channel = connection.createChannel()) {
      channel.exchangeDeclare("events", "topic", true);
      channel.queueDeclare("events", true, false, false, null);
      channel.queueBind("events", "events", "user.*");
    }
  }

  private static long waiting(RabbitNode node) throws Exception {
    try (var connection = connect(node);
        var channel = connection.createChannel()) {
      return channel.messageCount("events");
    }
  }

  private static Connection connect(RabbitNode node) throws Exception {
    var factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(node.port());
    return factory.newConnection();
  }

  @Test
  void offersNoOtherTypesThanTheFileSays() {
    try (var gateway = TestGateway.start(data, CONFIG.formatted("types: [webhook]"))) {
      gateway.ask("PUT", "/tenants/t", "");

      var types = json(gateway.ask("GET", "/destination-types", ""));
      var kafka =
          "{\"type\":\"kafka\",\"topics\":\"*\",\"config\":{\"brokers\":\"a.example:9092\"}}";

      assertThat(types.findValuesAsString("type")).contains("webhook").doesNotContain("kafka");
      assertThat(text(gateway.ask("POST", "/tenants/t/destinations", kafka)))
          .contains("type one of [webhook] was expected");
    }
  }

  private void publish(TestGateway gateway, String event) {
    assertThat(gateway.ask("POST", "/publish", event).statusCode()).isEqualTo(202);
  }

  private static JsonNode json(HttpResponse<byte[]> reply) {
    assertThat(reply.statusCode()).as(text(reply)).isBetween(200, 299);
    return TestGateway.json(reply);
  }

  private static String text(HttpResponse<byte[]> reply) {
    return Bytes.wrap(reply.body()).utf8();
  }
}
