package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.outbox.WebhookType.Signature;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookCallTest {
  private static final String BODY =
      "{\"type\":\"order.paid\",\"data\":{\"id\":\"ord_1\",\"amount\":1250}}";
  private static final String NEW = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
  private static final String OLD = "whsec_ZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5/gIGCg4Q=";
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  @Test
  void signsTheBodyAsOutpostDoes() {
    var headers = headers(Signature.OUTPOST, List.of("outpost_secret"), Map.of());

    assertThat(headers.first("x-outpost-signature"))
        .hasValue("v0=064e728ae3e530797b9d57d7415193834ee0427f26844829c9c6d8002508469d");
    assertThat(headers.first("x-outpost-event-id")).hasValue("msg_0001");
    assertThat(headers.first("x-outpost-topic")).hasValue("order.paid");
    assertThat(headers.first("x-outpost-timestamp")).hasValue("2023-11-14T22:13:20Z");
    assertThat(headers.first("content-type")).hasValue("application/json");
  }

  @Test
  void signsAsStandardWebhooksWithEverySecret() {
    var headers = headers(Signature.STANDARD_WEBHOOKS, List.of(NEW, OLD), Map.of());

    assertThat(headers.first("webhook-signature"))
        .hasValue(
            "v1,uwThevHc1ZAyIxCU0K+KaOtxcudZyekTbs0/8xHvDHg="
                + " v1,iMcufIebo9xSnW5gTzZDrc93ZmxRb39vnN3p3K3dR5Y=");
    assertThat(headers.first("webhook-id")).hasValue("msg_0001");
    assertThat(headers.first("webhook-timestamp")).hasValue("1700000000");
  }

  @Test
  void signsWithBothSecretsWhileOneReplacesTheOther() {
    var headers = headers(Signature.OUTPOST, List.of("a", "outpost_secret"), Map.of());

    assertThat(headers.first("x-outpost-signature").orElseThrow())
        .startsWith("v0=")
        .endsWith(",064e728ae3e530797b9d57d7415193834ee0427f26844829c9c6d8002508469d");
  }

  @Test
  void letsMetadataReplaceCustomHeadersButNothingOfOurs() {
    var headers =
        headers(
            Signature.OUTPOST,
            List.of("outpost_secret"),
            Map.of(
                "Region", "eu", "signature", "v0=00", "a b", "x", "name", "Zoë\r\n", "own", "2"));

    assertThat(headers.first("x-outpost-region")).hasValue("eu");
    assertThat(headers.first("x-outpost-signature").orElseThrow()).startsWith("v0=064e");
    assertThat(headers.first("x-outpost-name")).hasValue("Zo%C3%AB%0D%0A");
    assertThat(headers.first("x-outpost-own")).hasValue("2");
    assertThat(headers.first("x-custom")).hasValue("c");
    assertThat(headers.toString()).doesNotContain("a b");
  }

  private static Headers headers(
      Signature signature, List<String> secrets, Map<String, String> metadata) {
    var event =
        new Event(
            "msg_0001",
            true,
            "t",
            "order.paid",
            Optional.empty(),
            NOW,
            true,
            Map.of(),
            Bytes.utf8(BODY));
    var outgoing = new Outgoing("dlv_1", event, metadata, event.data(), NOW);
    return WebhookCall.headers(
        signature,
        WebhookCall.Content.plain(outgoing),
        Map.of("x-custom", "c", "x-outpost-own", "1"),
        secrets,
        outgoing);
  }
}
