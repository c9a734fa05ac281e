package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.http.Reply;
import io.tidegate.ledger.Ledger;
import io.tidegate.outbox.Facts;
import io.tidegate.outbox.TopicPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What happened, through the API, and that no tenant reaches what is another's.
class LedgerApiTest extends ApiScene {
  private static final String MARK = "theirs-alone";

  @TempDir private Path folder;
  private Facts facts;

  LedgerApiTest() {
    super(TopicPolicy.OPEN, 5);
  }

  @BeforeEach
  void start() {
    open();
    facts = new Facts(log);
    var opened =
        new Ledger(
            log,
            folder.resolve("a.db"),
            new Ledger.Disk(() -> Long.MAX_VALUE, 0),
            Time.system(),
            new SimpleMeterRegistry());
    ledger = Optional.of(opened);
    opened.start();
    await().atMost(LIMIT).until(() -> opened.check().isEmpty());
  }

  @AfterEach
  void stop() {
    ledger.ifPresent(Ledger::close);
    close();
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
}
