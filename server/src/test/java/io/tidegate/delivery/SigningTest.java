package io.tidegate.delivery;

import static io.tidegate.delivery.Pumps.TOPIC;
import static io.tidegate.delivery.Pumps.URL;
import static io.tidegate.delivery.Pumps.record;
import static io.tidegate.delivery.Pumps.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.standardwebhooks.Webhook;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.guard.Checked;
import io.tidegate.guard.SignatureCheck;
import io.tidegate.guard.SignaturePresets;
import io.tidegate.guard.SigningSecret;
import io.tidegate.http.Call;
import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import io.tidegate.log.Acks;
import io.tidegate.log.Entry;
import io.tidegate.log.MemoryLog;
import io.tidegate.log.Stored;
import io.tidegate.registry.SealingKey;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SigningTest {
  private static final String SECRETS = "webhook-secrets";
  private static final String SECRET = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
  private static final String OLD_SECRET = "whsec_ZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5/gIGCg4Q=";
  private static final String PRIVATE =
      "whsk_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB5tVYuj+ZU+UB4sRLoqYunkB+FOuaVvtfg45ELrQSWZA==";
  private static final String PUBLIC = "whpk_ebVWLo/mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQ=";
  private static final String V1 = "v1,uwThevHc1ZAyIxCU0K+KaOtxcudZyekTbs0/8xHvDHg=";
  private static final String OLD_V1 = "v1,iMcufIebo9xSnW5gTzZDrc93ZmxRb39vnN3p3K3dR5Y=";
  private static final String V1A =
      "v1a,7jh8P3AZa5RHxn078wplpW42+iQ10YsjX/d26ULmJBqYxgtKVrKJ1F2GtaIpYD4A1WqDJ+8VJbxVOA29fMHdCg==";
  private static final String BODY =
      "{\"type\":\"order.paid\",\"data\":{\"id\":\"ord_1\",\"amount\":1250}}";
  private static final Stored RECORD = record(URL, BODY, "webhook-id", "msg_0001");

  private final MemoryLog log = new MemoryLog().topic(TOPIC, 1, false).topic(SECRETS, 2, true);
  private final FakeClient client = new FakeClient();
  private final SealingKey key = SealingKey.parse(SealingKey.generate());
  private final List<HttpSenders> open = new ArrayList<>();
  private Time time = new ManualTime(Instant.ofEpochSecond(1_700_000_000));

  @AfterEach
  void close() {
    open.forEach(HttpSenders::close);
    log.close();
  }

  private HttpSenders senders(Pumps pump) {
    var senders =
        new HttpSenders(
            pump.build(),
            new HttpSenders.Needs(
                log, _ -> client, _ -> Optional.empty(), key, time, new SimpleMeterRegistry()));
    open.add(senders);
    return senders.start();
  }

  private Call sent(Pumps pump, Stored record) {
    client.answer(200);
    var attempt = attempt(senders(pump), record);
    assertThat(attempt.kind()).as(attempt.detail()).isEqualTo(Attempt.Kind.DELIVERED);
    return client.sent(client.count() - 1);
  }

  private static Attempt attempt(HttpSenders senders, Stored record) {
    return senders.on(TOPIC).send(record, new Routing.To(Bytes.EMPTY, ""), 1);
  }

  private static Request received(Call call) {
    var target = call.target();
    return new Request(
        UUID.randomUUID().toString(),
        target.scheme(),
        target.authority(),
        call.method(),
        target.path(),
        "",
        call.headers(),
        call.body(),
        "203.0.113.7",
        Map.of());
  }

  private Checked check(Call call, String preset, Map<String, String> how, String secret) {
    return SignatureCheck.of(
            SignaturePresets.of(preset, how),
            List.of(SigningSecret.lasting("s", new Secret(secret))),
            time)
        .check(received(call));
  }

  @Test
  void signsAsStandardWebhooksHasItWithEverySecret() {
    var call =
        sent(
            new Pumps()
                .signing(
                    null, rule("*", "standard-webhooks", Map.of(), SECRET, OLD_SECRET, PRIVATE)),
            RECORD);

    assertThat(call.headers().first("webhook-id")).contains("msg_0001");
    assertThat(call.headers().first("webhook-timestamp")).contains("1700000000");
    assertThat(call.headers().first("webhook-signature")).contains(V1 + " " + OLD_V1 + " " + V1A);
    for (var secret : List.of(SECRET, OLD_SECRET, PUBLIC)) {
      assertThat(check(call, "standard-webhooks", Map.of(), secret))
          .isInstanceOf(Checked.Verified.class);
    }
  }

  @Test
  void thePublishedLibraryVerifiesIt() {
    time = Time.system();
    var pump = new Pumps().signing(null, rule("*", "standard-webhooks", Map.of(), SECRET, PRIVATE));

    for (var body : List.of("", "x", BODY, "Zo\u00eb \ud83d\ude80", "a".repeat(70_000))) {
      var call = sent(pump, record(URL, body));

      assertThatCode(() -> new Webhook(SECRET).verify(body, httpHeaders(call.headers())))
          .doesNotThrowAnyException();
      assertThat(call.headers().first("webhook-id"))
          .isEqualTo(call.headers().first("idempotency-key"));
    }
  }

  private static HttpHeaders httpHeaders(Headers headers) {
    var all = new java.util.TreeMap<String, List<String>>();
    headers.forEach(field -> all.put(field.name(), List.of(field.value())));
    return HttpHeaders.of(all, (_, _) -> true);
  }

  @Test
  void signsUnderTheNamesOfSvix() {
    var call = sent(new Pumps().signing(null, rule("*", "svix", Map.of(), SECRET)), RECORD);

    assertThat(call.headers().first("svix-id")).contains("msg_0001");
    assertThat(call.headers().first("svix-signature")).contains(V1);
    assertThat(check(call, "svix", Map.of(), SECRET)).isInstanceOf(Checked.Verified.class);
  }

  @Test
  void signsByTheGenericScheme() {
    var how =
        Map.of(
            "header",
            "x-signature",
            "signed_content",
            "{timestamp}.{method}.{url}.{header:x-tenant}.{body}",
            "timestamp",
            "key:t",
            "multi_separator",
            ",",
            "multi_key",
            "v1",
            "id_header",
            "x-delivery");
    var pump = new Pumps().signing(null, rule("*", "hmac", how, "new", "old"));
    var call = sent(pump, record(URL, BODY, "x-tenant", "t1"));

    assertThat(check(call, "hmac", how, "new")).isInstanceOf(Checked.Verified.class);
    assertThat(check(call, "hmac", how, "old")).isInstanceOf(Checked.Verified.class);
    assertThat(check(call, "hmac", how, "none")).isInstanceOf(Checked.Denied.class);
    assertThat(call.headers().first("x-delivery"))
        .isEqualTo(call.headers().first("idempotency-key"));
    assertThat(attempt(senders(pump), record(URL, BODY)).kind()).isEqualTo(Attempt.Kind.PERMANENT);
  }

  @Test
  void aRecordCannotBringItsOwnSignature() {
    var forged =
        record(
            URL,
            BODY,
            "webhook-signature",
            "v1,AAAA",
            "webhook-timestamp",
            "1",
            "webhook-id",
            "msg_0001");
    var pump = new Pumps().signing(null, rule("*", "standard-webhooks", Map.of(), SECRET));

    var headers = sent(pump, forged).headers();

    assertThat(headers.joined("webhook-signature")).contains(V1);
    assertThat(headers.joined("webhook-timestamp")).contains("1700000000");
  }

  @ParameterizedTest
  @CsvSource({"order-17, order-17", "order.17, [0-9a-f]{64}"})
  void anIdThatCannotBeSignedIsReplacedByItsHash(String given, String signed) {
    var pump = new Pumps().signing(null, rule("*", "standard-webhooks", Map.of(), SECRET));

    var call = sent(pump, record(URL, BODY, "idempotency-key", given));

    assertThat(call.headers().first("idempotency-key")).contains(given);
    var id = call.headers().first("webhook-id").orElseThrow();
    assertThat(id).matches(signed);
    assertThat(sent(pump, record(URL, "", "idempotency-key", given)).headers().first("webhook-id"))
        .contains(id);
  }

  @Test
  void theFirstRuleThatMatchesTheUrlSigns() {
    var pump =
        new Pumps()
            .signing(
                null,
                rule("https://other.example/*", "svix", Map.of(), SECRET),
                rule("https://*.shop.example/*", "standard-webhooks", Map.of(), SECRET),
                rule("*", "standard-webhooks", Map.of(), OLD_SECRET));

    assertThat(sent(pump, RECORD).headers().first("webhook-signature")).contains(V1);
    assertThat(
            sent(
                    pump,
                    record("https://evil.example/.shop.example/", BODY, "webhook-id", "msg_0001"))
                .headers()
                .first("webhook-signature"))
        .contains(OLD_V1);
  }

  private void put(String url, String value) {
    log.append(
        new Entry(SECRETS, Bytes.utf8(url), List.of(), value == null ? null : Bytes.utf8(value)),
        Acks.IN_SYNC_REPLICAS,
        _ -> {});
    log.settle();
  }

  private String sealedRule(String... secrets) {
    var all = new ArrayList<String>();
    for (var secret : secrets) {
      all.add("\"" + key.seal(new Secret(secret)) + "\"");
    }
    return "{\"secrets\":[" + String.join(",", all) + "]}";
  }

  @Test
  void furtherRulesLieInATopicAndAreFollowedLive() {
    put("https://hooks.shop.example/*", sealedRule(SECRET));
    var senders = senders(new Pumps().signing(SECRETS));

    assertThat(signature(senders)).contains(V1);
    put("https://hooks.shop.example/in", sealedRule(OLD_SECRET, SECRET));
    assertThat(signature(senders)).contains(OLD_V1 + " " + V1);
    put("https://hooks.shop.example/in", null);
    assertThat(signature(senders)).contains(V1);
    put("https://hooks.shop.example/*", null);
    assertThat(signature(senders)).isEmpty();
    assertThat(senders.check()).isEmpty();
  }

  private Optional<String> signature(HttpSenders senders) {
    client.answer(200);
    assertThat(attempt(senders, RECORD).kind()).isEqualTo(Attempt.Kind.DELIVERED);
    return client.sent(client.count() - 1).headers().first("webhook-signature");
  }

  @Test
  void theFilesRulesComeFirst() {
    put("*", sealedRule(OLD_SECRET));
    var pump =
        new Pumps()
            .signing(
                SECRETS,
                rule("https://hooks.shop.example/*", "standard-webhooks", Map.of(), SECRET));

    assertThat(signature(senders(pump))).contains(V1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "[]",
        "{}",
        "{\"secrets\":[]}",
        "{\"secrets\":[\"whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=\"]}",
        "{\"secrets\":[\"sealed:v1:00000000:AAAA\"]}",
        "{\"secrets\":[{\"id\":\"x\"}]}",
        "{\"preset\":\"github\",\"secrets\":[\"sealed:v1:00000000:AAAA\"]}",
        "{\"preset\":7,\"secrets\":[\"sealed:v1:00000000:AAAA\"]}",
        "{\"parameters\":{\"a\":{}},\"secrets\":[\"sealed:v1:00000000:AAAA\"]}",
        "{\"secret\":[\"sealed:v1:00000000:AAAA\"]}"
      })
  void aBrokenRuleTakesNothingAwayAndLetsNothingOutUnsigned(String broken) {
    put("https://hooks.shop.example/*", sealedRule(SECRET));
    var senders = senders(new Pumps().signing(SECRETS));
    put("https://hooks.shop.example/*", broken);
    put("https://never.example/*", broken);
    put("no pattern", sealedRule(SECRET));

    assertThat(signature(senders)).contains(V1);
    var unknown = attempt(senders, record("https://never.example/x", "{}"));
    assertThat(unknown.kind()).isEqualTo(Attempt.Kind.FAILED);
    assertThat(unknown.word()).isEqualTo("signing");
    assertThat(unknown.detail()).contains("https://never.example/*").doesNotContain("whsec");
    assertThat(senders.check().getFirst()).startsWith("2 signing rules");
    client.answer(200);
    assertThat(attempt(senders, record("https://b.example/x", "{}")).kind())
        .isEqualTo(Attempt.Kind.DELIVERED);
  }

  @Test
  void secretsMayHaveNames() {
    var sealed = key.seal(new Secret(SECRET));
    put("*", "{\"preset\":\"svix\",\"secrets\":[{\"id\":\"2026\",\"sealed\":\"" + sealed + "\"}]}");

    assertThat(sent(new Pumps().signing(SECRETS), RECORD).headers().first("svix-signature"))
        .contains(V1);
  }

  @Test
  void nothingGoesOutUnsignedBeforeTheTopicIsRead() {
    var topic = new SigningTopic(SECRETS, log, key, time);
    var signer = new Signer(SigningRules.of(List.of()), topic, time);
    var call =
        new Call("POST", io.tidegate.http.TargetUrl.parse(URL), Headers.NONE, Bytes.utf8(BODY));
    Thread.currentThread().interrupt();

    assertThat(signer.sign(call, "id")).isInstanceOf(Signer.Signed.NotNow.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(signer.check())
        .contains("the topic webhook-secrets of signing rules is still being read");
  }

  @Test
  void aClusterThatIsAwayAtTheStartIsWaitedForWithoutSendingAnythingUnsigned() {
    put("*", sealedRule(SECRET));
    log.goAway();
    var senders = senders(new Pumps().signing(SECRETS));

    assertThat(attempt(senders, RECORD).word()).isEqualTo("signing");
    log.comeBack();
    log.settle();
    assertThat(signature(senders)).contains(V1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          *                    | standard-webhooks | whsec_AQID                | ''
          hooks.shop.example/* | standard-webhooks | whsec_AQID                | when: a pattern of URLs was expected, as https://hooks.shop.example/*
          ftp://x/*            | standard-webhooks | whsec_AQID                | when: a pattern of URLs was expected, as https://hooks.shop.example/*
          https:///x           | standard-webhooks | whsec_AQID                | when: host and port are expected behind https://
          *                    | github            | x                         | preset: hmac, standard-webhooks, svix was expected
          *                    | standard-webhooks | whsec_%                   | secret 1 is not whsec
          *                    | hmac              | x                         | header: the name of the signature header is required
          """)
  void faultsOfRulesAreFoundBeforehand(String url, String preset, String secret, String fault) {
    var faults = SigningRules.faults(rule(url, preset, Map.of(), secret));

    assertThat(String.join("; ", faults)).isEqualTo(fault);
  }

  @Test
  void whatASenderCannotDoIsAFault() {
    var inBody = Map.of("header", "x-s", "timestamp", "json:/at", "signed_content", "{body}");
    var one = Map.of("header", "x-s");

    assertThat(SigningRules.faults(rule("*", "hmac", inBody, "a")).getFirst())
        .startsWith("timestamp: ");
    assertThat(SigningRules.faults(rule("*", "hmac", one, "a", "b")).getFirst())
        .startsWith("secrets: the header has room for one signature");
    assertThat(SigningRules.faults(rule("*", "standard-webhooks", Map.of(), PUBLIC)).getFirst())
        .contains("is a public key");
    assertThat(SigningRules.faults(rule("*", "hmac", one))).isNotEmpty();
  }
}
