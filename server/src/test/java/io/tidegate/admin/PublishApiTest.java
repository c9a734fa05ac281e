package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Batches, dry runs, and what can be seen of destinations, sources and commands.
class PublishApiTest extends ApiScene {
  PublishApiTest() {
    super(STRICT, 10);
  }

  @BeforeEach
  void start() {
    open();
    outbox.start();
    ask("PUT", "/tenants/t", "");
  }

  @AfterEach
  void stop() {
    close();
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
    var token = token("t");
    call("PATCH", "/tenants/t/destinations/a", "{\"metadata\":{\"secret\":\"x\"}}", token);
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
}
