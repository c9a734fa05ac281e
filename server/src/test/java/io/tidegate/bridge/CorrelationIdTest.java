package io.tidegate.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorrelationIdTest {
  private static final String ITEM = "92d0bf92-63e0-4cfc-ae73-71dee92d1544";
  private static final String DELETION = "7101a8ea-5745-43c8-8d0c-b2f9baba7004";
  private static final String TRANSCRIPT_ITEM = "5cf7a1d5-3772-49ef-86e7-ba6f2c7d7d07";

  @Test
  void namesADeletion() {
    var headers =
        headers(
            ":method", "DELETE",
            ":scheme", "https",
            ":authority", "example.com:9090",
            ":path", "/items/" + ITEM,
            "idempotency-key", DELETION,
            "zilla:reply-to", "items-replies",
            "zilla:identity", "test");

    assertThat(CorrelationId.of(DELETION, Bytes.utf8(ITEM), headers, null))
        .isEqualTo(DELETION + "-040487c782b6bfee62fcbd96a008bd4c");
  }

  @Test
  void namesAConditionalDeletionDifferently() {
    var headers =
        headers(
            ":method", "DELETE",
            ":scheme", "https",
            ":authority", "example.com:9090",
            ":path", "/items/" + ITEM,
            "if-match", "revision=42",
            "idempotency-key", DELETION,
            "zilla:reply-to", "items-replies",
            "zilla:identity", "test");

    assertThat(CorrelationId.of(DELETION, Bytes.utf8(ITEM), headers, Bytes.EMPTY))
        .isEqualTo(DELETION + "-fefb91820c229ec5b1459da0ab6bc515");
  }

  @Test
  void tellsBodiesApart() {
    var headers =
        headers(
            ":method", "POST",
            ":scheme", "https",
            ":authority", "example.com:9090",
            ":path", "/items",
            "content-type", "application/json",
            "idempotency-key", ITEM,
            "zilla:reply-to", "items-replies",
            "zilla:identity", "test");

    var tight = Bytes.utf8("{ \"name\": \"widget\" }");
    var loose = Bytes.utf8("{ \"name\" : \"widget\" }");

    assertThat(CorrelationId.of(ITEM, Bytes.utf8(ITEM), headers, tight))
        .isEqualTo(ITEM + "-ac87f6dd9778ccd1e5d42212ed2b3e50");
    assertThat(CorrelationId.of(ITEM, Bytes.utf8(ITEM), headers, loose))
        .isEqualTo(ITEM + "-dc8d14b922019435ad8d783d8272b34d");
  }

  @Test
  void namesAnUpdate() {
    var headers =
        headers(
            ":scheme", "http",
            ":method", "PUT",
            ":path", "/orders/o-17",
            ":authority", "shop.example:7114",
            "accept", "*/*",
            "idempotency-key", "k-0001",
            "content-type", "application/json",
            "zilla:reply-to", "orders-responses");

    assertThat(
            CorrelationId.of(
                "k-0001", Bytes.utf8("o-17"), headers, Bytes.utf8("{\"state\":\"P\"}")))
        .isEqualTo("k-0001-fc36494f1f5eb3d7c0df6fddd1a74073");
  }

  @Test
  void namesWhatWasObserved() {
    assertThat(observed("PUT", "1", "{\"greeting\":\"Hello, world\"}", "application/json", "abc"))
        .isEqualTo("1-df32b9b997c7d3143adf9e00a3b67522");
    assertThat(observed("PUT", "1", "{\"greeting\":\"different\"}", "application/json", null))
        .isEqualTo("1-3ce0d7d26671e03a8d05d62db2255c0e");
    assertThat(observed("GET", "g1", "", null, null))
        .isEqualTo("g1-b0215322140b8678ba6a40633e454a9b");
    assertThat(observed("GET", "g2", "", null, null))
        .isEqualTo("g2-f33e6ff8e9930c51147cec7202059440");
    assertThat(observed("PUT", "1", "{\"greeting\":\"Hello, world\"}", "application/json", null))
        .isEqualTo("1-a9f47d3da8fc2b3be9510e162446060c");
    assertThat(observed("PUT", "2", "x", "application/x-www-form-urlencoded", null))
        .isEqualTo("2-57967fcaa9657db306f52029b38e5b12");
  }

  private static String observed(
      String method, String idempotencyKey, String body, String type, String custom) {
    var headers =
        headers(
            ":scheme", "http",
            ":method", method,
            ":path", "/items/" + TRANSCRIPT_ITEM,
            ":authority", "127.0.0.1:7114",
            "user-agent", "curl/7.88.1",
            "accept", "*/*",
            "idempotency-key", idempotencyKey);
    if (type != null) {
      headers.add(Header.of("content-type", type));
    }
    if (custom != null) {
      headers.add(Header.of("x-custom", custom));
    }
    headers.add(Header.of("zilla:reply-to", "items-responses"));
    return CorrelationId.of(idempotencyKey, Bytes.utf8(TRANSCRIPT_ITEM), headers, Bytes.utf8(body));
  }

  private static List<Header> headers(String... namesAndValues) {
    var headers = new ArrayList<Header>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(Header.of(namesAndValues[i], namesAndValues[i + 1]));
    }
    return headers;
  }
}
