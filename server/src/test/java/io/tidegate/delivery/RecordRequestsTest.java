package io.tidegate.delivery;

import static io.tidegate.delivery.Pumps.REPLIES;
import static io.tidegate.delivery.Pumps.TOPIC;
import static io.tidegate.delivery.Pumps.URL;
import static io.tidegate.delivery.Pumps.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.RecordRequests.Asked;
import io.tidegate.http.Call;
import io.tidegate.http.Headers;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import io.tidegate.plan.Pump;
import io.tidegate.plan.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordRequestsTest {
  private static final Pump.Route PLAIN = new Pumps.Routes().replyTo(REPLIES).build();

  private static RecordRequests requests(Pump.Route... routes) {
    return new RecordRequests(new Pumps().routes(routes).build(), TOPIC);
  }

  private static Call call(Stored record, Pump.Route... routes) {
    var requests = requests(routes);
    return requests.prepare(record, (Asked.Request) requests.asked(record)).call();
  }

  private static String cause(Stored record, Pump.Route... routes) {
    return ((Asked.Never) requests(routes).asked(record)).cause();
  }

  @Test
  void postsTheValueToTheUrlInTheKey() {
    var call = call(record(URL + "?x=1", "{\"o\":17}", "content-type", "application/json"), PLAIN);

    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.target().url()).isEqualTo(URL + "?x=1");
    assertThat(call.body()).isEqualTo(Bytes.utf8("{\"o\":17}"));
    assertThat(call.headers().first("content-type")).contains("application/json");
    assertThat(call.headers().first("user-agent")).contains("Tidegate");
    assertThat(call.headers().first("idempotency-key").orElseThrow()).matches("[0-9a-f]{64}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          https://a.example/k | -    | -             | -     | https://a.example/k
          https://a.example/k | http | -             | -     | http://a.example/k
          https://a.example/k | -    | b.example:81  | -     | https://b.example:81/k
          https://a.example/k | -    | -             | /p?q  | https://a.example/p?q
          https://a.example/k | http | b.example     | /p    | http://b.example/p
          order-17            | -    | b.example     | /p    | https://b.example/p
          order-17            | http | b.example     | -     | http://b.example/
          -                   | -    | b.example     | -     | https://b.example/
          """)
  void headersWinOverTheKey(String key, String scheme, String authority, String path, String url) {
    var headers = new ArrayList<String>();
    add(headers, ":scheme", scheme);
    add(headers, ":authority", authority);
    add(headers, ":path", path);

    assertThat(call(record(key, "x", headers.toArray(String[]::new)), PLAIN).target().url())
        .isEqualTo(url);
  }

  private static void add(List<String> headers, String name, String value) {
    if (value != null) {
      headers.add(name);
      headers.add(value);
    }
  }

  @Test
  void theRouteWinsOverHeadersAndKey() {
    var route = new Pumps.Routes().method("PUT").to("http", "c.example", "/z").build();
    var record = record(URL, "x", ":method", "PATCH", ":authority", "b.example", ":path", "/p");

    assertThat(call(record, route).method()).isEqualTo("PUT");
    assertThat(call(record, route).target().url()).isEqualTo("http://c.example/z");
    assertThat(call(record, PLAIN).method()).isEqualTo("PATCH");
  }

  @Test
  void whatIsOursOrOfOneConnectionStaysBehind() {
    var record =
        record(
            URL,
            "four",
            "X-Order",
            "17",
            ":status",
            "200",
            "zilla:reply-to",
            REPLIES,
            "zilla:correlation-id",
            "c",
            "Zilla:Other",
            "x",
            "tidegate:reason",
            "gone",
            "tidegate-any",
            "x",
            "Host",
            "evil.example",
            "content-length",
            "4",
            "connection",
            "close, X-Hop",
            "x-hop",
            "1",
            "keep-alive",
            "5",
            "te",
            "trailers",
            "upgrade",
            "h2c",
            "expect",
            "100-continue",
            "proxy-authorization",
            "x",
            "x-order",
            "18");

    assertThat(call(record, PLAIN).headers().without(name -> !name.startsWith("x-")).fields())
        .containsExactly(new Headers.Field("x-order", "17"), new Headers.Field("x-order", "18"));
    assertThat(call(record, PLAIN).headers().fields()).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x-a            | one\\r\\ntwo: 3 | the value of header x-a holds a control character
          x-a            | one\\ntwo       | the value of header x-a holds a control character
          x-a            | one\\0          | the value of header x-a holds a control character
          x-ä            | 1               | the record has a header whose name is none in HTTP
          x a            | 1               | the record has a header whose name is none in HTTP
          x-a\\r\\nb     | 1               | the record has a header whose name is none in HTTP
          ''             | 1               | the record has a header whose name is none in HTTP
          transfer-encoding | chunked      | the record has a header transfer-encoding
          Transfer-Encoding | identity     | the record has a header transfer-encoding
          content-length | 5               | header content-length is not the length of the value
          content-length | '4, 4'          | header content-length is not the length of the value
          content-length | +4              | header content-length is not the length of the value
          :method        | GET /x          | the method is not one that can be sent
          :method        | CONNECT         | the method is not one that can be sent
          :method        | TRACE           | the method is not one that can be sent
          :method        | post            | the method is not one that can be sent
          :path          | x               | the URL of key, headers and route cannot be used: its path does not begin with a slash
          :path          | '/x y'          | the URL of key, headers and route cannot be used: it holds a space
          :path          | /x\\r\\ny       | the URL of key, headers and route cannot be used: it holds a control character
          :authority     | a.example/x     | the URL of key, headers and route cannot be used: its authority holds more than host and port
          :authority     | u@a.example     | the URL of key, headers and route cannot be used: it holds credentials; they belong into a guard
          :scheme        | gopher          | the URL of key, headers and route cannot be used: its scheme is neither http nor https
          zilla:reply-to | tidegate.attempts | header zilla:reply-to names a topic that no route replies to
          """)
  void whatCouldBeReadAsSomethingElseIsRefused(String name, String value, String cause) {
    var record = record(URL, "four", unescaped(name), unescaped(value));

    assertThat(cause(record, PLAIN)).isEqualTo(cause);
  }

  private static String unescaped(String text) {
    return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
  }

  @Test
  void twoLengthsAreRefusedEvenWhenTheyAgree() {
    assertThat(cause(record(URL, "four", "content-length", "4", "Content-Length", "4"), PLAIN))
        .isEqualTo("the record has header content-length more than once");
  }

  @Test
  void sizesAreBounded() {
    var many = IntStream.range(0, 129).mapToObj(i -> Header.of("x-" + i, "1")).toList();
    var long1 = record(URL, "x", "x-a", "a".repeat(20_000), "x-b", "b".repeat(20_000));
    var big = new Stored(0, 1, 1, Bytes.utf8(URL), List.of(), Bytes.wrap(new byte[(16 << 20) + 1]));

    assertThat(cause(new Stored(0, 1, 1, Bytes.utf8(URL), many, Bytes.utf8("x")), PLAIN))
        .isEqualTo("the record has more than 128 headers");
    assertThat(cause(long1, PLAIN))
        .isEqualTo("the headers of the record have more than 32768 bytes");
    assertThat(cause(big, PLAIN)).isEqualTo("the value has more than 16777216 bytes");
    assertThat(cause(record("https://h.example/" + "a".repeat(9000), "x"), PLAIN))
        .isEqualTo("the key is not a URL that can be used: it is longer than 8192 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"order-17", "", "https://user:pw@h.example/", "ftp://h.example/"})
  void aKeyThatIsNoUrlIsRefusedWithACause(String key) {
    assertThat(cause(record(key, "x"), PLAIN))
        .startsWith("the key is not a URL that can be used: ")
        .doesNotContain("pw");
  }

  @Test
  void aKeyThatOnlyLooksLikeAUrlIsNotMendedByItsHeaders() {
    assertThat(cause(record("https://u:p@a.example/x", "x", ":authority", "b.example"), PLAIN))
        .contains("credentials");
  }

  @Test
  void aRecordWithoutKeyAndAuthorityIsRefused() {
    assertThat(cause(record(null, "x"), PLAIN))
        .isEqualTo("the record has neither a key nor a header :authority");
  }

  @Test
  void noValueAndNoRouteAreNothing() {
    var keyed = new Pumps.Routes().key("https://other.example/*").build();

    assertThat(requests(PLAIN).asked(record(URL, null))).isInstanceOf(Asked.Nothing.class);
    assertThat(requests(keyed).asked(record(URL, "x"))).isInstanceOf(Asked.Nothing.class);
  }

  @Test
  void theFirstRouteThatMatchesIsTaken() {
    var orders =
        new Pumps.Routes()
            .key("https://*.shop.example/*")
            .header("x-kind", "order*")
            .to(null, null, "/orders")
            .build();
    var shop = new Pumps.Routes().key("https://*.shop.example/*").to(null, null, "/shop").build();

    assertThat(call(record(URL, "x", "x-kind", "orders"), orders, shop, PLAIN).target().path())
        .isEqualTo("/orders");
    assertThat(call(record(URL, "x", "x-kind", "other"), orders, shop, PLAIN).target().path())
        .isEqualTo("/shop");
    assertThat(call(record("https://b.example/y", "x"), orders, shop, PLAIN).target().path())
        .isEqualTo("/y");
  }

  /// A route may give credentials away: no other host must be able to look like its own.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/x.shop.example/in",
        "https://evil.example?.shop.example/in",
        "https://hooks.shop.example/public/../admin",
        "https://hooks.shop.example/public/%2e%2e/admin",
        "https://hooks.shop.example:8443/public/x",
        "http://hooks.shop.example/public/x"
      })
  void noOtherUrlSlipsPastARoutesPattern(String key) {
    var route = new Pumps.Routes().key("https://*.shop.example/public/*").build();

    assertThat(requests(route).asked(record(key, "x"))).isInstanceOf(Asked.Nothing.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTPS://Hooks.Shop.Example/public/x",
        "https://hooks.shop.example:443/public/x",
        "https://hooks.shop.example/other/../public/x"
      })
  void otherSpellingsOfAUrlAreTheSameUrl(String key) {
    var route = new Pumps.Routes().key("https://*.shop.example:443/public/*").build();

    assertThat(requests(route).asked(record(key, "x"))).isInstanceOf(Asked.Request.class);
  }

  @Test
  void overridesAreFilledInFromTheRecord() {
    var route =
        new Pumps.Routes()
            .override(
                "X-Tenant", new Template.Part.Text("t-"), new Template.Part.RequestHeader("tenant"))
            .override("x-id", new Template.Part.IdempotencyKey())
            .override("content-type", new Template.Part.Text("text/plain"))
            .forced("x-forced", "yes")
            .build();
    var record = record(URL, "x", "tenant", "a", "content-type", "application/json");

    var headers = call(record, route).headers();

    assertThat(headers.first("x-tenant")).contains("t-a");
    assertThat(headers.first("x-id")).isEqualTo(headers.first("idempotency-key"));
    assertThat(headers.joined("content-type")).contains("text/plain");
    assertThat(headers.first("x-forced")).contains("yes");
  }

  @Test
  void theRecordsOwnIdempotencyKeyIsKeptAndTheLastOneCounts() {
    var requests = new RecordRequests(new Pumps().idempotency("X-Request-Id").build(), TOPIC);
    var record = record(URL, "x", "x-request-id", "one", "X-Request-ID", "two");

    var prepared = requests.prepare(record, (Asked.Request) requests.asked(record));

    assertThat(prepared.id()).isEqualTo("two");
    assertThat(prepared.call().headers().joined("x-request-id")).contains("two");
  }

  @Test
  void bytesOfHeaderValuesStayAsTheyAre() {
    var value = call(record(URL, "x", "x-name", "Jürgen €"), PLAIN).headers().first("x-name");

    assertThat(value.orElseThrow().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
        .isEqualTo("Jürgen €".getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void lanesFollowTheOrdering() {
    var byHeader = new Pumps().ordering(new Pump.Ordering.ByHeader("x-order")).build();
    var requests = new RecordRequests(byHeader, TOPIC);

    assertThat(lane(requests, record(URL, "x", "x-order", "17"))).isEqualTo("17");
    assertThat(lane(requests, record(URL, "x"))).isEqualTo(URL);
    assertThat(lane(requests(PLAIN), record(URL, "x", "x-order", "17"))).isEqualTo(URL);
    assertThat(lane(requests(PLAIN), record(null, "x", ":authority", "b.example", ":path", "/p")))
        .isEqualTo("https://b.example/p");
  }

  private static String lane(RecordRequests requests, Stored record) {
    return ((Asked.Request) requests.asked(record)).lane().utf8();
  }

  @Test
  void limitsCountByHostAndPort() {
    var asked = (Asked.Request) requests(PLAIN).asked(record("https://[::1]/x", "x"));

    assertThat(asked.authority()).isEqualTo("[::1]:443");
    assertThat(asked.replyTo()).contains(REPLIES);
  }

  @Test
  void aRecordMayChooseAmongTheReplyTopicsOfTheBinding() {
    var other = new Pumps.Routes().key("https://never.example/").replyTo("other").build();
    var record = record(URL, "x", "zilla:reply-to", "other");

    assertThat(((Asked.Request) requests(PLAIN, other).asked(record)).replyTo()).contains("other");
  }
}
