package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.Bytes;
import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Event destinations in a whole Tidegate, as Outpost's clients see them.
class EventDestinationsIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path NPM = Path.of("src/test/npm");
  private static final String WEBHOOK =
      "{\"type\":\"webhook\",\"topics\":\"*\",\"config\":{\"url\":\"https://a.test/h\"}}";

  private static final String EVENTS =
      """
        events:
          type: event-destinations
          kind: remote_server
          entry: kafka_client
          options:
            topics: [user.*]
            addresses: {allow: 127.0.0.0/8}
          exit: out_http
        out_http: {type: http, kind: client, exit: out_tcp}
        out_tcp: {type: tcp, kind: client}
      """;
  private static final String BUILT_IN = TestGateway.builtIn() + EVENTS.indent(0);

  @TempDir private Path data;

  @Test
  void speaksToOutpostsClients() throws Exception {
    try (var gateway = TestGateway.start(data, BUILT_IN)) {
      var said = run("outpost.mjs", gateway);

      assertThat(said.path("health").asString()).isEqualTo("healthy");
      assertThat(said.path("upsert").path("metadata").toString()).isEqualTo("{\"plan\":\"pro\"}");
      assertThat(said.path("pages").toString()).isEqualTo("[3,1]");
      assertThat(said.path("topics").toString()).isEqualTo("[\"user.*\"]");
      assertThat(said.path("types").toString())
          .isEqualTo(
              "[[\"webhook\",[\"url:text\",\"custom_headers:key_value_map\",\"signature:select\","
                  + "\"format:select\",\"cloudevents_source:text\"]],"
                  + "[\"hookdeck\",[]],"
                  + "[\"kafka\",[\"brokers:text\",\"topic:text\",\"tls:checkbox\","
                  + "\"partition_key_template:text\",\"sasl_mechanism:select\"]],"
                  + "[\"rabbitmq\",[\"server_url:text\",\"exchange:text\",\"tls:checkbox\"]]]");
      assertThat(said.path("secret").asBoolean()).isTrue();
      assertThat(said.path("target").asString()).isEqualTo("https://example.com/webhooks/user");
      assertThat(said.path("read").asString()).isEqualTo("whse****");
      assertThat(said.path("updated").asString()).isEqualTo("*");
      assertThat(said.path("rotated").toString()).isEqualTo("[true,\"whse****\",true]");
      assertThat(said.path("disabled").asBoolean()).isTrue();
      assertThat(said.path("enabled").isNull()).isTrue();
      assertThat(said.path("listed").asInt()).isEqualTo(1);
      assertThat(said.path("invalid").asString()).contains("APIErrorResponse 422", "config.url");
      assertThat(said.path("unknownType").asString())
          .contains("422", "type one of [hookdeck, kafka, rabbitmq, webhook]");
      assertThat(said.path("others").path("kafka").toString())
          .startsWith(
              "[\"kafka\",\"a.example.com:9092 / orders\",\"a ve****\",\"b.example.com:9092 / orders\","
                  + "\"username,password\",\"")
          .contains("422", "config.brokers must be", "config.topic must match");
      assertThat(said.path("others").path("rabbitmq").toString())
          .startsWith(
              "[\"rabbitmq\",\"mq.example.com:5672 / events\",\"a ve****\","
                  + "\"mq.example.com:5673 / more\",\"username,password\",\"")
          .contains("422", "config.server_url must be");
      assertThat(said.path("others").path("hookdeck").toString())
          .startsWith("[\"hookdeck\",\"Hookdeck\",\"c3Jj****\",\"Hookdeck\",\"token\",\"")
          .contains("422", "credentials.token must be");
      assertThat(said.path("unknownTenant").asString()).startsWith("NotFoundError 404");
      assertThat(said.path("badKey").asString()).startsWith("UnauthorizedError 401");
      assertThat(said.path("published").toString()).isEqualTo("[\"evt-1\",false,true]");
      assertThat(said.path("again").asBoolean()).isTrue();
      assertThat(said.path("noTopic").asString()).contains("422", "topic is invalid");
      assertThat(said.path("own").asInt()).isEqualTo(1);
      assertThat(said.path("foreign").asString()).contains("403");
      assertThat(said.path("tenantPublishes").asString()).contains("403");
      assertThat(said.path("portal").asString()).contains("404", "portal-url");
      assertThat(said.path("deleted").path("success").asBoolean()).isTrue();
      assertThat(said.path("gone").asString()).contains("404");
      assertThat(said.path("ended").path("success").asBoolean()).isTrue();
    }
  }

  private JsonNode run(String script, TestGateway gateway) throws Exception {
    var client =
        new ProcessBuilder("node", script, gateway.admin("/api/v1").toString(), key(data))
            .directory(NPM.toFile())
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("said").toFile())
            .start();
    assertThat(client.waitFor(3, TimeUnit.MINUTES)).isTrue();
    var text = Files.readString(data.resolve("said")).strip();
    assertThat(text).startsWith("{");
    return JSON.readTree(text);
  }

  @Test
  void deliversEveryPayloadOnceByteForByteAndSigned() throws Exception {
    try (var gateway = TestGateway.start(data, BUILT_IN)) {
      var said = run("deliver.mjs", gateway);

      var published = said.path("published").asInt();
      assertThat(published).isGreaterThan(300);
      assertThat(said.path("filtered").asInt()).isBetween(1, published - 1);
      assertThat(said.path("outpost").asInt()).isEqualTo(published);
      assertThat(said.path("metadata").asInt()).isEqualTo(published);
      assertThat(said.path("standard").asInt())
          .isEqualTo(published - said.path("filtered").asInt());
      assertThat(said.path("wrong").toString()).isEqualTo("[]");
      assertThat(said.path("twice").asInt()).isZero();
      assertThat(said.path("other").asInt()).isZero();
    }
  }

  @Test
  void keepsWhatWasToldOverARestart() {
    String secret;
    try (var gateway = TestGateway.start(data, BUILT_IN)) {
      ask(gateway, data, "PUT", "/tenants/t", "{\"metadata\":{\"a\":\"b\"}}");
      secret =
          json(ask(gateway, data, "POST", "/tenants/t/destinations", WEBHOOK))
              .path("credentials")
              .path("secret")
              .asString();
      publish(gateway, data, "{\"id\":\"e\",\"tenant_id\":\"t\",\"topic\":\"user.a\",\"data\":{}}");
      for (var topic : List.of("tidegate.destinations", "tidegate.commands")) {
        await().atMost(LIMIT).until(() -> !TopicReader.all(gateway.kafka(), topic).isEmpty());
        assertThat(TopicReader.all(gateway.kafka(), topic))
            .isNotEmpty()
            .allSatisfy(
                record -> assertThat(Bytes.wrap(record.value()).utf8()).doesNotContain(secret));
      }
    }
    try (var gateway = TestGateway.start(data, BUILT_IN)) {
      var tenant = json(ask(gateway, data, "GET", "/tenants/t", ""));
      assertThat(tenant.path("destinations_count").asInt()).isEqualTo(1);
      assertThat(tenant.path("metadata").toString()).isEqualTo("{\"a\":\"b\"}");
      var again =
          publish(
              gateway, data, "{\"id\":\"e\",\"tenant_id\":\"t\",\"topic\":\"user.a\",\"data\":{}}");
      assertThat(again.path("duplicate").asBoolean()).isTrue();
      assertThat(ask(gateway, data, "GET", "/endpoints", "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void storesEveryPayloadByteForByte() throws IOException {
    var payloads = new ArrayList<byte[]>();
    var corpus = NPM.resolve("node_modules/@octokit/webhooks-examples/api.github.com/index.json");
    for (var event : JSON.readTree(Files.readAllBytes(corpus))) {
      event.get("examples").forEach(example -> payloads.add(JSON.writeValueAsBytes(example)));
    }
    assertThat(payloads).hasSizeGreaterThan(300);
    try (var gateway = TestGateway.start(data, BUILT_IN)) {
      for (var payload : payloads) {
        var published =
            publish(
                gateway,
                data,
                "{\"tenant_id\":\"t\",\"topic\":\"user.a\",\"data\":"
                    + Bytes.wrap(payload).utf8()
                    + "}");
        assertThat(published.path("id").asString()).startsWith("evt_");
      }

      var records = TopicReader.all(gateway.kafka(), "tidegate.events");

      assertThat(records).hasSameSizeAs(payloads);
      for (int i = 0; i < payloads.size(); i++) {
        assertThat(records.get(i).value()).isEqualTo(payloads.get(i));
      }
    }
  }

  @Test
  void twoInstancesKnowTheSame() throws IOException {
    var first = Files.createDirectories(data.resolve("one"));
    var second = Files.createDirectories(data.resolve("two"));
    var cluster = EmbeddedBroker.start(BrokerOptions.in(data.resolve("cluster")));
    var config =
        """
        name: example
        bindings:
          in_tcp: {type: tcp, kind: server, options: {port: 0}, exit: in_http}
          in_http: {type: http, kind: server, exit: topics}
          topics:
            type: http-kafka
            kind: proxy
            routes:
              - when: [{path: /x}]
                with: {capability: fetch, topic: x}
                exit: cache
          cache: {type: kafka, kind: cache_client, exit: server}
          server: {type: kafka, kind: cache_server, exit: kafka_client}
          kafka_client: {type: kafka, kind: client, options: {servers: ["%s"]}, exit: out}
          out: {type: tcp, kind: client}
        %s\
        """
            .formatted(cluster.bootstrap(), EVENTS);
    try (cluster;
        var one = TestGateway.start(first, config, true)) {
      Files.copy(first.resolve("sealing.key"), second.resolve("sealing.key"));
      try (var two = TestGateway.start(second, config, true)) {
        ask(one, first, "PUT", "/tenants/shared", "");
        await()
            .atMost(LIMIT)
            .until(() -> ask(two, second, "GET", "/tenants/shared", "").statusCode() == 200);
        var made = json(ask(two, second, "POST", "/tenants/shared/destinations", WEBHOOK));
        var path = "/tenants/shared/destinations/" + made.path("id").asString();
        await().atMost(LIMIT).until(() -> ask(one, first, "GET", path, "").statusCode() == 200);
        var token = json(ask(one, first, "GET", "/tenants/shared/token", "")).path("token");
        assertThat(ask(two, token.asString(), "GET", path, "").statusCode()).isEqualTo(200);

        for (int i = 0; i < 20; i++) {
          var event =
              "{\"id\":\"e-%d\",\"tenant_id\":\"shared\",\"topic\":\"user.a\",\"data\":{}}"
                  .formatted(i);
          assertThat(publish(one, first, event).path("duplicate").asBoolean()).isFalse();
          assertThat(publish(two, second, event).path("duplicate").asBoolean()).isTrue();
        }
      }
    }
  }

  private static String key(Path folder) {
    return new KeyFiles(folder, _ -> null).adminKey().key().reveal();
  }

  private static JsonNode publish(TestGateway gateway, Path folder, String event) {
    var reply = ask(gateway, folder, "POST", "/publish", event);
    assertThat(reply.statusCode()).isEqualTo(202);
    return json(reply);
  }

  private static HttpResponse<byte[]> ask(
      TestGateway gateway, Path folder, String method, String path, String body) {
    return ask(gateway, key(folder), method, path, body);
  }

  private static HttpResponse<byte[]> ask(
      TestGateway gateway, String bearer, String method, String path, String body) {
    return gateway.send(
        HttpRequest.newBuilder(gateway.admin("/api/v1" + path))
            .timeout(LIMIT)
            .method(method, BodyPublishers.ofString(body))
            .header("authorization", "Bearer " + bearer)
            .build());
  }

  private static JsonNode json(HttpResponse<byte[]> reply) {
    return JSON.readTree(reply.body());
  }
}
