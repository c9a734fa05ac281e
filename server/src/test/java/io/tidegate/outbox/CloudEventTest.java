package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.http.Headers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CloudEventTest {
  private static final String DATA = "{ \"a\" : 1.0,\"b\":\"ü\" }";
  private static final Map<String, String> METADATA =
      Map.of("Region", "e u%", "not-allowed", "x", "id", "mine");

  @Test
  void sendsAttributesAsHeadersInBinaryMode() {
    var content = CloudEvent.binary("/shop", Samples.outgoing("order.paid", DATA, METADATA));

    var headers = Headers.of(content.headers());
    assertThat(headers.first("content-type")).hasValue("application/json");
    assertThat(headers.first("ce-specversion")).hasValue("1.0");
    assertThat(headers.first("ce-id")).hasValue("evt_1");
    assertThat(headers.first("ce-source")).hasValue("/shop");
    assertThat(headers.first("ce-type")).hasValue("order.paid");
    assertThat(headers.first("ce-time")).hasValue("2023-11-14T22:13:20Z");
    assertThat(headers.first("ce-region")).hasValue("e%20u%25");
    assertThat(headers.toString()).doesNotContain("not-allowed");
    assertThat(content.body().utf8()).isEqualTo(DATA);
  }

  @Test
  void keepsTheDataByteForByteInStructuredMode() {
    var content = CloudEvent.structured("", Samples.outgoing("", DATA, METADATA));

    assertThat(Headers.of(content.headers()).first("content-type"))
        .hasValue("application/cloudevents+json");
    assertThat(content.body().utf8()).endsWith(",\"data\":" + DATA + "}");
    var json = new JsonMapper().readTree(content.body().array());
    assertThat(json.path("type").asString()).isEqualTo("event");
    assertThat(json.path("source").asString()).isEqualTo("/tidegate");
    assertThat(json.path("id").asString()).isEqualTo("evt_1");
    assertThat(json.path("region").asString()).isEqualTo("e u%");
    assertThat(json.path("data").path("b").asString()).isEqualTo("ü");
  }

  @Test
  void wrapsWhatIsNoJson() {
    var content = CloudEvent.structured("", Samples.outgoing("t", "plain", Map.of()));

    var json = new JsonMapper().readTree(content.body().array());
    assertThat(json.path("data_base64").asString()).isEqualTo("cGxhaW4=");
    assertThat(json.has("data")).isFalse();
  }
}
