package io.tidegate.guard;

import static io.tidegate.guard.SignedRequests.BODY;
import static io.tidegate.guard.SignedRequests.NOW;
import static io.tidegate.guard.SignedRequests.URL;
import static io.tidegate.guard.SignedRequests.check;
import static io.tidegate.guard.SignedRequests.post;
import static io.tidegate.guard.SignedRequests.preset;
import static io.tidegate.guard.SignedRequests.reason;
import static io.tidegate.guard.SignedRequests.request;
import static io.tidegate.guard.SignedRequests.verified;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Bytes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each preset against a signature computed elsewhere.
class SignaturePresetsTest {
  private static final String TIMESTAMP = "1700000000";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          github|my-secret-key|x-hub-signature-256|sha256=e2f38bdfbac5e39792abfa598a3134d423ce9740655f5024dfc5d4eaa34946a0
          github-sha1|my-secret-key|x-hub-signature|sha1=95c24fe281e4499392bebe7f9a917d579cf7f803
          stripe|whsec_test_stripe|stripe-signature|t=1700000000,v1=f01dbc0579da1301707c7e6cfaa894b863e72557469940dabd7f9daacb1271ed
          shopify|shpss_secret|x-shopify-hmac-sha256|roZOU5OQuAi/dZ69pxY5jzGpDva3zHtd8oaZr/15yKA=
          woocommerce|shpss_secret|x-wc-webhook-signature|roZOU5OQuAi/dZ69pxY5jzGpDva3zHtd8oaZr/15yKA=
          meta|meta_app_secret|x-hub-signature-256|sha256=df7749bc2899643ce68ce098e5104299b68fd07a389fe563159cccbdeedd99bc
          x|twitter_consumer_secret|x-twitter-webhooks-signature|sha256=+J2KbWKqNzfGHd5VLMKONSPrbdfM91/hjPwoc56jmfQ=
          hookdeck|hookdeck_secret|x-hookdeck-signature|v41r9NIcOa+FgI6TYKbhPWWfdMkuaJRv4ZLtOEReFnU=
          convoy|convoy_secret|x-convoy-signature|c2514589efca1a058b7c4c2836a0a03863bd8a3c1fc4a8c28daef2e0d8efb8aa
          convoy-advanced|convoy_secret|x-convoy-signature|t=1700000000,v1=b26bbcb8358074ac39465172b66aec8e2bf7aeb12f6b14f38ed934f8d8990561
          outpost|outpost_secret|x-outpost-signature|v0=064e728ae3e530797b9d57d7415193834ee0427f26844829c9c6d8002508469d
          gitlab|a-plain-token|x-gitlab-token|a-plain-token
          api-key|a-plain-token|x-api-key|a-plain-token
          bearer|a-plain-token|authorization|bEARER a-plain-token
          basic|hook:pass:word|authorization|Basic aG9vazpwYXNzOndvcmQ=
          """)
  void verifiesTheDocumentedSignature(String name, String secret, String header, String value) {
    var request = post(BODY, header, value);

    assertThat(check(preset(name), "other:", secret).check(request)).isEqualTo(verified("s1"));
    assertThat(reason(check(preset(name), "other:").check(request)))
        .isEqualTo(Checked.Reason.MISMATCH);
  }

  @Test
  void verifiesSlackOverAFormBody() {
    var body = Bytes.utf8("token=abc&team_id=T1&command=%2Fweather&text=94070");
    var signature = "v0=fb2ad9d919ab0fbaa91fd78c84755b32b4a34c5b6dd510e80f8bf8085e7f6f2d";
    var request =
        post(body, "x-slack-signature", signature, "x-slack-request-timestamp", TIMESTAMP);

    assertThat(check(preset("slack"), "slack_signing_secret").check(request))
        .isEqualTo(verified("s0"));
  }

  @Test
  void verifiesZoom() {
    var signature = "v0=15bd7d1bf6e6c02d6ff2b1d9af9f03275946b9a768055aa0d13595d35c0d7892";
    var request = post(BODY, "x-zm-signature", signature, "x-zm-request-timestamp", TIMESTAMP);

    assertThat(check(preset("zoom"), "zoom_secret").check(request)).isEqualTo(verified("s0"));
  }

  @Test
  void verifiesSquareOverTheUrlThatTheSenderKnows() {
    var signature = "p79HNRl0PJBsLmCgJBREOKR6ql3pbpRHoUpiyzZr634=";
    var request = post(BODY, "x-square-hmacsha256-signature", signature);
    var check = check(preset("square"), "square_key");

    assertThat(check.check(request, "https://example.com/square")).isEqualTo(verified("s0"));
    assertThat(check.check(request, "https://example.com:443/square")).isEqualTo(verified("s0"));
    assertThat(reason(check.check(request))).isEqualTo(Checked.Reason.MISMATCH);
  }

  @Test
  void verifiesTwilioFormsOverUrlAndSortedFields() {
    var form = Bytes.utf8("To=%2B15005550007&From=%2B15005550006&CallSid=CA123");
    var request =
        request(
            "POST",
            URL + "?foo=1",
            form,
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
            "x-twilio-signature",
            "dpwi+h8RBLN8AVdLjQ5QKIGU/Q4=",
            "i-twilio-idempotency-token",
            "tok-1");

    assertThat(check(preset("twilio"), "twilio_auth_token").check(request))
        .isEqualTo(verified("s0", "tok-1"));
  }

  @Test
  void verifiesTwilioJsonThroughTheHashInTheUrl() {
    var url = URL + "?bodySHA256=fac8d852a17ab0768f6b650bcb4019a551fda1055cdd87ecd9083b99e5c2ffd5";
    var signature = "YzEZJ1kR+932FIDlkPJh5G31bZI=";
    var check = check(preset("twilio"), "twilio_auth_token");
    var json = new String[] {"content-type", "application/json", "x-twilio-signature", signature};

    assertThat(check.check(request("POST", url, BODY, json))).isEqualTo(verified("s0"));
    assertThat(reason(check.check(request("POST", url, Bytes.utf8("{}"), json))))
        .isEqualTo(Checked.Reason.MALFORMED);
    assertThat(reason(check.check(request("POST", URL, BODY, json))))
        .isEqualTo(Checked.Reason.MALFORMED);
  }

  @Test
  void linearsTimeIsInTheBodyAndOneMinuteIsAllowed() {
    // the vector is made over a body without a time: rightly signed, but of unknown age
    var signature = "ef52f20af664b1c33bca55341ff2b6e89443d306d9603d9b09ca720e60c81af1";
    var untimed = SignatureScheme.in("linear-signature").idHeader("linear-delivery").build();
    var request = post(BODY, "linear-signature", signature, "linear-delivery", "d-1");

    assertThat(check(untimed, "lin_wh_secret").check(request)).isEqualTo(verified("s0", "d-1"));
    assertThat(reason(check(preset("linear"), "lin_wh_secret").check(request)))
        .isEqualTo(Checked.Reason.MALFORMED);

    var timed = Bytes.utf8("{\"type\":\"Issue\",\"webhookTimestamp\":1700000000000}");
    var maker = PlainHmac.hmac256("lin_wh_secret", timed);
    var late = post(timed, "linear-signature", maker);
    assertThat(check(preset("linear"), NOW.plusSeconds(60), "lin_wh_secret").check(late))
        .isEqualTo(verified("s0"));
    assertThat(reason(check(preset("linear"), NOW.plusSeconds(61), "lin_wh_secret").check(late)))
        .isEqualTo(Checked.Reason.TOO_OLD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          github|x-github-delivery|72d3162e
          shopify|x-shopify-webhook-id|72d3162e
          woocommerce|x-wc-webhook-delivery-id|72d3162e
          gitlab|idempotency-key|72d3162e
          gitlab|x-gitlab-event-uuid|72d3162e
          """)
  void takesTheDeliveryIdFromTheSendersHeader(String name, String header, String id) {
    var scheme = preset(name);
    var deliveryId =
        switch (scheme) {
          case SignatureScheme generic -> generic.deliveryId();
          case Credential credential -> credential.deliveryId();
          default -> DeliveryId.none();
        };

    assertThat(deliveryId.of(post(BODY, header, id))).contains(id);
  }

  @ParameterizedTest
  @CsvSource({"stripe,id", "slack,event_id", "square,event_id", "paddle,event_id", "vercel,id"})
  void takesTheDeliveryIdFromTheSendersBody(String name, String field) {
    var body = Bytes.utf8("{\"a\":{\"%s\":\"no\"},\"%s\":\"evt_1\"}".formatted(field, field));

    assertThat(((SignatureScheme) preset(name)).deliveryId().of(post(body))).contains("evt_1");
    assertThat(((SignatureScheme) preset(name)).deliveryId().of(post(BODY))).isEmpty();
  }

  @Test
  void aToleranceCanBeSetWhereATimeIsSigned() {
    var stripe = (SignatureScheme) preset("stripe").within(Duration.ofHours(1));

    assertThat(stripe.tolerance()).isEqualTo(Duration.ofHours(1));
    assertThatThrownBy(() -> preset("stripe").within(Duration.ofSeconds(3601)))
        .hasMessageContaining("0 to 3600");
    assertThatThrownBy(() -> preset("github").within(Duration.ofSeconds(1)))
        .hasMessageContaining("signs no time");
  }

  @Test
  void namesAreInOrderAndUnknownOnesAreNothing() {
    assertThat(List.copyOf(SignaturePresets.names())).isSorted().contains("github", "zoom");
    assertThat(SignaturePresets.named("nobody")).isEmpty();
  }
}
