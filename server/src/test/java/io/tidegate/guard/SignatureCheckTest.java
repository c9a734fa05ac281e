package io.tidegate.guard;

import static io.tidegate.guard.SignedRequests.BODY;
import static io.tidegate.guard.SignedRequests.NOW;
import static io.tidegate.guard.SignedRequests.at;
import static io.tidegate.guard.SignedRequests.check;
import static io.tidegate.guard.SignedRequests.post;
import static io.tidegate.guard.SignedRequests.preset;
import static io.tidegate.guard.SignedRequests.reason;
import static io.tidegate.guard.SignedRequests.request;
import static io.tidegate.guard.SignedRequests.verified;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.guard.Checked.Denied;
import io.tidegate.guard.Checked.Reason;
import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules that every preset keeps.
class SignatureCheckTest {
  private static final String HEADER = "x-hub-signature-256";

  private static String signature(String secret) {
    return "sha256=" + PlainHmac.hmac256(secret, BODY);
  }

  private static Request signed(String secret) {
    return post(BODY, HEADER, signature(secret));
  }

  @Test
  void namesTheSecretThatMatched() {
    var check = check(preset("github"), "new", "old", "older");

    assertThat(check.check(signed("new"))).isEqualTo(verified("s0"));
    assertThat(check.check(signed("older"))).isEqualTo(verified("s2"));
  }

  @Test
  void aSecretCountsToTheLastMomentAndNotAfter() {
    var secrets =
        List.of(
            SigningSecret.lasting("new", new Secret("new")),
            new SigningSecret("old", new Secret("old"), NOW));

    assertThat(SignatureCheck.of(preset("github"), secrets, at(NOW)).check(signed("old")))
        .isEqualTo(verified("old"));
    var later = SignatureCheck.of(preset("github"), secrets, at(NOW.plusMillis(1)));
    assertThat(reason(later.check(signed("old")))).isEqualTo(Reason.MISMATCH);
    assertThat(later.check(signed("new"))).isEqualTo(verified("new"));
  }

  @Test
  void tenSecretsAreTriedAndNoMore() {
    var secrets = IntStream.range(0, 12).mapToObj(i -> "secret" + i).toArray(String[]::new);
    var check = check(preset("github"), secrets);

    assertThat(check.check(signed("secret9"))).isEqualTo(verified("s9"));
    assertThat(reason(check.check(signed("secret10")))).isEqualTo(Reason.MISMATCH);
  }

  @Test
  void withoutALiveSecretEverythingIsRefused() {
    var ended = List.of(new SigningSecret("old", new Secret("old"), NOW.minusMillis(1)));

    assertThat(reason(check(preset("github")).check(signed("any"))))
        .isEqualTo(Reason.MISCONFIGURED);
    assertThat(reason(SignatureCheck.of(preset("github"), ended, at(NOW)).check(signed("old"))))
        .isEqualTo(Reason.MISCONFIGURED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void anEmptySecretRefusesEverythingEvenBesideAGoodOne(String empty) {
    for (var name : SignaturePresets.names()) {
      assertThat(reason(check(preset(name), empty).check(post(BODY))))
          .as(name)
          .isEqualTo(Reason.MISCONFIGURED);
    }
    var check = check(preset("github"), "good", empty);
    assertThat(check.check(signed("good")))
        .isEqualTo(new Denied(Reason.MISCONFIGURED, "secret s1 is empty"));
    assertThat(SignatureCheck.fault(preset("github"), empty)).contains("is empty");
  }

  @Test
  void anEmptySecretWhoseTimeIsOverHarmsNothing() {
    var secrets =
        List.of(
            SigningSecret.lasting("new", new Secret("new")),
            new SigningSecret("old", new Secret(""), NOW.minusSeconds(1)));

    assertThat(SignatureCheck.of(preset("github"), secrets, at(NOW)).check(signed("new")))
        .isEqualTo(verified("new"));
  }

  @Test
  void aRepeatedSignatureHeaderIsTriedEachTime() {
    var check = check(preset("github"), "key");

    var twice = post(BODY, HEADER, signature("other"), HEADER, signature("key"));
    assertThat(check.check(twice)).isEqualTo(verified("s0"));

    var many = new ArrayList<String>();
    IntStream.range(0, 5).forEach(_ -> many.addAll(List.of(HEADER, signature("key"))));
    assertThat(reason(check.check(post(BODY, many.toArray(String[]::new)))))
        .isEqualTo(Reason.MALFORMED);
  }

  @Test
  void schemesAreNotMixed() {
    var legacy = "sha1=95c24fe281e4499392bebe7f9a917d579cf7f803";

    var check = check(preset("github"), "my-secret-key");
    assertThat(reason(check.check(post(BODY, "x-hub-signature", legacy))))
        .isEqualTo(Reason.MISSING);
    assertThat(reason(check.check(post(BODY, HEADER, legacy)))).isEqualTo(Reason.MALFORMED);
    assertThat(reason(check.check(post(BODY, HEADER, "sha256=" + legacy.substring(5)))))
        .isEqualTo(Reason.MISMATCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "sha256=",
        "sha256",
        "SHA256=00",
        "sha256=zz",
        "sha256=0",
        "sha256=00",
        "sha256=00 ",
        "sha256==",
        "sha512=00",
        "é\u0000\u00ff",
        "sha256=é",
        "sha256=00,sha256=00"
      })
  void oddHeadersAreRefusedAndNotThrown(String header) {
    assertThat(check(preset("github"), "key").check(post(BODY, HEADER, header)))
        .isInstanceOf(Denied.class);
  }

  static List<String> names() {
    return List.copyOf(SignaturePresets.names());
  }

  @ParameterizedTest
  @MethodSource("names")
  void rubbishOfEveryKindIsRefusedAndNotThrown(String name) {
    var random = new Random(7);
    var check = check(preset(name), secretOf(name));
    for (int i = 0; i < 2000; i++) {
      var request = rubbish(random);

      assertThatCode(() ->
              assertThat(check.check(request, rubbish(random, 40))).isInstanceOf(Denied.class))
          .as("%s %d", name, i)
          .doesNotThrowAnyException();
    }
  }

  private static String secretOf(String name) {
    return switch (name) {
      case "sendgrid" ->
          "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7"
              + "yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==";
      case "basic" -> "user:password";
      default -> "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
    };
  }

  private static Request rubbish(Random random) {
    var fields = new ArrayList<Headers.Field>();
    for (var header : SIGNATURE_HEADERS) {
      for (int i = random.nextInt(3); i > 0; i--) {
        fields.add(new Headers.Field(header, rubbish(random, 60)));
      }
    }
    var bare = request("POST", SignedRequests.URL, Bytes.utf8(rubbish(random, 80)));
    return SignatureVectors.with(bare, Headers.of(fields));
  }

  /// Pieces that parsers trip over, in any order.
  private static String rubbish(Random random, int most) {
    var text = new StringBuilder();
    while (text.length() < most && random.nextInt(8) > 0) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  private static final List<String> PIECES =
      List.of(
          "=",
          ",",
          ";",
          " ",
          "v0=",
          "v1=",
          "v1,",
          "v1a,",
          "t=",
          "ts=",
          "h1=",
          "sha256=",
          "Basic ",
          "Bearer ",
          "1700000000",
          "-1",
          "99999999999999999999",
          "AAAA",
          "deadbeef",
          "%",
          "%zz",
          "&",
          "{",
          "}",
          "[",
          "\"",
          "\\",
          "{\"webhookTimestamp\":1700000000000,",
          "é",
          "\u0000",
          "\u00ff",
          "https://",
          "?bodySHA256=",
          ":",
          ":443",
          "/",
          "#",
          "@",
          "]");

  private static final List<String> SIGNATURE_HEADERS =
      List.of(
          "authorization",
          "content-type",
          "linear-signature",
          "paddle-signature",
          "stripe-signature",
          "svix-id",
          "svix-signature",
          "svix-timestamp",
          "webhook-id",
          "webhook-signature",
          "webhook-timestamp",
          "x-api-key",
          "x-convoy-signature",
          "x-gitlab-token",
          "x-hookdeck-signature",
          "x-hub-signature",
          "x-hub-signature-256",
          "x-outpost-signature",
          "x-shopify-hmac-sha256",
          "x-slack-request-timestamp",
          "x-slack-signature",
          "x-square-hmacsha256-signature",
          "x-twilio-email-event-webhook-signature",
          "x-twilio-email-event-webhook-timestamp",
          "x-twilio-signature",
          "x-twitter-webhooks-signature",
          "x-vercel-signature",
          "x-wc-webhook-signature",
          "x-zm-request-timestamp",
          "x-zm-signature");

  @Test
  void everyDenialLooksTheSameFromOutside() {
    var problems =
        List.of(
                check(preset("github")).check(signed("key")),
                check(preset("github"), "key").check(post(BODY)),
                check(preset("github"), "key").check(post(BODY, HEADER, "x")),
                check(preset("github"), "key").check(signed("other")))
            .stream()
            .map(checked -> ((Denied) checked).problem().json())
            .distinct()
            .toList();

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst()).contains("\"status\":401", "invalid_signature");
  }

  @Test
  void denialsTellTheOperatorNothingSecret() {
    var denied = (Denied) check(preset("github"), "key").check(signed("other"));

    assertThat(denied.detail()).doesNotContain("key", "other", PlainHmac.hmac256("key", BODY));
  }

  @Test
  void aLongDeliveryIdIsNone() {
    var id = "i".repeat(513);
    var request = post(BODY, HEADER, signature("key"), "x-github-delivery", id);

    assertThat(check(preset("github"), "key").check(request)).isEqualTo(verified("s0"));
  }
}
