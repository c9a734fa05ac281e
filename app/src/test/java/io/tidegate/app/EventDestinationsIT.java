package io.tidegate.app;

import static io.tidegate.app.TestGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.Bytes;
import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /// What the programs of the SDK's README publish, as a receiver of it sees it.
  private static final String QUICK_START =
      "\"evt_abc123xyz789\",\"user.created\",\"crm\","
          + "\"{\\\"user_id\\\":\\\"userid\\\",\\\"status\\\":\\\"active\\\"}\",true";

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
      var said = gateway.run("outpost.mjs");

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
      assertThat(said.path("invalidUpdate").asString())
          .contains("APIErrorResponse 422", "config.url", "config.custom_headers");
      assertThat(said.path("unknownType").asString())
          .contains("422", "type one of [hookdeck, kafka, rabbitmq, webhook]");
      managesEveryOtherType(said);
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

  private static void managesEveryOtherType(JsonNode said) {
    var others = said.path("others");
    assertThat(others.path("kafka").toString())
        .isEqualTo(
            "[\"kafka\",\"a.example.com:9092 / orders\",\"a ve****\","
                + "\"b.example.com:9092 / orders\",\"one ****\",\"username,password\"]");
    assertThat(others.path("rabbitmq").toString())
        .isEqualTo(
            "[\"rabbitmq\",\"mq.example.com:5672 / events\",\"a ve****\","
                + "\"mq.example.com:5673 / more\",\"one ****\",\"username,password\"]");
    assertThat(others.path("hookdeck").toString())
        .isEqualTo("[\"hookdeck\",\"Hookdeck\",\"c3Jj****\",\"Hookdeck\",\"c3Jj****\",\"token\"]");
    var wrong =
        Map.of(
            "kafka", List.of("config.brokers must be", "config.topic must match"),
            "rabbitmq", List.of("config.server_url must be"),
            "hookdeck", List.of("credentials.token must be"));
    wrong.forEach((type, words) -> {
      var refusals = said.path("refusals").path(type);
      assertThat(refusals.path(0).asString()).startsWith("APIErrorResponse 422").contains(words);
      assertThat(refusals.path(1).asString()).startsWith("APIErrorResponse 422").contains(words);
      assertThat(refusals.path(2).asBoolean()).isTrue();
      assertThat(refusals.path(3).asInt()).isEqualTo(1);
    });
  }

  @Test
  void runsTheQuickStartOfOutpostsSdk() throws Exception {
    try (var gateway = TestGateway.start(data, BUILT_IN)) {
      var said = gateway.run("quickstart.mjs");

      assertThat(said.path("programs")).hasSizeGreaterThanOrEqualTo(6);
      for (var program : said.path("programs")) {
        assertThat(program.path(0).asInt()).as("%s", program).isZero();
        assertThat(program.path(1).asString())
            .matches("\\{ id: 'evt_abc123xyz789', duplicate: .*, destinationIds: \\[.*', '.*] }");
      }
      assertThat(said.path("got").toString())
          .isEqualTo("[[\"/all\",%1$s],[\"/one\",%1$s]]".formatted(QUICK_START));
    }
  }

  @Test
  void deliversEveryPayloadOnceByteForByteAndSigned() throws Exception {
    try (var gateway = TestGateway.start(data, BUILT_IN)) {
      var said = gateway.run("deliver.mjs");

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
      gateway.ask("PUT", "/tenants/t", "{\"metadata\":{\"a\":\"b\"}}");
      secret =
          json(gateway.ask("POST", "/tenants/t/destinations", WEBHOOK))
              .path("credentials")
              .path("secret")
              .asString();
      publish(gateway, "{\"id\":\"e\",\"tenant_id\":\"t\",\"topic\":\"user.a\",\"data\":{}}");
      for (var topic : List.of("tidegate.destinations", "tidegate.commands")) {
        await().atMost(LIMIT).until(() -> !TopicReader.all(gateway.kafka(), topic).isEmpty());
        assertThat(TopicReader.all(gateway.kafka(), topic))
            .isNotEmpty()
            .allSatisfy(
                record -> assertThat(Bytes.wrap(record.value()).utf8()).doesNotContain(secret));
      }
    }
    try (var gateway = TestGateway.start(data, BUILT_IN)) {
      var tenant = json(gateway.ask("GET", "/tenants/t", ""));
      assertThat(tenant.path("destinations_count").asInt()).isEqualTo(1);
      assertThat(tenant.path("metadata").toString()).isEqualTo("{\"a\":\"b\"}");
      var again =
          publish(gateway, "{\"id\":\"e\",\"tenant_id\":\"t\",\"topic\":\"user.a\",\"data\":{}}");
      assertThat(again.path("duplicate").asBoolean()).isTrue();
      assertThat(gateway.ask("GET", "/endpoints", "").statusCode()).isEqualTo(200);
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
        one.ask("PUT", "/tenants/shared", "");
        await()
            .atMost(LIMIT)
            .until(() -> two.ask("GET", "/tenants/shared", "").statusCode() == 200);
        var made = json(two.ask("POST", "/tenants/shared/destinations", WEBHOOK));
        var path = "/tenants/shared/destinations/" + made.path("id").asString();
        await().atMost(LIMIT).until(() -> one.ask("GET", path, "").statusCode() == 200);
        var token = json(one.ask("GET", "/tenants/shared/token", "")).path("token");
        assertThat(two.ask(token.asString(), "GET", path, "").statusCode()).isEqualTo(200);

        for (int i = 0; i < 20; i++) {
          var event =
              "{\"id\":\"e-%d\",\"tenant_id\":\"shared\",\"topic\":\"user.a\",\"data\":{}}"
                  .formatted(i);
          assertThat(publish(one, event).path("duplicate").asBoolean()).isFalse();
          assertThat(publish(two, event).path("duplicate").asBoolean()).isTrue();
        }
      }
    }
  }

  private static JsonNode publish(TestGateway gateway, String event) {
    var reply = gateway.ask("POST", "/publish", event);
    assertThat(reply.statusCode()).isEqualTo(202);
    return json(reply);
  }
}
