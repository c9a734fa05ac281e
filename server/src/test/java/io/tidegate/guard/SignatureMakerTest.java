package io.tidegate.guard;

import static io.tidegate.guard.SignedRequests.BODY;
import static io.tidegate.guard.SignedRequests.NOW;
import static io.tidegate.guard.SignedRequests.URL;
import static io.tidegate.guard.SignedRequests.check;
import static io.tidegate.guard.SignedRequests.preset;
import static io.tidegate.guard.SignedRequests.verified;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.guard.SignatureMaker.Outgoing;
import io.tidegate.http.Headers;
import io.tidegate.http.Request;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureMakerTest {
  private static final String SECRET = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
  private static final String OLD_SECRET = "whsec_ZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5/gIGCg4Q=";
  private static final String PRIVATE =
      "whsk_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB5tVYuj+ZU+UB4sRLoqYunkB+FOuaVvtfg45ELrQSWZA==";
  private static final String SEED = "whsk_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
  private static final String PUBLIC = "whpk_ebVWLo/mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQ=";
  private static final String V1 = "v1,uwThevHc1ZAyIxCU0K+KaOtxcudZyekTbs0/8xHvDHg=";
  private static final String OLD_V1 = "v1,iMcufIebo9xSnW5gTzZDrc93ZmxRb39vnN3p3K3dR5Y=";
  private static final String V1A =
      "v1a,7jh8P3AZa5RHxn078wplpW42+iQ10YsjX/d26ULmJBqYxgtKVrKJ1F2GtaIpYD4A1WqDJ+8VJbxVOA29fMHdCg==";

  private static Headers sign(Scheme scheme, Bytes body, Instant at, String... secrets) {
    var made = SignatureMaker.of(scheme, Arrays.stream(secrets).map(Secret::new).toList());
    return made.sign(new Outgoing("msg_0001", at, "POST", URL, Headers.NONE, body));
  }

  private static Request sent(Bytes body, Headers headers) {
    return SignatureVectors.with(SignedRequests.post(body), headers);
  }

  @Test
  void signsWithEverySecretAtOnceNewestFirst() {
    var headers = sign(StandardWebhooks.webhook(), BODY, NOW, SECRET, OLD_SECRET, PRIVATE);

    assertThat(headers)
        .isEqualTo(
            Headers.of(
                "webhook-id", "msg_0001",
                "webhook-timestamp", "1700000000",
                "webhook-signature", V1 + " " + OLD_V1 + " " + V1A));
  }

  @Test
  void aPrivateKeyIsItsSeedWithOrWithoutThePublicHalf() {
    assertThat(sign(StandardWebhooks.webhook(), BODY, NOW, SEED))
        .isEqualTo(sign(StandardWebhooks.webhook(), BODY, NOW, PRIVATE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "whsec_",
        "whsec_%",
        "whpk_ebVWLo/mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQ=",
        "whsk_AQID",
        "whsk_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB5tVYuj+ZU+UB4sRLoqYunkB+FOuaVvtfg45ELrQSWZQ=="
      })
  void secretsThatCannotSignAreNamedByTheirPlace(String secret) {
    assertThatThrownBy(() -> sign(StandardWebhooks.webhook(), BODY, NOW, SECRET, secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("secret 2 is ")
        .message()
        .doesNotContain("AQID");
  }

  @Test
  void theReferenceLibraryAcceptsWhatIsSignedHere() throws Exception {
    var random = new Random(42);
    for (int size : new int[] {0, 1, 57, 1000, 70_000}) {
      var text = ascii(random, size);
      var headers =
          sign(StandardWebhooks.webhook(), Bytes.utf8(text), Instant.now(), SECRET, PRIVATE);

      assertThatCode(() -> new Webhook(SECRET).verify(text, httpHeaders(headers)))
          .as("%d bytes", size)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void whatTheReferenceLibrarySignsIsAcceptedHere() throws Exception {
    var random = new Random(43);
    for (int size : new int[] {0, 1, 57, 1000, 70_000}) {
      var text = ascii(random, size) + (size == 57 ? "Zo\u00eb \ud83d\ude80" : "");
      var signature = new Webhook(SECRET).sign("msg_0001", NOW.getEpochSecond(), text);
      var headers =
          Headers.of(
              "webhook-id", "msg_0001",
              "webhook-timestamp", "1700000000",
              "webhook-signature", signature);

      assertThat(check(StandardWebhooks.webhook(), SECRET).check(sent(Bytes.utf8(text), headers)))
          .isEqualTo(verified("s0", "msg_0001"));
    }
  }

  private static String ascii(Random random, int size) {
    var text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      text.append((char) (' ' + random.nextInt(95)));
    }
    return text.toString();
  }

  private static HttpHeaders httpHeaders(Headers headers) {
    var map = new LinkedHashMap<String, List<String>>();
    headers.forEach(field -> map.put(field.name(), List.of(field.value())));
    return HttpHeaders.of(map, (_, _) -> true);
  }

  static List<String> genericNames() {
    return SignaturePresets.names().stream()
        .filter(name -> preset(name) instanceof SignatureScheme)
        .filter(name -> !name.equals("sendgrid") && !name.equals("linear"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("genericNames")
  void whatIsSignedInTheMannerOfAVendorIsVerified(String name) {
    var random = new Random(44);
    for (int size : new int[] {0, 1, 57, 4000}) {
      var bytes = new byte[size];
      random.nextBytes(bytes);
      var headers = sign(preset(name), Bytes.wrap(bytes), NOW, "new", "old");
      var request = sent(Bytes.wrap(bytes), headers);

      assertThat(check(preset(name), "new").check(request)).isInstanceOf(Checked.Verified.class);
      var scheme = (SignatureScheme) preset(name);
      if (!scheme.list().separator().isEmpty()) {
        assertThat(check(scheme, "old").check(request)).isInstanceOf(Checked.Verified.class);
      }
    }
  }

  @Test
  void writesTheHeadersOfEachVendor() {
    assertThat(sign(preset("stripe"), BODY, NOW, "whsec_test_stripe").first("stripe-signature"))
        .contains(
            "t=1700000000,v1=f01dbc0579da1301707c7e6cfaa894b863e72557469940dabd7f9daacb1271ed");
    assertThat(sign(preset("github"), BODY, NOW, "my-secret-key"))
        .isEqualTo(
            Headers.of(
                "x-github-delivery", "msg_0001",
                "x-hub-signature-256",
                    "sha256=e2f38bdfbac5e39792abfa598a3134d423ce9740655f5024dfc5d4eaa34946a0"));
    assertThat(
            sign(preset("convoy-advanced"), BODY, NOW, "convoy_secret").first("x-convoy-signature"))
        .contains(
            "t=1700000000,v1=b26bbcb8358074ac39465172b66aec8e2bf7aeb12f6b14f38ed934f8d8990561");
    assertThat(sign(preset("bearer"), BODY, NOW, "tok"))
        .isEqualTo(Headers.of("authorization", "Bearer tok"));
    assertThat(sign(preset("basic"), BODY, NOW, "a:b"))
        .isEqualTo(Headers.of("authorization", "Basic YTpi"));
  }

  @Test
  void signsHeadersThatTheMessageHas() {
    var scheme =
        SignaturePresets.of(
            "hmac", Map.of("header", "x-sig", "signed_content", "{header:X-Event-Id}.{body}"));
    var maker = SignatureMaker.of(scheme, List.of(new Secret("key")));
    var headers = Headers.of("x-event-id", "evt-1");

    var signed = maker.sign(new Outgoing("m", NOW, "POST", URL, headers, BODY));

    assertThat(signed.first("x-sig"))
        .contains(PlainHmac.hmac256("key", Bytes.utf8("evt-1." + BODY.utf8())));
    assertThatThrownBy(() -> maker.sign(new Outgoing("m", NOW, "POST", URL, Headers.NONE, BODY)))
        .hasMessageContaining("not there exactly once");
  }

  @Test
  void publicKeysAndNoSecretsAreRefused() {
    assertThatThrownBy(() -> SignatureMaker.of(preset("github"), List.of()))
        .hasMessageContaining("a secret");
    assertThatThrownBy(() -> sign(StandardWebhooks.webhook(), BODY, NOW, PUBLIC))
        .hasMessageContaining("is a public key");
  }
}
