package io.tidegate.guard;

import static io.tidegate.guard.SignedRequests.BODY;
import static io.tidegate.guard.SignedRequests.NOW;
import static io.tidegate.guard.SignedRequests.check;
import static io.tidegate.guard.SignedRequests.post;
import static io.tidegate.guard.SignedRequests.reason;
import static io.tidegate.guard.SignedRequests.verified;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.http.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandardWebhooksTest {
  private static final String SECRET = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
  private static final String OLD_SECRET = "whsec_ZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5/gIGCg4Q=";
  private static final String PUBLIC = "whpk_ebVWLo/mVPlAeLES6KmLp5AfhTrmlb7X4OORC60ElmQ=";
  private static final String PRIVATE =
      "whsk_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyB5tVYuj+ZU+UB4sRLoqYunkB+FOuaVvtfg45ELrQSWZA==";
  private static final String V1 = "v1,uwThevHc1ZAyIxCU0K+KaOtxcudZyekTbs0/8xHvDHg=";
  private static final String OLD_V1 = "v1,iMcufIebo9xSnW5gTzZDrc93ZmxRb39vnN3p3K3dR5Y=";
  private static final String V1A =
      "v1a,7jh8P3AZa5RHxn078wplpW42+iQ10YsjX/d26ULmJBqYxgtKVrKJ1F2GtaIpYD4A1WqDJ+8VJbxVOA29fMHdCg==";
  private static final Scheme STANDARD = StandardWebhooks.webhook();

  private static Request signed(String signature) {
    return signed("webhook", "msg_0001", signature);
  }

  private static Request signed(String family, String id, String signature) {
    return post(
        BODY,
        family + "-id",
        id,
        family + "-timestamp",
        "1700000000",
        family + "-signature",
        signature);
  }

  @Test
  void verifiesSymmetricSignatures() {
    assertThat(check(STANDARD, SECRET).check(signed(V1))).isEqualTo(verified("s0", "msg_0001"));
  }

  @Test
  void takesTheSecretWithoutItsPrefixToo() {
    var bare = SECRET.substring("whsec_".length());

    assertThat(check(STANDARD, bare).check(signed(V1))).isEqualTo(verified("s0", "msg_0001"));
  }

  @Test
  void verifiesAsymmetricSignatures() {
    assertThat(check(STANDARD, PUBLIC).check(signed(V1A))).isEqualTo(verified("s0", "msg_0001"));
  }

  @Test
  void verifiesTheHeadersOfSvix() {
    var svix = StandardWebhooks.svix();

    assertThat(check(svix, SECRET).check(signed("svix", "msg_0001", V1)))
        .isEqualTo(verified("s0", "msg_0001"));
    assertThat(reason(check(svix, SECRET).check(signed(V1)))).isEqualTo(Checked.Reason.MISSING);
  }

  @Test
  void duringRotationEitherSecretMatchesAndIsNamed() {
    var both = signed(V1 + " " + OLD_V1);

    assertThat(check(STANDARD, SECRET).check(both)).isEqualTo(verified("s0", "msg_0001"));
    assertThat(check(STANDARD, OLD_SECRET).check(both)).isEqualTo(verified("s0", "msg_0001"));
    assertThat(check(STANDARD, SECRET, OLD_SECRET).check(signed(OLD_V1)))
        .isEqualTo(verified("s1", "msg_0001"));
  }

  @Test
  void aSignatureForAnotherIdIsRefused() {
    var ofAnother = "v1,edAOpKXFlzJRMJ8iuWEVufCo/BOh7zXcPsLz+oCmKRE=";

    assertThat(reason(check(STANDARD, SECRET).check(signed(ofAnother))))
        .isEqualTo(Checked.Reason.MISMATCH);
    assertThat(check(STANDARD, SECRET).check(signed("webhook", "msg_0002", ofAnother)))
        .isEqualTo(verified("s0", "msg_0002"));
  }

  @Test
  void aPublicKeyIsNeverAnHmacSecret() {
    var content = StandardWebhooks.content("msg_0001", "1700000000", BODY);
    for (var guess : List.of(PUBLIC, PUBLIC.substring("whpk_".length()))) {
      for (var encoding : List.of(Encoding.UTF8, Encoding.BASE64)) {
        var bytes = encoding.decode(guess);
        if (bytes != null) {
          var forged = SignatureAlgorithm.HMAC_SHA256.hmac(bytes).sign(content);
          var header = "v1," + Encoding.BASE64.encode(forged.array());

          assertThat(check(STANDARD, PUBLIC).check(signed(header)))
              .isInstanceOf(Checked.Denied.class);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "v1",
        "v1,",
        "v2,uwThevHc1ZAyIxCU0K+KaOtxcudZyekTbs0/8xHvDHg=",
        "V1,uwThevHc1ZAyIxCU0K+KaOtxcudZyekTbs0/8xHvDHg=",
        "v1a,uwThevHc1ZAyIxCU0K+KaOtxcudZyekTbs0/8xHvDHg",
        "v1=uwThevHc1ZAyIxCU0K+KaOtxcudZyekTbs0/8xHvDHg=",
        "v1,not base64",
        "v1,é",
        "uwThevHc1ZAyIxCU0K+KaOtxcudZyekTbs0/8xHvDHg=",
        "v1,uwThevHc1ZAyIxCU0K+KaOtxcudZyekTbs0/8xHvDHg=,v1",
      })
  void oddSignaturesAreRefusedAndNotThrown(String header) {
    assertThat(check(STANDARD, SECRET, PUBLIC).check(signed(header)))
        .isInstanceOf(Checked.Denied.class);
  }

  @Test
  void unknownTagsArePassedOver() {
    assertThat(check(STANDARD, SECRET).check(signed("v9,xx " + V1A + " " + V1)))
        .isEqualTo(verified("s0", "msg_0001"));
  }

  @Test
  void theSignatureHeaderMayComeTwiceButIdAndTimeMayNot() {
    var twice = signed(OLD_V1);
    twice = post(BODY, headers(twice, "webhook-signature", V1));

    assertThat(check(STANDARD, SECRET).check(twice)).isEqualTo(verified("s0", "msg_0001"));
    for (var header : new String[] {"webhook-id", "webhook-timestamp"}) {
      var value = signed(V1).headers().first(header).orElseThrow();
      assertThat(
              reason(check(STANDARD, SECRET).check(post(BODY, headers(signed(V1), header, value)))))
          .isEqualTo(Checked.Reason.MISSING);
    }
  }

  private static String[] headers(Request request, String... more) {
    var all = new ArrayList<String>();
    request.headers().forEach(field -> all.addAll(List.of(field.name(), field.value())));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void theTimeMayBeOffByTheToleranceEitherWay() {
    for (var off : new int[] {-300, 300}) {
      var check = check(STANDARD, NOW.plusSeconds(off), SECRET);
      assertThat(check.check(signed(V1))).isEqualTo(verified("s0", "msg_0001"));
    }
    assertThat(reason(check(STANDARD, NOW.plusSeconds(301), SECRET).check(signed(V1))))
        .isEqualTo(Checked.Reason.TOO_OLD);
    assertThat(reason(check(STANDARD, NOW.plusSeconds(-301), SECRET).check(signed(V1))))
        .isEqualTo(Checked.Reason.TOO_NEW);
    var narrow = STANDARD.within(Duration.ZERO);
    assertThat(check(narrow, SECRET).check(signed(V1))).isEqualTo(verified("s0", "msg_0001"));
    assertThat(reason(check(narrow, NOW.plusSeconds(1), SECRET).check(signed(V1))))
        .isEqualTo(Checked.Reason.TOO_OLD);
  }

  @Test
  void anIdWithADotIsRefused() {
    assertThat(reason(check(STANDARD, SECRET).check(signed("webhook", "msg.1", V1))))
        .isEqualTo(Checked.Reason.MALFORMED);
  }

  @Test
  void keysOfTheWrongKindAreFaults() {
    assertThat(SignatureCheck.fault(STANDARD, SECRET)).isEmpty();
    assertThat(SignatureCheck.fault(STANDARD, PUBLIC)).isEmpty();
    assertThat(SignatureCheck.fault(STANDARD, PRIVATE))
        .hasValueSatisfying(why -> assertThat(why).contains("private"));
    assertThat(SignatureCheck.fault(STANDARD, "whsec_")).contains("is empty");
    assertThat(SignatureCheck.fault(STANDARD, "whsec_%%%")).contains("is not whsec");
    assertThat(SignatureCheck.fault(STANDARD, "whpk_AQID")).isPresent();
  }
}
