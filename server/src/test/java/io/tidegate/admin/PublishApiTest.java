package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.log.MemoryLog;
import io.tidegate.outbox.DestinationTypes;
import io.tidegate.outbox.Outbox;
import io.tidegate.outbox.TopicPolicy;
import io.tidegate.outbox.WebhookType;
import io.tidegate.registry.Registries;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Batches, dry runs, and what can be seen of destinations, sources and commands.
class PublishApiTest {
  private static final String KEY = "the operator's key";
  private static final JsonMapper JSON = new JsonMapper();

  private final MemoryLog log = new MemoryLog();
  private final SealingKey sealing = SealingKey.parse(SealingKey.generate());
  private final Outbox.Settings settings =
      new Outbox.Settings(
          new TopicPolicy(List.of("order.*", "user.created"), true),
          new DestinationTypes(List.of(new WebhookType(WebhookType.Signature.OUTPOST))),
          10);
  private final Registries registries =
      new Registries(log, Time.system(), new SimpleMeterRegistry());
  private final Outbox outbox = new Outbox(settings, registries, log, sealing, Time.system());
  private final Health health = new Health(Duration.ofMinutes(1));
  private final OperatorGate gate = new OperatorGate(new Secret(KEY), Set.of());
  private final OutboxParts parts =
      new OutboxParts(
          outbox,
          new TenantTokens(sealing.derived("tenant tokens"), Time.system()),
          Optional.empty(),
          health,
          Time.system());
  private final OutboxRouter api =
      new OutboxRouter(gate, () -> Optional.of(parts), Executors.newVirtualThreadPerTaskExecutor());

  @BeforeEach
  void start() {
    var limit = Duration.ofSeconds(10);
    log.create(Registries.topics(Outbox.kinds(settings, sealing)), limit);
    log.create(Outbox.topics(), limit);
    registries.start();
    assertThat(registries.awaitReplay(limit)).isTrue();
    outbox.start();
    health.running();
    ask("PUT", "/tenants/t", "");
  }

  @AfterEach
  void stop() {
    outbox.close();
    registries.close();
    log.close();
    health.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"tenant_id\":\"t\",\"topic\":\"order.a\",\"data\":{\"x\":  1}} , \n 7,"
            + "{\"tenant_id\":\"t\",\"topic\":\"nothing\",\"data\":{}},"
            + "{\"tenant_id\":\"t\",\"topic\":\"order.b\",\"data\":{}}]",
        "{\"tenant_id\":\"t\",\"topic\":\"order.a\",\"data\":{\"x\":  1}}\r\n\n[]\n"
            + "{\"tenant_id\":\"t\",\"topic\":\"nothing\",\"data\":{}}\n"
            + "{\"tenant_id\":\"t\",\"topic\":\"order.b\",\"data\":{}}"
      })
  void takesWhatIsGoodOfABatchAndSaysWhatIsWrongWithTheRest(String body) {
    var reply = ask("POST", "/publish/batch", body);

    assertThat(reply.status()).isEqualTo(207);
    var results = json(reply).path("results");
    assertThat(results.findValuesAsString("status")).containsExactly("202", "422", "422", "202");
    assertThat(results.path(2).path("data").toString()).contains("topic is invalid");
    assertThat(json(reply).path("accepted").asInt()).isEqualTo(2);
    var stored = log.stored("tidegate.events");
    assertThat(stored).hasSize(2);
    assertThat(stored.getFirst().value()).isEqualTo(Bytes.utf8("{\"x\":  1}"));
  }

  @Test
  void knowsARepetitionWithinABatch() {
    var event = "{\"id\":\"e\",\"tenant_id\":\"t\",\"topic\":\"order.a\",\"data\":{}}\n";

    var reply = ask("POST", "/publish/batch", event + event);

    assertThat(reply.status()).isEqualTo(202);
    assertThat(json(reply).path("results").findValuesAsString("duplicate"))
        .containsExactly("false", "true");
  }

  @Test
  void refusesBatchesThatAreTooLongOrNone() {
    var event = "{\"tenant_id\":\"t\",\"topic\":\"order.a\",\"data\":{}}\n";

    assertThat(ask("POST", "/publish/batch", event.repeat(1_001)).status()).isEqualTo(413);
    assertThat(ask("POST", "/publish/batch", "").status()).isEqualTo(400);
    assertThat(ask("POST", "/publish/batch", "[{}").status()).isEqualTo(400);
    assertThat(ask("POST", "/publish/batch", "[] []").status()).isEqualTo(400);
    assertThat(log.stored("tidegate.events")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/publish/dry-run", "/publish?dry_run=true"})
  void saysWhoWouldGetAnEventAndWhyNot(String path) {
    create("{\"id\":\"all\",\"topics\":\"*\"}");
    create("{\"id\":\"users\",\"topics\":[\"user.created\"]}");
    create("{\"id\":\"rich\",\"topics\":\"*\",\"filter\":{\"data\":{\"total\":{\"$gte\":100}}}}");
    create("{\"id\":\"off\",\"topics\":\"*\",\"disabled_at\":\"2020-01-01T00:00:00Z\"}");

    var reply =
        ask("POST", path, "{\"tenant_id\":\"t\",\"topic\":\"order.paid\",\"data\":{\"total\":99}}");

    assertThat(reply.status()).isEqualTo(200);
    var body = json(reply);
    assertThat(body.path("destination_ids").toString()).isEqualTo("[\"all\"]");
    var answers = new java.util.TreeMap<String, String>();
    body.path("destinations")
        .forEach(each -> answers.put(each.path("id").asString(), each.path("result").asString()));
    assertThat(answers)
        .containsExactly(
            Map.entry("all", "delivered"),
            Map.entry("off", "disabled"),
            Map.entry("rich", "filter"),
            Map.entry("users", "topic"));
    assertThat(body.toString()).contains("\"verdict\":\"failed\"", "99");
    assertThat(log.stored("tidegate.events")).isEmpty();
  }

  @Test
  void countsEventsThatNobodyWants() {
    create("{\"id\":\"a\",\"topics\":[\"user.created\"]}");
    create("{\"id\":\"b\",\"topics\":[\"order.x\"],\"filter\":{\"data\":{\"a\":1}}}");
    for (var topic : List.of("user.created", "order.x", "order.y")) {
      var event = "{\"tenant_id\":\"t\",\"topic\":\"%s\",\"data\":{}}".formatted(topic);
      assertThat(ask("POST", "/publish", event).status()).isEqualTo(202);
    }

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() ->
            assertThat(json(ask("GET", "/sources", "")).path("models").path(0).path("events"))
                .hasToString("{\"filtered\":1,\"matched\":1,\"unmatched\":1}"));
  }

  @Test
  void tellsWhoAskedForWhat() {
    create("{\"id\":\"a\",\"topics\":\"*\"}");
    var token = json(ask("GET", "/tenants/t/token", "")).path("token").asString();
    ask(token, "PATCH", "/tenants/t/destinations/a", "{\"metadata\":{\"secret\":\"x\"}}");
    ask("PUT", "/tenants/other", "");

    var all = json(ask("GET", "/audit", ""));
    var first = json(ask("GET", "/audit?limit=1", ""));
    var rest = json(ask("GET", "/audit?limit=9&before=" + first.path("next").asString(), ""));
    var tenants = json(ask("GET", "/tenants/t/audit", ""));

    assertThat(all.path("models").findValuesAsString("action"))
        .containsExactly("upsert", "update", "create", "upsert");
    assertThat(all.path("models").findValuesAsString("by"))
        .containsExactly("operator", "tenant t", "operator", "operator");
    assertThat(all.path("models").path(1).path("fields").toString()).isEqualTo("[\"metadata\"]");
    assertThat(all.path("next").isNull()).isTrue();
    assertThat(rest.path("models")).hasSize(3);
    assertThat(tenants.path("models").findValuesAsString("id")).containsExactly("t/a", "t/a", "t");
    assertThat(ask("GET", "/audit?limit=abc", "").status()).isEqualTo(400);
    assertThat(ask("GET", "/audit?before=-1", "").status()).isEqualTo(400);
  }

  private void create(String fields) {
    var body = (tools.jackson.databind.node.ObjectNode) JSON.readTree(fields);
    body.put("type", "webhook").putObject("config").put("url", "https://a.test/h");
    assertThat(ask("POST", "/tenants/t/destinations", body.toString()).status()).isEqualTo(201);
  }

  private Reply ask(String method, String target, String body) {
    return ask(KEY, method, target, body);
  }

  private Reply ask(String bearer, String method, String target, String body) {
    var question = target.indexOf('?');
    var request =
        new Request(
            "r",
            "http",
            "127.0.0.1:7115",
            method,
            "/api/v1" + (question < 0 ? target : target.substring(0, question)),
            question < 0 ? "" : target.substring(question + 1),
            Headers.of("authorization", "Bearer " + bearer),
            Bytes.EMPTY,
            "127.0.0.1",
            Map.of());
    var reply = new CompletableFuture<Reply>();
    api.route(request).handle(request.withBody(Bytes.utf8(body)), new Keep(reply));
    return reply.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static JsonNode json(Reply reply) {
    return JSON.readTree(reply.body().array());
  }

  private record Keep(CompletableFuture<Reply> answer) implements Responder {
    @Override
    public void reply(Reply reply) {
      answer.complete(reply);
    }

    @Override
    public Outflow open(int status, Headers headers) {
      throw new AssertionError("nothing here streams");
    }

    @Override
    public void onGone(Runnable action) {}
  }
}
