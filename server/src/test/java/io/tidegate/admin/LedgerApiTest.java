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
import io.tidegate.ledger.Ledger;
import io.tidegate.log.MemoryLog;
import io.tidegate.outbox.DestinationTypes;
import io.tidegate.outbox.Facts;
import io.tidegate.outbox.Outbox;
import io.tidegate.outbox.TopicPolicy;
import io.tidegate.outbox.WebhookType;
import io.tidegate.registry.Registries;
import io.tidegate.registry.SealingKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What happened, through the API, and that no tenant reaches what is another's.
class LedgerApiTest {
  private static final String KEY = "the operator's key";
  private static final String MARK = "theirs-alone";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final MemoryLog log = new MemoryLog();
  private final SealingKey sealing = SealingKey.parse(SealingKey.generate());
  private final Outbox.Settings settings =
      new Outbox.Settings(
          new TopicPolicy(List.of(), false),
          new DestinationTypes(List.of(new WebhookType(WebhookType.Signature.OUTPOST))),
          5);
  private final Registries registries =
      new Registries(log, Time.system(), new SimpleMeterRegistry());
  private final Outbox outbox = new Outbox(settings, registries, log, sealing, Time.system());
  private final Health health = new Health(Duration.ofMinutes(1));
  private final OperatorGate gate = new OperatorGate(new Secret(KEY), Set.of());

  @TempDir private Path folder;
  private Facts facts;
  private Ledger ledger;
  private OutboxRouter api;

  @BeforeEach
  void start() {
    log.create(Registries.topics(Outbox.kinds(settings, sealing)), LIMIT);
    facts = new Facts(log);
    registries.start();
    assertThat(registries.awaitReplay(LIMIT)).isTrue();
    ledger =
        new Ledger(
            log,
            folder.resolve("a.db"),
            new Ledger.Disk(() -> Long.MAX_VALUE, 0),
            Time.system(),
            new SimpleMeterRegistry());
    ledger.start();
    await().atMost(LIMIT).until(() -> ledger.check().isEmpty());
    var tokens = new TenantTokens(sealing.derived("tenant tokens"), Time.system());
    var parts =
        new OutboxParts(outbox, tokens, Optional.empty(), health, Time.system())
            .with(() -> Optional.of(ledger));
    api =
        new OutboxRouter(
            gate, () -> Optional.of(parts), Executors.newVirtualThreadPerTaskExecutor());
    health.running();
  }

  @AfterEach
  void stop() {
    ledger.close();
    outbox.close();
    registries.close();
    log.close();
    health.close();
  }

  /// A tenant with a destination, an event, a delivery and a failed attempt, all of them marked.
  private String furnish(String tenant, String mark) {
    ask("PUT", "/tenants/" + tenant, "");
    facts.later(Duration.between(facts.now(), Instant.now()));
    var destination =
        "{\"id\":\"%s\",\"type\":\"webhook\",\"topics\":\"*\",\"config\":{\"url\":\"https://a.test/%s\"}}"
            .formatted(mark, mark);
    ask("POST", "/tenants/" + tenant + "/destinations", destination);
    var event = facts.event(tenant, mark, mark);
    facts.attempt(facts.delivery(event, mark), 1, 500);
    await()
        .atMost(LIMIT)
        .until(() ->
            ask("GET", "/attempts?tenant_id=" + tenant, "").body().utf8().contains("\"" + mark));
    await().atMost(LIMIT).until(() -> ask("GET", "/events/" + mark, "").status() == 200);
    var attempts = json(ask("GET", "/attempts?tenant_id=" + tenant, ""));
    return attempts.path("models").path(0).path("id").asString();
  }

  @Test
  void noTenantReachesWhatIsAnothers() {
    var attempt = furnish("theirs", MARK);
    furnish("mine", "own");
    var token = token("mine");
    var queries =
        List.of(
            "",
            "?tenant_id=theirs&destination_id=" + MARK + "&event_id=" + MARK + "&id=" + MARK,
            "?include=event.data,response_data,destination&topic=" + MARK,
            "?time[start]=2020-01-01&time[end]=2100-01-01&measures=count&dimensions=topic,"
                + "destination_id");
    var body =
        "{\"event_id\":\"%1$s\",\"destination_id\":\"%1$s\",\"tenant_id\":\"theirs\",\"data\":{}}"
            .formatted(MARK);
    var before = ask("GET", "/tenants/theirs/destinations/" + MARK, "").body().utf8();

    for (var route : OutboxRouter.ROUTES) {
      for (var name : List.of(MARK, attempt)) {
        for (var query : queries) {
          var path = named(route.path(), name) + (route.method().equals("GET") ? query : "");
          var reply = call(route.method(), path, body, token);
          assertThat(reply.body().utf8()).as(route.method() + " " + path).doesNotContain(MARK);
        }
      }
    }

    assertThat(ask("GET", "/tenants/theirs/destinations/" + MARK, "").body().utf8())
        .isEqualTo(before);
    assertThat(log.stored("tidegate.deliveries")).hasSize(2);
  }

  /// The first name of a path is a tenant's when it says so, all others are `name`.
  private static String named(String path, String name) {
    var tenants = path.startsWith("/tenants/{}") ? path.replaceFirst("\\{}", "theirs") : path;
    return tenants.replace("{}", name);
  }

  @Test
  void whatBelongedToAnEarlierTenantOfTheNameIsNotItsOwn() {
    var attempt = furnish("again", "old");
    ask("DELETE", "/tenants/again", "");
    ask("PUT", "/tenants/again", "");
    var token = token("again");

    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(models(call("GET", "/events", "", token))).isEmpty());
    assertThat(models(call("GET", "/attempts", "", token))).isEmpty();
    assertThat(call("GET", "/events/old", "", token).status()).isEqualTo(404);
    assertThat(call("GET", "/attempts/" + attempt, "", token).status()).isEqualTo(404);
    assertThat(ask("GET", "/events/old", "").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=abc",
        "limit=0",
        "limit=1001",
        "dir=up",
        "next=%25",
        "next=MSBh",
        "time[gte]=yesterday",
        "time[lt]=2027-13-01"
      })
  void refusesParametersThatSayNothing(String query) {
    for (var path : List.of("/events?", "/attempts?")) {
      var reply = ask("GET", path + query, "");

      assertThat(reply.status()).isEqualTo(400);
      assertThat(json(reply).path("message").asString()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/attempts?status=maybe||400",
        "GET|/events?order_by=size||422",
        "GET|/metrics/events?measures=count||400",
        "GET|/metrics/events?measures=count&time[start]=2027-01-02&time[end]=2027-01-01||400",
        "GET|/metrics/events?measures=size&time[start]=2027-01-01&time[end]=2027-01-02||400",
        "GET|/metrics/events?time[start]=2027-01-01&time[end]=2027-01-02||400",
        "GET|/metrics/events?measures=failed_count&time[start]=2027-01-01&time[end]=2027-01-02||400",
        "GET|/metrics/events?measures=count&time[start]=2027-01-01&time[end]=2027-01-02&dimensions=code||400",
        "GET|/metrics/events?measures=count&time[start]=2000-01-01&time[end]=2027-01-02&granularity=1s||400",
        "GET|/metrics/events?measures=count&time[start]=2027-01-01&time[end]=2027-01-02&granularity=61s||400",
        "GET|/attempts/att_0123||404",
        "GET|/attempts/att_0000000000000000||404",
        "POST|/retry|{}|422",
        "POST|/retry|[]|400",
        "POST|/retry|{\"event_id\":7,\"destination_id\":\"d\"}|422",
        "POST|/retries|{}|422",
        "POST|/retries|{\"tenant_id\":\"t\",\"limit\":1001}|422",
        "POST|/retries|{\"tenant_id\":\"t\",\"since\":\"noon\"}|400",
        "DELETE|/events||405"
      })
  void refusesWhatCannotBeMeant(String method, String path, String body, int status) {
    assertThat(ask(method, path, body == null ? "" : body).status()).isEqualTo(status);
  }

  @Test
  void operatorsSayWhoseEventIsMeantWhenSeveralTenantsHaveOneOfItsId() {
    furnish("a", "same");
    furnish("b", "same");

    var ambiguous = ask("POST", "/retry", "{\"event_id\":\"same\",\"destination_id\":\"same\"}");
    var named =
        ask(
            "POST",
            "/retry",
            "{\"event_id\":\"same\",\"destination_id\":\"same\",\"tenant_id\":\"b\"}");

    assertThat(ambiguous.status()).isEqualTo(409);
    assertThat(named.status()).isEqualTo(202);
    var last =
        log.stored("tidegate.deliveries").stream()
            .filter(record -> record.header("tidegate-manual").isPresent())
            .toList();
    assertThat(last).hasSize(1);
    assertThat(last.getFirst().key().utf8()).isEqualTo("b/same");
    assertThat(last.getFirst().header("tidegate-manual").orElseThrow().utf8())
        .endsWith("\t1\toperator");
  }

  private static List<JsonNode> models(Reply reply) {
    return json(reply).path("models").valueStream().toList();
  }

  private String token(String tenant) {
    return json(ask("GET", "/tenants/" + tenant + "/token", "")).path("token").asString();
  }

  private Reply ask(String method, String path, String body) {
    return call(method, path, body, KEY);
  }

  private Reply call(String method, String target, String body, String bearer) {
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
            Bytes.utf8(body),
            "127.0.0.1",
            Map.of());
    var replied = new CompletableFuture<Reply>();
    api.route(request.withBody(Bytes.EMPTY)).handle(request, new Keep(replied));
    return replied.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static JsonNode json(Reply reply) {
    return new JsonMapper().readTree(reply.body().array());
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
