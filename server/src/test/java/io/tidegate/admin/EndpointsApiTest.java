package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.inbox.ConfigKind;
import io.tidegate.inbox.EndpointForm;
import io.tidegate.inbox.EndpointKind;
import io.tidegate.inbox.RegisteredEndpoint;
import io.tidegate.inbox.WebhookConfig;
import io.tidegate.log.MemoryLog;
import io.tidegate.registry.History.Told;
import io.tidegate.registry.Registries;
import io.tidegate.registry.Registry;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EndpointsApiTest {
  private static final String GITHUB =
      "{\"topic\":\"webhooks.a\",\"verification\":{\"preset\":\"github\"}}";

  private final MemoryLog log = new MemoryLog();
  private final SealingKey key = SealingKey.parse(SealingKey.generate());
  private final EndpointKind kind =
      new EndpointKind(
          key,
          new EndpointKind.Rules(
              topic -> topic.startsWith("webhooks."), _ -> List.of(), EndpointForm.Terms.USUAL));
  private final Registries registries =
      new Registries(log, Time.system(), new SimpleMeterRegistry());
  private final Registry<RegisteredEndpoint> registry = registries.add(kind);
  private final ConfigKind configKind = new ConfigKind();
  private final Registry<WebhookConfig> config = registries.add(configKind);
  private final ApiRouter api =
      new ApiRouter(
          new OperatorGate(new Secret("the key"), Set.of("gateway.internal")),
          () ->
              Optional.of(
                  new EndpointParts(
                      registries,
                      registry,
                      Optional.of(config),
                      key,
                      Optional.empty(),
                      id -> "https://in.test/e/" + id,
                      Time.system())),
          List::of,
          Executors.newVirtualThreadPerTaskExecutor());

  @BeforeEach
  void start() {
    log.create(Registries.topics(List.of(kind, configKind)), Duration.ofSeconds(1));
    registries.start();
    assertThat(registries.awaitReplay(Duration.ofSeconds(10))).isTrue();
  }

  @AfterEach
  void stop() {
    registries.close();
    log.close();
  }

  @Test
  void keepsWhoAskedForWhat() {
    ask("POST", "/api/v1/endpoints", GITHUB);
    ask("PATCH", "/api/v1/webhooks/config", "{\"buffer_capacity\":500}");

    var told =
        registries.history().read(Optional.empty(), 10, _ -> true, Duration.ofSeconds(5)).told();

    assertThat(told).extracting(Told::by).containsExactly("operator", "operator");
    assertThat(told).extracting(Told::kind).containsExactly("config", "endpoint");
    assertThat(told).extracting(Told::action).containsExactly("config", "register");
    assertThat(told.getFirst().fields()).containsExactly("buffer_capacity");
    assertThat(told.getLast().fields()).contains("topic", "verification");
    assertThat(told.getLast().id()).hasSize(9).endsWith("…");
  }

  @Test
  void setsWhatIsForAllWebhooks() {
    var path = "/api/v1/webhooks/config";
    var before = ask("GET", path, "");
    assertThat(before.headers().first("etag")).contains("\"0\"");
    assertThat(json(before).path("buffer_capacity").isNull()).isTrue();

    var changed = ask("PATCH", path, "{\"rate_limit_per_second\":5,\"forward_headers\":[\"X-A\"]}");

    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.headers().first("etag")).contains("\"1\"");
    assertThat(json(changed).path("forward_headers").path(0).asString()).isEqualTo("x-a");
    assertThat(json(ask("GET", path, "")).path("rate_limit_per_second").asInt()).isEqualTo(5);
    assertThat(json(ask("PATCH", path, "{\"buffer_capacity\":1}")).path("errors").toString())
        .contains("/buffer_capacity");
    assertThat(ask("PATCH", path, "{\"action\":\"revoke\"}").status()).isEqualTo(422);
    assertThat(ask("PATCH", path, "{\"buffer_capacity\":100}", "if-match", "\"0\"").status())
        .isEqualTo(409);
    assertThatThrownBy(() -> ask("DELETE", path, "")).isInstanceOf(Problem.Refusal.class);
  }

  @Test
  void keepsWhatAnEndpointDoesNotSayItselfWhenItsUrlIsRotated() {
    var made = json(ask("POST", "/api/v1/endpoints", GITHUB));
    var changed =
        json(ask("PATCH", one(made), "{\"description\":\"d\",\"limits\":{\"per_second\":7}}"));
    var rotated = json(ask("POST", one(made) + "/rotate-url", "{\"overlap_seconds\":60}"));

    assertThat(made.path("inherited").toString())
        .isEqualTo("[\"limits.body\",\"limits.per_second\",\"forward\"]");
    for (var each : List.of(changed, rotated)) {
      assertThat(each.path("inherited").toString()).isEqualTo("[\"limits.body\",\"forward\"]");
      assertThat(each.path("limits").path("burst").asInt()).isEqualTo(7);
    }
  }

  @Test
  void showsUrlAndSecretOnceAndNeverAgain() {
    var reply = ask("POST", "/api/v1/endpoints", GITHUB);
    var made = json(reply);

    assertThat(reply.status()).isEqualTo(201);
    var url = made.path("url").asString();
    var secret = made.path("secret").asString();
    assertThat(url).matches("https://in.test/e/[0-9a-f]{32}");
    assertThat(secret).hasSizeGreaterThan(40);
    assertThat(registry.find(url.substring(url.length() - 32))).isPresent();
    assertThat(reply.headers().first("location"))
        .hasValue("/api/v1/endpoints/" + made.path("id").asString());
    var read = ask("GET", one(made), "");
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.headers().first("etag")).hasValue("\"1\"");
    assertThat(read.body().utf8()).doesNotContain(secret, url.substring(url.length() - 32));
    assertThat(read.body().utf8()).contains("\"secret\":\"***\"", "\"status\":\"live\"");
    assertThat(ask("GET", "/api/v1/endpoints", "").body().utf8()).doesNotContain(secret);
  }

  @Test
  void takesASecretThatTheSenderChose() {
    var made = json(ask("POST", "/api/v1/endpoints", GITHUB.replace("}}", "},\"secret\":\"x1\"}")));

    assertThat(made.path("secret").asString()).isEqualTo("x1");
    assertThat(log.stored("tidegate.commands").getFirst().value().utf8()).doesNotContain("x1\"");
  }

  @Test
  void namesEveryFieldThatIsWrong() {
    var reply =
        ask("POST", "/api/v1/endpoints", "{\"topic\":\"orders\",\"ack\":\"x\",\"limits\":7}");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.headers().first("content-type")).hasValue("application/problem+json");
    assertThat(json(reply).path("errors").findValuesAsString("pointer"))
        .containsExactlyInAnyOrder("/topic", "/ack", "/limits");
    assertThat(json(ask("POST", "/api/v1/endpoints", "{\"topics\":\"a\"}")).toString())
        .contains("/topics");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {           | 400
          []          | 400
          7           | 400
          {"a":1}{}   | 400
          {"topic":"webhooks.a","topic":"webhooks.b"} | 400
          {"topic":"webhooks.a","secret":7} | 422
          """)
  void refusesBodiesThatAreNone(String body, int status) {
    assertThat(ask("POST", "/api/v1/endpoints", body).status()).isEqualTo(status);
  }

  @Test
  void refusesWhatIsTooDeep() {
    var deep = "{\"a\":".repeat(2000) + "1" + "}".repeat(2000);

    assertThat(ask("POST", "/api/v1/endpoints", deep).status()).isEqualTo(400);
  }

  @Test
  void changesWhatIsNamed() {
    var made = json(ask("POST", "/api/v1/endpoints", GITHUB));

    var reply = ask("PATCH", one(made), "{\"description\":\"mine\"}", "if-match", "\"1\"");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(json(reply).path("description").asString()).isEqualTo("mine");
    assertThat(json(reply).path("version").asInt()).isEqualTo(2);
    assertThat(ask("PATCH", one(made), "{\"description\":\"x\"}", "if-match", "\"1\"").status())
        .isEqualTo(409);
    assertThat(ask("PATCH", "/api/v1/endpoints/ep_none", "{}").status()).isEqualTo(404);
  }

  @Test
  void rotatesTheSecretWithAnOverlap() {
    var made = json(ask("POST", "/api/v1/endpoints", GITHUB));

    var reply = ask("POST", one(made) + "/rotate-secret", "{\"overlap_seconds\":60}");

    assertThat(reply.status()).isEqualTo(200);
    var fresh = json(reply).path("secret").asString();
    var before = made.path("secret").asString();
    assertThat(fresh).isNotEqualTo(before);
    assertThat(verified(made, fresh)).contains("\"verified\":true", "\"secret\":\"v2\"");
    assertThat(verified(made, before)).contains("\"verified\":true", "\"secret\":\"v1\"");
    var until = Instant.parse(json(reply).path("secrets").get(1).path("not_after").asString());
    assertThat(until).isBetween(Instant.now(), Instant.now().plusSeconds(61));
    assertThat(ask("POST", one(made) + "/rotate-secret", "{\"overlap_seconds\":-1}").status())
        .isEqualTo(422);
  }

  @Test
  void saysWhyASampleIsNotVerified() {
    var made = json(ask("POST", "/api/v1/endpoints", GITHUB));

    assertThat(verified(made, "another")).contains("\"verified\":false", "\"reason\":\"mismatch\"");
    assertThat(ask("POST", one(made) + "/verify", "{\"body\":\"x\"}").body().utf8())
        .contains("\"reason\":\"missing\"", "x-hub-signature-256");
  }

  @Test
  void rotatesTheUrlAndLetsTheOldOneEnd() {
    var made = json(ask("POST", "/api/v1/endpoints", GITHUB));

    var later = json(ask("POST", one(made) + "/rotate-url", "{\"overlap_seconds\":60}"));
    var atOnce = json(ask("POST", one(later) + "/rotate-url", "{\"overlap_seconds\":0}"));

    assertThat(later.path("url").asString()).isNotEqualTo(made.path("url").asString());
    assertThat(verified(atOnce, made.path("secret").asString())).contains("\"verified\":true");
    assertThat(json(ask("GET", one(made), "")).path("expires_at").isString()).isTrue();
    assertThat(json(ask("GET", one(later), "")).path("status").asString()).isEqualTo("revoked");
    assertThat(json(ask("GET", one(atOnce), "")).path("status").asString()).isEqualTo("live");
  }

  @Test
  void revokesForEver() {
    var made = json(ask("POST", "/api/v1/endpoints", GITHUB));

    var reply = ask("DELETE", one(made) + "?reason=leaked+in+a+log", "");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(json(reply).path("revoked").path("reason").asString()).isEqualTo("leaked in a log");
    assertThat(ask("POST", one(made) + "/revoke", "{}").status()).isEqualTo(200);
    assertThat(ask("PATCH", one(made), "{\"description\":\"x\"}").status()).isEqualTo(409);
    assertThat(ask("POST", one(made) + "/rotate-secret", "{}").status()).isEqualTo(409);
  }

  @Test
  void listsPageByPageBothWays() {
    var made = new ArrayList<String>();
    for (var i = 0; i < 7; i++) {
      made.add(json(ask("POST", "/api/v1/endpoints", GITHUB)).path("id").asString());
    }
    var seen = new ArrayList<String>();
    var next = "";
    JsonNode page;
    var firstNext = "";
    do {
      page = json(ask("GET", "/api/v1/endpoints?dir=asc&limit=3&next=" + next, ""));
      page.path("models").forEach(model -> seen.add(model.path("id").asString()));
      next = page.path("pagination").path("next").asString("");
      firstNext = firstNext.isEmpty() ? next : firstNext;
    } while (!next.isEmpty());

    assertThat(seen).containsExactlyInAnyOrderElementsOf(made).doesNotHaveDuplicates();
    var prev = page.path("pagination").path("prev").asString();
    var back = json(ask("GET", "/api/v1/endpoints?dir=asc&limit=3&prev=" + prev, ""));
    assertThat(
            back.path("models").findValuesAsString("id").stream()
                .filter(id -> id.startsWith("ep_"))
                .toList())
        .isEqualTo(seen.subList(3, 6));
    assertThat(ask("GET", "/api/v1/endpoints?limit=0", "").status()).isEqualTo(400);
    assertThat(ask("GET", "/api/v1/endpoints?next=x", "").status()).isEqualTo(400);
  }

  @Test
  void letsNobodyInWithoutTheKey() {
    assertRefused(401, request("GET", "/api/v1/endpoints", "", "authorization", "Bearer other"));
    assertRefused(401, request("GET", "/api/v1/endpoints", "", "authorization", "Basic x"));
    assertThat(
            api.route(request("GET", "/api/v1/endpoints", "", "authorization", "bearer the key")))
        .isNotNull();
  }

  @Test
  void refusesOtherHostsAndOrigins() {
    assertRefused(421, at("evil.test:7115"));
    assertRefused(421, at("localhost.evil.test:7115"));
    assertThat(api.route(at("localhost:7115"))).isNotNull();
    assertThat(api.route(at("[::1]:7115"))).isNotNull();
    assertThat(api.route(at("gateway.internal:7115"))).isNotNull();
    var foreign =
        request(
            "GET",
            "/api/v1/endpoints",
            "",
            "authorization",
            "Bearer the key",
            "origin",
            "https://evil.test");
    assertRefused(403, foreign);
  }

  @Test
  void namesTheMethodsThatAPathHas() {
    assertRefused(405, keyed("PUT", "/api/v1/endpoints"));
    assertRefused(405, keyed("GET", "/api/v1/endpoints/ep_1/verify"));
    assertRefused(404, keyed("GET", "/api/v1/endpoints/ep_1/else"));
    assertRefused(404, keyed("GET", "/api/v1/"));
  }

  private void assertRefused(int status, Request head) {
    assertThatThrownBy(() -> api.route(head))
        .isInstanceOfSatisfying(
            Problem.Refusal.class,
            refusal -> assertThat(refusal.problem().status()).isEqualTo(status));
  }

  private String verified(JsonNode made, String secret) {
    var sample =
        "{\"body\":\"hello\",\"headers\":{\"X-Hub-Signature-256\":\"sha256=%s\"}}"
            .formatted(hmac(secret, "hello"));
    return ask("POST", one(made) + "/verify", sample).body().utf8();
  }

  private static String hmac(String secret, String body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Bytes.utf8(secret).array(), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(Bytes.utf8(body).array()));
    } catch (java.security.GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String one(JsonNode made) {
    return "/api/v1/endpoints/" + made.path("id").asString();
  }

  private static JsonNode json(Reply reply) {
    return new JsonMapper().readTree(reply.body().array());
  }

  private Reply ask(String method, String target, String body, String... headers) {
    var all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("authorization", "Bearer the key"));
    return Caller.ask(api, request(method, target, body, all.toArray(String[]::new)));
  }

  private static Request keyed(String method, String path) {
    return request(method, path, "", "authorization", "Bearer the key");
  }

  private static Request at(String authority) {
    var asked = keyed("GET", "/api/v1/endpoints");
    return new Request(
        asked.id(),
        "http",
        authority,
        "GET",
        asked.path(),
        "",
        asked.headers(),
        Bytes.EMPTY,
        "127.0.0.1",
        Map.of());
  }

  private static Request request(String method, String target, String body, String... headers) {
    return Caller.request(method, target, body, Headers.of(headers));
  }
}
