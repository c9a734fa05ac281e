package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Time;
import io.tidegate.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class OutboxApiTest extends ApiScene {
  private static final String WEBHOOK =
      "{\"type\":\"webhook\",\"topics\":[\"order.paid\"],\"config\":{\"url\":\"https://a.test/h\"}}";

  OutboxApiTest() {
    super(STRICT, 5);
  }

  @BeforeEach
  void start() {
    open();
    outbox.start();
  }

  @AfterEach
  void stop() {
    close();
  }

  @Test
  void saysLaterAndNotThatThereIsNobodyWhileTenantsAreStillBeingRead() {
    var starting = new ApiScene(STRICT, 5) {};
    try {
      for (var bearer : List.of(KEY, token("acme"))) {
        var reply = starting.call("GET", "/tenants/acme", "", bearer);

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.headers().first("retry-after")).contains("1");
      }
      assertThat(starting.ask("GET", "/healthz", "").status()).isEqualTo(503);
    } finally {
      starting.close();
    }
  }

  @Test
  void keepsTenants() {
    var made = ask("PUT", "/tenants/acme%20inc", "{\"metadata\":{\"plan\":\"pro\",\"seats\":7}}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(json(made).path("id").asString()).isEqualTo("acme inc");
    assertThat(json(made).path("metadata").toString())
        .isEqualTo("{\"plan\":\"pro\",\"seats\":\"7\"}");
    assertThat(json(made).path("topics").toString()).isEqualTo("[]");

    var again = ask("PUT", "/tenants/acme%20inc", "");

    assertThat(again.status()).isEqualTo(200);
    assertThat(json(again).path("metadata").isNull()).isTrue();
    assertThat(json(again).path("created_at")).isEqualTo(json(made).path("created_at"));
    assertThat(ask("DELETE", "/tenants/acme%20inc", "").body().utf8())
        .isEqualTo("{\"success\":true}");
    assertThat(ask("GET", "/tenants/acme%20inc", "").status()).isEqualTo(404);
    assertThat(ask("DELETE", "/tenants/acme%20inc", "").status()).isEqualTo(404);
    assertThat(ask("PUT", "/tenants/a%2Fb", "").status()).isEqualTo(422);
  }

  @Test
  void writesNoSecretInClearWhateverIsWrongWithIt() {
    ask("PUT", "/tenants/acme", "");
    var id = json(ask("POST", "/tenants/acme/destinations", WEBHOOK)).path("id").asString();
    var config = "\"topics\":\"*\",\"config\":{\"url\":\"https://a.test/h\"},";
    for (var body :
        List.of(
            "{\"type\":\"aws_sqs\"," + config + "\"credentials\":{\"key\":\"hush hush\"}}",
            "{\"type\":\"webhook\"," + config + "\"credentials\":{\"sekret\":\"hush hush\"}}",
            "{\"type\":\"webhook\"," + config + "\"credentials\":{\"secret\":[\"hush hush\"]}}",
            "{\"type\":\"webhook\"," + config + "\"credentials\":\"hush hush\"}")) {
      assertThat(ask("POST", "/tenants/acme/destinations", body).status()).as(body).isEqualTo(422);
      assertThat(ask("PATCH", "/tenants/acme/destinations/" + id, body).status())
          .as(body)
          .isEqualTo(422);
    }

    for (var record : log.stored("tidegate.commands")) {
      assertThat(Objects.requireNonNull(record.value()).utf8()).doesNotContain("hush");
    }
  }

  @Test
  void refusesTimesThatNobodyCanCount() {
    ask("PUT", "/tenants/acme", "");
    var event = "{\"tenant_id\":\"acme\",\"topic\":\"user.created\",\"data\":{},\"time\":\"%s\"}";

    for (var time : List.of("+300000000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z")) {
      assertThat(ask("POST", "/publish", event.formatted(time)).status()).isEqualTo(422);
    }
  }

  @Test
  void pagesThroughTenants() {
    for (var id : List.of("a", "b", "c", "d", "e")) {
      ask("PUT", "/tenants/" + id, "");
    }
    var seen = new ArrayList<String>();
    var query = "?limit=2&dir=asc";
    for (var page = json(ask("GET", "/tenants" + query, "")); ; ) {
      seen.addAll(page.path("models").findValuesAsString("id"));
      assertThat(page.path("count").asInt()).isEqualTo(5);
      if (page.path("pagination").path("next").isNull()) {
        break;
      }
      page =
          json(
              ask(
                  "GET",
                  "/tenants" + query + "&next=" + page.path("pagination").path("next").asString(),
                  ""));
    }

    assertThat(seen).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
    assertThat(seen).isEqualTo(seen.stream().distinct().toList());
    var some = json(ask("GET", "/tenants?id[]=a&id[1]=c&id=x", ""));
    assertThat(some.path("models").findValuesAsString("id")).containsExactlyInAnyOrder("a", "c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"limit=abc", "limit=0", "limit=101", "dir=up", "next=%25", "next=a&prev=b"})
  void refusesParametersThatSayNothing(String query) {
    var reply = ask("GET", "/tenants?" + query, "");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(json(reply).path("message").asString()).isNotEmpty();
  }

  @Test
  void showsSecretsOnceAndMasksThemAfterwards() {
    ask("PUT", "/tenants/t", "");
    var made = ask("POST", "/tenants/t/destinations", WEBHOOK);
    assertThat(made.status()).isEqualTo(201);
    var secret = json(made).path("credentials").path("secret").asString();
    assertThat(secret).startsWith("whsec_").hasSizeGreaterThan(40);

    var read = ask("GET", destination(made), "");
    var patched =
        ask(
            "PATCH",
            destination(made),
            "{\"credentials\":{\"secret\":\"whse****\"},\"metadata\":{\"a\":\"b\"}}");

    for (var reply : List.of(read, ask("GET", "/tenants/t/destinations", ""), patched)) {
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body().utf8()).doesNotContain(secret).contains("\"whse****\"");
    }
    for (var record : log.stored("tidegate.destinations")) {
      assertThat(record.value().utf8()).doesNotContain(secret);
    }
    for (var record : log.stored("tidegate.commands")) {
      assertThat(record.value().utf8()).doesNotContain(secret);
    }
    assertThat(json(read).path("target").asString()).isEqualTo("https://a.test/h");
    assertThat(json(ask("GET", "/tenants/t", "")).path("topics").toString())
        .isEqualTo("[\"order.paid\"]");
  }

  @Test
  void tellsOperatorsWhichInstanceHasAnsweredForAQueue() {
    ask("PUT", "/tenants/t", "");
    var queue = destination(ask("POST", "/tenants/t/destinations", WEBHOOK)) + "/queue";

    var told = json(ask("GET", queue, ""));
    var asTenant = json(call("GET", queue, "", token("t")));

    assertThat(told.path("instance").asString()).isEqualTo(parts.instance()).contains("/");
    assertThat(told.path("health").asString()).isEqualTo("healthy");
    assertThat(asTenant.path("health").asString()).isEqualTo("healthy");
    assertThat(asTenant.has("instance")).isFalse();
  }

  @Test
  void rotatesSecrets() {
    ask("PUT", "/tenants/t", "");
    var made = ask("POST", "/tenants/t/destinations", WEBHOOK);

    var rotated =
        json(ask("PATCH", destination(made), "{\"credentials\":{\"rotate_secret\":true}}"));

    var credentials = rotated.path("credentials");
    assertThat(credentials.path("secret").asString()).startsWith("whsec_").hasSizeGreaterThan(40);
    assertThat(credentials.path("previous_secret").asString()).isEqualTo("whse****");
    assertThat(credentials.path("previous_secret_invalid_at").asString()).isNotEmpty();
    var over =
        json(
            ask(
                "PATCH",
                destination(made),
                "{\"credentials\":{\"rotate_secret\":true,\"previous_secret_invalid_at\":\"2020-01-01T00:00:00Z\"}}"));
    assertThat(over.path("credentials").has("previous_secret")).isFalse();
  }

  @Test
  void mergesPatches() {
    ask("PUT", "/tenants/t", "");
    var made =
        ask(
            "POST",
            "/tenants/t/destinations",
            """
            {"id":"mine","type":"webhook","topics":"*","delivery_metadata":{"a":"1","b":"2"},
             "config":{"url":"https://a.test/h","custom_headers":{"x-a":"1"}},"metadata":{"m":"1"}}
            """);
    assertThat(json(made).path("topics").asString()).isEqualTo("*");
    assertThat(json(made).path("config").path("custom_headers").asString())
        .isEqualTo("{\"x-a\":\"1\"}");

    var patched =
        json(
            ask(
                "PATCH",
                "/tenants/t/destinations/mine",
                """
                {"topics":["user.created"],"config":{"url":"https://b.test/h"},
                 "delivery_metadata":{"a":null,"c":"3"},"metadata":null}
                """));

    assertThat(patched.path("topics").toString()).isEqualTo("[\"user.created\"]");
    assertThat(patched.path("config").path("url").asString()).isEqualTo("https://b.test/h");
    assertThat(patched.path("config").path("custom_headers").asString()).contains("x-a");
    assertThat(patched.path("delivery_metadata").toString()).isEqualTo("{\"b\":\"2\",\"c\":\"3\"}");
    assertThat(patched.path("metadata").isNull()).isTrue();
    assertThat(ask("PATCH", "/tenants/t/destinations/mine", json(made).toString()).status())
        .isEqualTo(200);
  }

  @Test
  void disablesEnablesAndDeletesForEver() {
    ask("PUT", "/tenants/t", "");
    var mine = WEBHOOK.replace("{\"type\"", "{\"id\":\"mine\",\"type\"");
    ask("POST", "/tenants/t/destinations", mine);
    var path = "/tenants/t/destinations/mine";

    var disabled = json(ask("PUT", path + "/disable", ""));
    assertThat(disabled.path("disabled_at").asString()).isNotEmpty();
    assertThat(json(ask("PUT", path + "/disable", "")).path("disabled_at"))
        .isEqualTo(disabled.path("disabled_at"));
    assertThat(publish("order.paid").path("destination_ids").toString()).isEqualTo("[]");
    assertThat(json(ask("PUT", path + "/enable", "")).path("disabled_at").isNull()).isTrue();
    assertThat(publish("order.paid").path("destination_ids").toString()).isEqualTo("[\"mine\"]");
    assertThat(
            json(ask("PATCH", path, "{\"disabled_at\":\"2020-01-01T00:00:00Z\"}"))
                .path("disabled_at")
                .asString())
        .isEqualTo("2020-01-01T00:00:00Z");
    assertThat(ask("PATCH", path, "{\"disabled_at\":\"2999-01-01T00:00:00Z\"}").status())
        .isEqualTo(422);

    assertThat(ask("POST", "/tenants/t/destinations", mine).status()).isEqualTo(409);
    assertThat(ask("DELETE", path, "").status()).isEqualTo(200);
    assertThat(ask("GET", path, "").status()).isEqualTo(404);
    assertThat(ask("PUT", path + "/enable", "").status()).isEqualTo(404);
    assertThat(ask("POST", "/tenants/t/destinations", mine).status()).isEqualTo(409);
    assertThat(publish("order.paid").path("destination_ids").toString()).isEqualTo("[]");
  }

  @Test
  void takesEverythingWithATenantAndGivesNothingBackToItsNextLife() {
    ask("PUT", "/tenants/t", "");
    var made = ask("POST", "/tenants/t/destinations", WEBHOOK);
    var token = token("t");
    ask("DELETE", "/tenants/t", "");
    assertThat(status("GET", "/tenants/t", token)).isEqualTo(401);

    assertThat(ask("PUT", "/tenants/t", "").status()).isEqualTo(201);

    assertThat(ask("GET", destination(made), "").status()).isEqualTo(404);
    assertThat(ask("GET", "/tenants/t/destinations", "").body().utf8()).isEqualTo("[]");
    assertThat(status("GET", "/tenants/t", token)).isEqualTo(401);
    assertThat(publish("order.paid").path("destination_ids").toString()).isEqualTo("[]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | topics",
        "{\"type\":\"carrier_pigeon\",\"topics\":\"*\"} | type",
        "{\"type\":\"webhook\",\"topics\":\"*\",\"config\":{}} | config.url is required",
        "{\"type\":\"webhook\",\"topics\":\"*\",\"config\":{\"url\":7}} | config.url must",
        "{\"type\":\"webhook\",\"topics\":\"*\",\"config\":[]} | config",
        "{\"type\":\"webhook\",\"config\":{\"url\":\"https://a.test\"}} | topics",
        "{\"type\":\"webhook\",\"topics\":[\"invoice\"],\"config\":{\"url\":\"https://a.test\"}} | topics",
        "{\"type\":\"webhook\",\"topics\":\"*\",\"config\":{\"url\":\"https://a.test\",\"x\":\"y\"}} | config.x",
        "{\"type\":\"webhook\",\"topics\":\"*\",\"config\":{\"url\":\"https://a.test\"},\"nmae\":1} | nmae",
        "{\"id\":\"a/b\",\"type\":\"webhook\",\"topics\":\"*\",\"config\":{\"url\":\"https://a.test\"}} | id",
        "{\"type\":\"webhook\",\"topics\":\"*\",\"config\":{\"url\":\"https://a.test\"},\"filter\":{\"data\":{\"$nope\":1}}} | filter.data"
      })
  void saysWhatIsWrongWithADestination(String body, String expected) {
    ask("PUT", "/tenants/t", "");

    var reply = ask("POST", "/tenants/t/destinations", body);

    assertThat(reply.status()).isEqualTo(422);
    assertThat(json(reply).path("message").asString()).isEqualTo("validation error");
    assertThat(json(reply).path("data").path(0).asString()).startsWith(expected);
  }

  @Test
  void boundsTheDestinationsOfATenant() {
    ask("PUT", "/tenants/t", "");
    for (int i = 0; i < 5; i++) {
      assertThat(ask("POST", "/tenants/t/destinations", WEBHOOK).status()).isEqualTo(201);
    }

    assertThat(ask("POST", "/tenants/t/destinations", WEBHOOK).status()).isEqualTo(422);
    assertThat(json(ask("GET", "/tenants/t", "")).path("destinations_count").asInt()).isEqualTo(5);
  }

  @Test
  void findsDestinationsByTypeAndTopic() {
    ask("PUT", "/tenants/t", "");
    ask("POST", "/tenants/t/destinations", WEBHOOK);
    ask("POST", "/tenants/t/destinations", WEBHOOK.replace("[\"order.paid\"]", "\"*\""));

    assertThat(json(ask("GET", "/tenants/t/destinations?topics=user.created", ""))).hasSize(1);
    assertThat(json(ask("GET", "/tenants/t/destinations?topics[]=order.paid", ""))).hasSize(2);
    assertThat(json(ask("GET", "/tenants/t/destinations?type[0]=rabbitmq", ""))).isEmpty();
  }

  @Test
  void tellsTypesTopicsHealthAndConfiguration() {
    var types = json(ask("GET", "/destination-types", ""));
    assertThat(types.findValuesAsString("key"))
        .containsExactly("url", "custom_headers", "signature", "format", "cloudevents_source");
    assertThat(json(ask("GET", "/destination-types/webhook", ""))).isEqualTo(types.get(0));
    assertThat(ask("GET", "/destination-types/kafka", "").status()).isEqualTo(404);
    assertThat(ask("GET", "/topics", "").body().utf8()).isEqualTo("[\"order.*\",\"user.created\"]");
    assertThat(json(ask("GET", "/config", "")).path("MAX_DESTINATIONS_PER_TENANT").asString())
        .isEqualTo("5");
    var healthy = call("GET", "/healthz", "", "");
    assertThat(healthy.status()).isEqualTo(200);
    health.watch("cluster a", () -> Optional.of("away, at 10.0.0.7"));
    var failed = call("GET", "/healthz", "", "");
    assertThat(failed.status()).isEqualTo(503);
    assertThat(failed.body().utf8()).contains("cluster a").doesNotContain("10.0.0.7");
  }

  @Test
  void publishesOnceForEachId() {
    ask("PUT", "/tenants/t", "");
    var made = ask("POST", "/tenants/t/destinations", WEBHOOK);
    var body =
        "{\"id\":\"e1\",\"tenant_id\":\"t\",\"topic\":\"order.paid\",\"data\":{\"b\" : 1.0}}";

    var first = ask("POST", "/publish", body);
    var second = ask("POST", "/publish", body);
    var other = ask("POST", "/publish", body.replace("\"t\"", "\"u\""));

    assertThat(first.status()).isEqualTo(202);
    assertThat(json(first).path("duplicate").asBoolean()).isFalse();
    assertThat(json(first).path("destination_ids").get(0)).isEqualTo(json(made).path("id"));
    assertThat(json(second).path("duplicate").asBoolean()).isTrue();
    assertThat(json(other).path("duplicate").asBoolean()).isFalse();
    assertThat(log.stored("tidegate.events")).hasSize(2);
    assertThat(log.stored("tidegate.events"))
        .allSatisfy(record -> assertThat(record.value().utf8()).isEqualTo("{\"b\" : 1.0}"));
  }

  @Test
  void saysThatItCannotStore() {
    log.goAway();

    var reply =
        ask("POST", "/publish", "{\"tenant_id\":\"t\",\"topic\":\"order.paid\",\"data\":{}}");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.headers().first("retry-after")).isPresent();
    log.comeBack();
  }

  @Test
  void opensThePortalWithAToken() {
    ask("PUT", "/tenants/t", "");

    var portal = json(ask("GET", "/tenants/t/portal?theme=dark", ""));

    assertThat(portal.path("redirect_url").asString())
        .startsWith("https://portal.test/?a=b&token=ey")
        .endsWith("&tenant_id=t&theme=dark");
    var tokens = new TenantTokens(List.of(new byte[32]), Time.system());
    assertThat(status("GET", "/tenants/t", tokens.sign("t", 1))).isEqualTo(401);
  }

  @Test
  void aTenantsTokenReachesThatTenantAlone() {
    ask("PUT", "/tenants/mine", "");
    ask("PUT", "/tenants/other", "");
    var id = json(ask("POST", "/tenants/other/destinations", WEBHOOK)).path("id").asString();
    var token = token("mine");

    for (var route : OutboxRouter.ROUTES) {
      var path = route.path().replaceFirst("\\{}", "other").replaceFirst("\\{}", id);
      var status = status(route.method(), path, token);
      var expected =
          switch (route.scope()) {
            case OPERATOR, OWNER -> List.of(403);
            case TENANTS, EVERYBODY -> List.of(200, 400, 404, 422, 503);
          };
      assertThat(expected).as("%s %s", route.method(), path).contains(status);
      if (route.scope() != OutboxRouter.Scope.EVERYBODY) {
        assertThat(status(route.method(), path, "nonsense")).isEqualTo(401);
      }
    }
    var seen = call("GET", "/tenants", "", token);
    assertThat(json(seen).path("models").findValuesAsString("id")).containsExactly("mine");
    assertThat(ask("GET", "/tenants/other/destinations/" + id, "").status()).isEqualTo(200);
  }

  @Test
  void aTenantManagesItsOwnButChoosesNoSecret() {
    ask("PUT", "/tenants/mine", "");
    var bearer = token("mine");
    var path = "/tenants/mine/destinations";

    var made = call("POST", path, WEBHOOK, bearer);
    var one = path + "/" + json(made).path("id").asString();

    assertThat(made.status()).isEqualTo(201);
    assertThat(call("PATCH", one, "{\"credentials\":{\"rotate_secret\":true}}", bearer).status())
        .isEqualTo(200);
    assertThat(call("PATCH", one, "{\"credentials\":{\"secret\":\"mine\"}}", bearer).status())
        .isEqualTo(422);
    assertThat(
            call(
                    "POST",
                    path,
                    WEBHOOK.replace("{\"type\"", "{\"credentials\":{\"secret\":\"s\"},\"type\""),
                    bearer)
                .status())
        .isEqualTo(422);
    assertThat(call("DELETE", one, "", bearer).status()).isEqualTo(200);
  }

  @Test
  void refusesInTheShapeThatClientsRead() {
    var unauthorized = call("GET", "/tenants", "", "");
    assertThat(unauthorized.status()).isEqualTo(401);
    assertThat(unauthorized.headers().first("content-type")).hasValue("application/json");
    assertThat(json(unauthorized).path("message").asString()).isNotEmpty();
    assertThat(ask("GET", "/tenants/nobody", "").status()).isEqualTo(404);
    assertThat(ask("POST", "/tenants", "").status()).isEqualTo(405);
    assertThat(ask("GET", "/tenants/t/nothing", "").status()).isEqualTo(404);
    assertThat(ask("PUT", "/tenants/t", "{").status()).isEqualTo(400);
    assertThat(ask("POST", "/publish", "{\"tenant_id\":").status()).isEqualTo(400);
    var invalid = json(ask("POST", "/publish", "{\"tenant_id\":\"t\",\"topic\":\"x\"}"));
    assertThat(
            StreamSupport.stream(invalid.path("data").spliterator(), false).map(JsonNode::asString))
        .containsExactly("topic is invalid", "data is required");
  }

  private JsonNode publish(String topic) {
    return json(
        ask("POST", "/publish", "{\"tenant_id\":\"t\",\"topic\":\"" + topic + "\",\"data\":{}}"));
  }

  private static String destination(Reply made) {
    return "/tenants/t/destinations/" + json(made).path("id").asString();
  }

  private int status(String method, String path, String token) {
    return call(method, path, "", token).status();
  }
}
