package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks from real senders' libraries, over real sockets, into a real Kafka.
class WebhooksIT {
  private static final String GITHUB = "0123456789abcdef0123456789abcdef";
  private static final String STRIPE = "1123456789abcdef0123456789abcdef";
  private static final String STANDARD = "2123456789abcdef0123456789abcdef";
  private static final String FAST = "3123456789abcdef0123456789abcdef";
  private static final String SMALL = "4123456789abcdef0123456789abcdef";
  private static final String WHSEC = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

  @TempDir private Path data;

  private static String config(String kafka) {
    return """
    name: example
    bindings:
      in_tcp: {type: tcp, kind: server, options: {port: 0}, exit: in_http}
      in_http: {type: http, kind: server, exit: webhooks}
      webhooks:
        type: webhook-kafka
        kind: proxy
        options:
          topics: [webhooks.*]
          endpoints:
            github: {id: %s, topic: github, verification: github, secret: hub, key: "${headers.x-github-event}"}
            stripe: {id: %s, topic: stripe, verification: stripe, secret: whsec_test}
            standard: {id: %s, topic: standard, verification: standard-webhooks, secret: "%s"}
            fast: {id: %s, topic: fast, ack: memory, answer: {status: 202, body: taken}}
            small: {id: %s, topic: small, max-body: 1KiB, content-types: [application/json]}
        exit: kafka
      kafka: {type: kafka, kind: client%s, exit: out}
      out: {type: tcp, kind: client}
    """
        .formatted(GITHUB, STRIPE, STANDARD, WHSEC, FAST, SMALL, kafka);
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(TestGateway gateway, String topic) {
    return TopicReader.all(gateway.kafka(), topic);
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "-" : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Test
  void takesWhatTheVendorsLibrariesSign() throws Exception {
    try (var gateway = TestGateway.start(data, config(""))) {
      var senders =
          new ProcessBuilder(
                  "node",
                  "senders.mjs",
                  gateway.uri("").toString(),
                  "/e/" + GITHUB,
                  "hub",
                  "/e/" + STRIPE,
                  "whsec_test")
              .directory(Path.of("src/test/npm").toFile())
              .redirectErrorStream(true)
              .redirectOutput(data.resolve("senders").toFile())
              .start();
      assertThat(senders.waitFor(2, TimeUnit.MINUTES)).isTrue();
      var said = Files.readString(data.resolve("senders")).strip();

      var github = records(gateway, "github");

      assertThat(github).hasSizeGreaterThan(300);
      assertThat(said)
          .isEqualTo(
              "{\"github\":{\"200\":%d},\"tampered\":{\"401\":%d},\"stripe\":{\"200\":20}}"
                  .formatted(github.size(), github.size() / 10));
      assertThat(github)
          .allSatisfy(record -> {
            assertThat(header(record, "tidegate-verification")).isEqualTo("verified");
            assertThat(header(record, "tidegate-endpoint")).isEqualTo(GITHUB);
            assertThat(header(record, "x-github-event"))
                .isEqualTo(new String(record.key(), StandardCharsets.UTF_8));
          });
      assertThat(github).extracting(it -> header(it, "tidegate-event-id")).doesNotHaveDuplicates();
      assertThat(records(gateway, "stripe"))
          .extracting(it -> header(it, "tidegate-delivery-id"))
          .contains("evt_0", "evt_19")
          .hasSize(20);
    }
  }

  @Test
  void takesWhatStandardWebhooksSigns() throws Exception {
    try (var gateway = TestGateway.start(data, config(""))) {
      var webhook = new Webhook(WHSEC);
      var now = System.currentTimeMillis() / 1000;
      var body = "{\"type\":\"order.paid\"}";

      var first = post(gateway, STANDARD, body, headers(webhook, "msg_1", now, body));
      var again = post(gateway, STANDARD, body, headers(webhook, "msg_1", now, body));
      var old = post(gateway, STANDARD, body, headers(webhook, "msg_2", now - 600, body));
      var other =
          post(
              gateway,
              STANDARD,
              body,
              headers(new Webhook("whsec_" + "MTIz".repeat(8)), "msg_3", now, body));

      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(again.headers().firstValue("x-duplicate")).hasValue("true");
      assertThat(old.statusCode()).isEqualTo(401);
      assertThat(other.body()).isEqualTo(old.body());
      assertThat(records(gateway, "standard"))
          .singleElement()
          .satisfies(it -> assertThat(header(it, "tidegate-delivery-id")).isEqualTo("msg_1"));
    }
  }

  private static String[] headers(Webhook webhook, String id, long time, String body)
      throws Exception {
    return new String[] {
      "webhook-id", id,
      "webhook-timestamp", Long.toString(time),
      "webhook-signature", webhook.sign(id, time, body)
    };
  }

  private static HttpResponse<byte[]> post(
      TestGateway gateway, String endpoint, String body, String... headers) {
    return gateway.send("POST", "/e/" + endpoint, body, headers);
  }

  @Test
  void holdsBodiesToTheLimitOfTheEndpoint() throws Exception {
    try (var gateway = TestGateway.start(data, config(""))) {
      var json = new String[] {"content-type", "application/json"};
      var chunked =
          HttpRequest.newBuilder(gateway.uri("/e/" + SMALL))
              .header("content-type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofInputStream(
                      () -> new java.io.ByteArrayInputStream(new byte[4000])))
              .build();

      assertThat(post(gateway, SMALL, "x".repeat(1024), json).statusCode()).isEqualTo(200);
      var large = post(gateway, SMALL, "x".repeat(1025), json);
      assertThat(large.statusCode()).isEqualTo(413);
      assertThat(large.body()).asString().contains("payload_too_large");
      assertThat(gateway.send(chunked).statusCode()).isEqualTo(413);
      assertThat(post(gateway, SMALL, "x", "content-type", "text/plain").statusCode())
          .isEqualTo(415);
      assertThat(post(gateway, "a".repeat(32), "x".repeat(2000), json).statusCode()).isEqualTo(404);
      assertThat(gateway.send("GET", "/e/" + SMALL, "").statusCode()).isEqualTo(405);
      assertThat(gateway.send("HEAD", "/e/" + SMALL, "").statusCode()).isEqualTo(405);
      assertThat(records(gateway, "small")).hasSize(1);
      assertThat(
              new String(
                  gateway
                      .client()
                      .send(
                          HttpRequest.newBuilder(gateway.admin("/metrics")).build(),
                          HttpResponse.BodyHandlers.ofString())
                      .body()))
          .contains(
              "tidegate_webhooks_rejections_total{binding=\"example:webhooks\",reason=\"payload_too_large\"} 2.0")
          .contains(
              "tidegate_webhooks_requests_within_total{binding=\"example:webhooks\",le=\"+Inf\",status=\"2xx\"} 1.0");
    }
  }

  @Test
  void makesTopicsOfTheListAndDrainsTheMemoryBeforeItStops() throws Exception {
    try (var gateway = TestGateway.start(data, config(""))) {
      assertThat(gateway.send("POST", "/topics/webhooks.new", "1").statusCode()).isEqualTo(200);
      assertThat(gateway.send("POST", "/topics/elsewhere", "1").statusCode()).isEqualTo(404);
      assertThat(records(gateway, "webhooks.new")).hasSize(1);
      for (int i = 0; i < 300; i++) {
        var answer = post(gateway, FAST, "event " + i);
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).asString().isEqualTo("taken");
      }
    }
    try (var gateway = TestGateway.start(data, config(""))) {
      assertThat(records(gateway, "fast")).hasSize(300);
    }
  }

  @Test
  void losesNothingWhenKafkaGoesInTheMiddleOfABurst() throws Exception {
    var options = BrokerOptions.in(data.resolve("cluster")).withPort(0);
    var broker = EmbeddedBroker.start(options);
    var servers = ", options: {servers: [\"" + broker.bootstrap() + "\"]}";
    var acknowledged = new HashSet<String>();
    try (var gateway = TestGateway.start(data.resolve("a"), config(servers), true)) {
      burst(gateway, "before", acknowledged);
      assertThat(post(gateway, FAST, "in memory, before").statusCode()).isEqualTo(202);
      broker.close();
      assertThat(post(gateway, FAST, "in memory, away").statusCode()).isEqualTo(202);
      var away = post(gateway, SMALL, "\"away\"", "content-type", "application/json");
      assertThat(away.statusCode()).isEqualTo(503);
      assertThat(away.headers().firstValue("retry-after")).isPresent();
      broker = EmbeddedBroker.start(options);
      burst(gateway, "after", acknowledged);

      var stored = values(broker.bootstrap(), "small");
      assertThat(stored).containsAll(acknowledged);
      assertThat(acknowledged).anyMatch(it -> it.startsWith("\"before"));
      assertThat(acknowledged).anyMatch(it -> it.startsWith("\"after"));
      var bootstrap = broker.bootstrap();
      org.awaitility.Awaitility.await()
          .atMost(java.time.Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(values(bootstrap, "fast"))
                  .contains("in memory, before", "in memory, away"));
    } finally {
      broker.close();
    }
  }

  private static void burst(TestGateway gateway, String name, HashSet<String> acknowledged) {
    org.awaitility.Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(60))
        .until(() -> send(gateway, "\"" + name + " first\"", acknowledged));
    for (int i = 0; i < 200; i++) {
      send(gateway, "\"" + name + " " + i + "\"", acknowledged);
    }
  }

  private static boolean send(TestGateway gateway, String body, HashSet<String> acknowledged) {
    var status = post(gateway, SMALL, body, "content-type", "application/json").statusCode();
    if (status == 200) {
      acknowledged.add(body);
    }
    return status == 200;
  }

  private static List<String> values(String bootstrap, String topic) {
    var values = new ArrayList<String>();
    TopicReader.all(bootstrap, topic)
        .forEach(record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
    return values;
  }

  @Test
  void adoptsAnotherEndpointWithoutForgettingDuplicates() {
    try (var gateway = TestGateway.start(data, config(""))) {
      var named = new String[] {"idempotency-key", "k-1"};
      assertThat(gateway.send("POST", "/topics/webhooks.x", "1", named).statusCode())
          .isEqualTo(200);

      gateway.apply(config("").replace(SMALL, "5123456789abcdef0123456789abcdef"));

      assertThat(post(gateway, SMALL, "1").statusCode()).isEqualTo(404);
      var again = gateway.send("POST", "/topics/webhooks.x", "1", named);
      assertThat(again.headers().firstValue("x-duplicate")).hasValue("true");
    }
  }

  @Test
  void saysWhereAnEndpointOfTheFileIsWrong() {
    assertThatThrownBy(() ->
            TestGateway.plan(config("").replace("verification: github", "verification: githob")))
        .isInstanceOf(UserFault.class)
        .hasMessageContaining("test.yaml:11: bindings.webhooks.options.endpoints.github")
        .hasMessageContaining("no preset is named githob");
    assertThatThrownBy(() -> TestGateway.plan(config("").replace(WHSEC, "whsec_!")))
        .hasMessageContaining("secret secret-1");
    assertThatThrownBy(
            () -> TestGateway.plan(config("").replace("${headers.x-github-event}", "${nope}")))
        .hasMessageContaining("means nothing in a key");
  }
}
