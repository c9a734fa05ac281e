package io.tidegate.edge;

import static io.tidegate.edge.Outbound.LIMITS;
import static io.tidegate.edge.Outbound.call;
import static io.tidegate.edge.Outbound.get;
import static io.tidegate.edge.Outbound.limits;
import static io.tidegate.edge.Outbound.plan;
import static io.tidegate.edge.Outbound.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.http.Client.Failure;
import io.tidegate.http.Client.Limits;
import io.tidegate.http.Client.Result;
import io.tidegate.http.Client.Result.Failed;
import io.tidegate.http.Client.Result.Replied;
import io.tidegate.http.Headers;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.OutboundHttp.Addresses;
import io.tidegate.plan.Template;
import io.tidegate.receivers.Behaviour;
import io.tidegate.receivers.MisbehavingReceiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Outbound requests in clear text, to receivers that do well and receivers that do not.
class OutboundCallsIT {
  private static final Limits SHORT =
      new Limits(
          Duration.ofMillis(300),
          Duration.ofMillis(500),
          Duration.ofMillis(300),
          Duration.ofMillis(700),
          1024);

  private static Edge edge;

  private final KnownNames names = new KnownNames();
  private final MisbehavingReceiver receiver = MisbehavingReceiver.start();
  private final List<OutboundCalls> open = new ArrayList<>();

  @BeforeAll
  static void open() {
    edge = Edge.open(EdgeLimits.defaults(), 2);
  }

  @AfterAll
  static void end() {
    edge.close();
  }

  @AfterEach
  void close() {
    open.forEach(OutboundCalls::close);
    receiver.close();
  }

  private OutboundCalls client(OutboundHttp plan) {
    var client = OutboundCalls.open(edge, plan, names, Pooling.USUAL);
    open.add(client);
    return client;
  }

  private OutboundCalls client() {
    return client(plan());
  }

  private static Failed failed(Result result) {
    assertThat(result).isInstanceOf(Failed.class);
    return (Failed) result;
  }

  private static Replied replied(Result result) {
    assertThat(result).isInstanceOf(Replied.class);
    return (Replied) result;
  }

  @Test
  void aRequestArrivesAsItWasMeant() {
    receiver.on("/in?x=1", Behaviour.body(200, "fine", "x-reply", "yes"));
    var headers =
        Headers.of("content-type", "application/json", "x-ünit", "")
            .without(n -> n.startsWith("x-"))
            .with("x-a", "grüße")
            .with("x-a", "2");

    var reply =
        replied(
            client().send(call("POST", receiver.url("/in?x=1"), headers, "{\"o\":17}"), LIMITS));

    var seen = receiver.seen("/in?x=1").getFirst();
    assertThat(seen.method()).isEqualTo("POST");
    assertThat(seen.body()).asString().isEqualTo("{\"o\":17}");
    assertThat(seen.headers())
        .containsExactly(
            new Headers.Field("host", "127.0.0.1:" + receiver.port()),
            new Headers.Field("content-type", "application/json"),
            new Headers.Field("x-a", "grüße"),
            new Headers.Field("x-a", "2"),
            new Headers.Field("user-agent", "Tidegate"),
            new Headers.Field("content-length", "8"));
    assertThat(reply.reply().status()).isEqualTo(200);
    assertThat(reply.reply().headers().first("x-reply")).contains("yes");
    assertThat(reply.reply().body().utf8()).isEqualTo("fine");
    assertThat(reply.length()).isEqualTo(4);
    assertThat(reply.isCut()).isFalse();
    assertThat(reply.address()).isEqualTo("127.0.0.1");
  }

  @Test
  void connectionsAreUsedAgainAndTheTimesSaySo() {
    var client = client();
    names.with("a.example", "127.0.0.1");
    var url = "http://a.example:" + receiver.port() + "/";

    var first = replied(client.send(post(url, "1"), LIMITS)).timings();
    var second = replied(client.send(post(url, "2"), LIMITS)).timings();

    assertThat(receiver.accepted()).isEqualTo(1);
    assertThat(first.name()).isPositive();
    assertThat(first.connect()).isPositive();
    assertThat(first.tls()).isEqualTo(-1);
    assertThat(first.firstByte()).isPositive();
    assertThat(first.total()).isGreaterThanOrEqualTo(first.name() + first.connect());
    assertThat(List.of(second.name(), second.connect(), second.tls())).containsOnly(-1L);
    assertThat(second.firstByte()).isPositive();
    assertThat(client.connections()).isEqualTo(1);
  }

  @Test
  void manyAtATimeEachHaveTheirOwnReply() throws Exception {
    receiver.otherwise((request, to) -> to.reply(200, request.path()));
    var client = client();

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<Result>>();
      for (int i = 0; i < 2000; i++) {
        var url = receiver.url("/" + i);
        calls.add(threads.submit(() -> client.send(post(url, "x"), LIMITS)));
      }
      for (int i = 0; i < calls.size(); i++) {
        assertThat(replied(calls.get(i).get()).reply().body().utf8()).isEqualTo("/" + i);
      }
    }
    assertThat(receiver.accepted()).isLessThanOrEqualTo(256);
  }

  @Test
  void aCallCanGoOnWithoutAThread() {
    var done = new CompletableFuture<Result>();

    client().start(post(receiver.url("/"), "x"), LIMITS, done::complete);

    assertThat(done).succeedsWithin(Duration.ofSeconds(5)).isInstanceOf(Replied.class);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        200, 201, 204, 301, 302, 304, 307, 308, 400, 401, 403, 404, 408, 409, 410, 413, 425, 429,
        500, 501, 502, 503, 504, 599
      })
  void everyStatusIsAReplyAndRedirectsAreNotFollowed(int status) {
    receiver.on(
        "/", Behaviour.status(status, "location", receiver.url("/elsewhere"), "set-cookie", "a=b"));
    var client = client();

    var first = replied(client.send(post(receiver.url("/"), "x"), LIMITS));
    var _ = replied(client.send(post(receiver.url("/"), "x"), LIMITS));

    assertThat(first.reply().status()).isEqualTo(status);
    assertThat(receiver.seen()).hasSize(2);
    assertThat(receiver.seen().getLast().headers().has("cookie")).isFalse();
    assertThat(receiver.accepted()).isEqualTo(1);
  }

  static Stream<Arguments> misbehaviours() {
    return Stream.of(
        Arguments.of("close", Behaviour.close(), Failure.RESET),
        Arguments.of("reset", Behaviour.reset(), Failure.RESET),
        Arguments.of("reset mid-head", Behaviour.resetMidHead(), Failure.RESET),
        Arguments.of("reset mid-body", Behaviour.resetMidBody(), Failure.RESET),
        Arguments.of("close mid-head", Behaviour.rawThenClose("HTTP/1.1 200 O"), Failure.RESET),
        Arguments.of(
            "body shorter than said",
            Behaviour.rawThenClose("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc"),
            Failure.RESET),
        Arguments.of(
            "chunks without an end",
            Behaviour.rawThenClose(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"),
            Failure.RESET),
        Arguments.of(
            "interim, then close",
            Behaviour.rawThenClose("HTTP/1.1 100 Continue\r\n\r\n"),
            Failure.RESET),
        Arguments.of("stall", Behaviour.stall(), Failure.FIRST_BYTE_TIMEOUT),
        Arguments.of(
            "interim, then stall",
            Behaviour.interims(1, 103, Behaviour.stall()),
            Failure.FIRST_BYTE_TIMEOUT),
        Arguments.of("stall mid-head", Behaviour.stallMidHead(), Failure.TOTAL_TIMEOUT),
        Arguments.of("stall after the head", Behaviour.stallAfterHead(), Failure.TOTAL_TIMEOUT),
        Arguments.of("drip", Behaviour.drip(Duration.ofMillis(5)), Failure.TOTAL_TIMEOUT),
        Arguments.of("garbage", Behaviour.raw("SSH-2.0-OpenSSH_9.2p1\r\n\r\n"), Failure.PROTOCOL),
        Arguments.of("binary", Behaviour.raw("\u0000\u0001\u0002\u0003\r\n\r\n"), Failure.PROTOCOL),
        Arguments.of("another version", Behaviour.raw("HTTP/3.0 200 OK\r\n\r\n"), Failure.PROTOCOL),
        Arguments.of("no status", Behaviour.raw("HTTP/1.1 OK\r\n\r\n"), Failure.PROTOCOL),
        Arguments.of("status 99", Behaviour.raw("HTTP/1.1 099 OK\r\n\r\n"), Failure.PROTOCOL),
        Arguments.of("status 1000", Behaviour.raw("HTTP/1.1 1000 OK\r\n\r\n"), Failure.PROTOCOL),
        Arguments.of(
            "switching protocols",
            Behaviour.raw("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
            Failure.PROTOCOL),
        Arguments.of(
            "length and chunks",
            Behaviour.raw(
                "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
            Failure.PROTOCOL),
        Arguments.of(
            "two lengths",
            Behaviour.raw("HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd"),
            Failure.PROTOCOL),
        Arguments.of(
            "a length that is none",
            Behaviour.raw("HTTP/1.1 200 OK\r\ncontent-length: abc\r\n\r\nabcd"),
            Failure.PROTOCOL),
        Arguments.of(
            "a negative length",
            Behaviour.raw("HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nabcd"),
            Failure.PROTOCOL),
        Arguments.of(
            "a bad chunk",
            Behaviour.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\nabc"),
            Failure.PROTOCOL),
        Arguments.of(
            "an endless line",
            Behaviour.raw("HTTP/1.1 200 " + "x".repeat(20_000)),
            Failure.PROTOCOL),
        Arguments.of(
            "an endless header",
            Behaviour.raw("HTTP/1.1 200 OK\r\nx: " + "x".repeat(40_000)),
            Failure.PROTOCOL),
        Arguments.of(
            "endless headers",
            Behaviour.raw("HTTP/1.1 200 OK\r\n" + "x: y\r\n".repeat(10_000)),
            Failure.PROTOCOL),
        Arguments.of(
            "interims without end",
            Behaviour.interims(100, 102, Behaviour.status(200)),
            Failure.PROTOCOL));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("misbehaviours")
  void whatReceiversDoWrongHasAName(String name, Behaviour behaviour, Failure expected) {
    receiver.on("/bad", behaviour);
    var client = client();

    var failed = failed(client.send(post(receiver.url("/bad"), "x"), limits(expected)));
    var next = replied(client.send(post(receiver.url("/good"), "x"), LIMITS));

    assertThat(failed.failure()).as(failed.detail()).isEqualTo(expected);
    assertThat(failed.detail()).isNotBlank();
    assertThat(failed.timings().total()).isLessThan(TimeUnit.SECONDS.toNanos(15));
    assertThat(next.reply().status()).isEqualTo(204);
    assertThat(receiver.seen("/bad")).hasSize(1);
    await().untilAsserted(() -> assertThat(receiver.connections()).isEqualTo(1));
  }

  @ParameterizedTest
  @CsvSource({"100, 1", "102, 3", "103, 1", "103, 32"})
  void interimRepliesAreSkipped(int status, int count) {
    receiver.on("/", Behaviour.interims(count, status, Behaviour.body(200, "final")));

    var reply = replied(client().send(post(receiver.url("/"), "x"), LIMITS));

    assertThat(reply.reply().status()).isEqualTo(200);
    assertThat(reply.reply().body().utf8()).isEqualTo("final");
    assertThat(reply.reply().headers().has("link")).isFalse();
    assertThat(reply.timings().firstByte()).isPositive();
  }

  static Stream<Arguments> surplus() {
    return Stream.of(
        Arguments.of("204 with a body", Behaviour.noContentWithBody(), 204, ""),
        Arguments.of(
            "204 with a length",
            Behaviour.raw("HTTP/1.1 204 No\r\ncontent-length: 3\r\n\r\nabc"),
            204,
            ""),
        Arguments.of("304 with a body", Behaviour.raw("HTTP/1.1 304 Not\r\n\r\nabc"), 304, ""),
        Arguments.of(
            "204 with a reply behind it",
            Behaviour.raw(
                "HTTP/1.1 204 No\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil"),
            204,
            ""),
        Arguments.of(
            "more than the length",
            Behaviour.raw("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcdef"),
            200,
            "abc"),
        Arguments.of(
            "two replies",
            Behaviour.raw(
                "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\naHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil"),
            200,
            "a"),
        Arguments.of(
            "until it closes", Behaviour.rawThenClose("HTTP/1.1 200 OK\r\n\r\nabc"), 200, "abc"),
        Arguments.of(
            "version 1.0", Behaviour.rawThenClose("HTTP/1.0 200 OK\r\n\r\nabc"), 200, "abc"),
        Arguments.of(
            "connection: close",
            Behaviour.rawThenClose(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 3\r\n\r\nabc"),
            200,
            "abc"),
        Arguments.of(
            "close after",
            Behaviour.rawThenClose("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc"),
            200,
            "abc"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("surplus")
  void anOddConnectionIsNotUsedAgain(String name, Behaviour behaviour, int status, String body) {
    receiver.on("/odd", behaviour).on("/good", Behaviour.body(200, "good"));
    var client = client();

    var odd = replied(client.send(post(receiver.url("/odd"), "x"), LIMITS));
    await().untilAsserted(() -> assertThat(client.connections()).isZero());
    var good = replied(client.send(post(receiver.url("/good"), "x"), LIMITS));

    assertThat(odd.reply().status()).isEqualTo(status);
    assertThat(odd.reply().body().utf8()).isEqualTo(body);
    assertThat(good.reply().body().utf8()).isEqualTo("good");
    assertThat(receiver.accepted()).isEqualTo(2);
  }

  @Test
  void aBodyIsReadUpToTheLimitAndThenLeft() {
    receiver
        .on("/endless", Behaviour.endless())
        .on("/gigabytes", Behaviour.gigabytes(3))
        .on("/exact", Behaviour.body(200, "x".repeat(1024)));
    var client = client();

    var endless = replied(client.send(post(receiver.url("/endless"), "x"), LIMITS));
    var gigabytes = replied(client.send(post(receiver.url("/gigabytes"), "x"), LIMITS));
    var exact = replied(client.send(post(receiver.url("/exact"), "x"), LIMITS));

    assertThat(endless.isCut()).isTrue();
    assertThat(endless.reply().body().size()).isEqualTo(1024);
    assertThat(gigabytes.isCut()).isTrue();
    assertThat(gigabytes.reply().body().size()).isEqualTo(1024);
    assertThat(gigabytes.length()).isEqualTo(3L << 30);
    assertThat(exact.isCut()).isFalse();
    assertThat(exact.reply().body().size()).isEqualTo(1024);
    await().untilAsserted(() -> assertThat(receiver.connections()).isEqualTo(1));
  }

  @Test
  void bodiesStayAsTheyWereSent() {
    receiver.on("/", Behaviour.body(200, "not really gzip", "content-encoding", "gzip"));

    var reply = replied(client().send(get(receiver.url("/")), LIMITS)).reply();

    assertThat(reply.body().utf8()).isEqualTo("not really gzip");
    assertThat(reply.headers().first("content-encoding")).contains("gzip");
    assertThat(receiver.seen("/").getFirst().headers().has("accept-encoding")).isFalse();
    assertThat(receiver.seen("/").getFirst().headers().has("accept")).isFalse();
    assertThat(receiver.seen("/").getFirst().headers().has("content-length")).isFalse();
  }

  @Test
  void aReplyToHeadHasALengthButNoBody() {
    receiver.on("/", Behaviour.raw("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n"));

    var reply = replied(client().send(call("HEAD", receiver.url("/"), Headers.NONE, ""), LIMITS));

    assertThat(reply.reply().body().isEmpty()).isTrue();
    assertThat(reply.isCut()).isFalse();
  }

  @Test
  void largeRequestsArriveWhole() {
    var body = "0123456789".repeat(300_000);

    var _ = replied(client().send(post(receiver.url("/"), body), LIMITS));

    assertThat(receiver.seen("/").getFirst().body()).asString().isEqualTo(body);
  }

  @Test
  void aReplyBeforeTheRequestIsWholeIsAReply() throws Exception {
    try (var early = new EarlyReceiver()) {
      var body = "x".repeat(20_000_000);

      var reply = replied(client().send(post(early.url(), body), LIMITS));

      assertThat(reply.reply().status()).isEqualTo(413);
    }
  }

  @ParameterizedTest
  @CsvSource({"POST, RESET", "PATCH, RESET", "GET, ''", "PUT, ''", "DELETE, ''"})
  void whatMayHaveBeenSeenIsOnlySentAgainWhenThatDoesNoHarm(String method, String failure) {
    receiver.on("/", Behaviour.status(200), Behaviour.close(), Behaviour.status(200));
    var client = client();
    var _ = replied(client.send(post(receiver.url("/"), "x"), LIMITS));

    var result = client.send(call(method, receiver.url("/"), Headers.NONE, ""), LIMITS);

    if (failure.isEmpty()) {
      assertThat(replied(result).reply().status()).isEqualTo(200);
    } else {
      assertThat(failed(result).failure()).isEqualTo(Failure.valueOf(failure));
      assertThat(receiver.seen("/")).hasSize(2);
    }
  }

  @Test
  void itIsSentAgainOnce() {
    receiver.on("/", Behaviour.status(200), Behaviour.close());
    var client = client();
    var _ = replied(client.send(post(receiver.url("/"), "x"), LIMITS));

    var failed = failed(client.send(get(receiver.url("/")), LIMITS));

    assertThat(failed.failure()).isEqualTo(Failure.RESET);
    assertThat(receiver.seen("/")).hasSize(3);
  }

  @Test
  void aConnectionThatWasClosedWhileIdleIsNotUsed() throws Exception {
    var client = client();
    for (int i = 0; i < 20; i++) {
      var _ = replied(client.send(post(receiver.url("/"), "x"), LIMITS));
      receiver.cut();
      await().untilAsserted(() -> assertThat(client.connections()).isZero());
    }

    assertThat(receiver.seen("/")).hasSize(20);
    assertThat(receiver.accepted()).isEqualTo(20);
  }

  @Test
  void nobodyThereIsARefusedConnection() throws Exception {
    receiver.goAway();

    var failed = failed(client().send(post(receiver.url("/"), "x"), LIMITS));

    assertThat(failed.failure()).isEqualTo(Failure.CONNECT);
    assertThat(failed.detail())
        .isEqualTo("127.0.0.1:" + receiver.port() + " refused the connection");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1/, loopback",
    "http://10.1.2.3/, private",
    "http://169.254.169.254/latest/meta-data, metadata",
    "http://[::1]/, loopback",
    "http://[::ffff:127.0.0.1]/, loopback",
    "http://[64:ff9b::7f00:1]/, loopback",
    "http://localhost/, loopback",
    "http://x.localhost/, loopback",
    "http://private.example/, private",
    "http://several.example/, private",
    "https://public.example/, no tls client"
  })
  void whatIsNotForThePublicIsRefused(String url, String words) {
    names
        .with("private.example", "10.0.0.1")
        .with("several.example", "10.0.0.1", "192.168.1.1", "::1")
        .with("public.example", "8.8.8.8");

    var failed = failed(client(plan(Addresses.PUBLIC)).send(post(url, "x"), LIMITS));

    assertThat(failed.failure()).isEqualTo(Failure.REFUSED_ADDRESS);
    assertThat(failed.detail()).contains(words);
  }

  @Test
  void otherEncodingsOfAnAddressAreThatAddress() {
    var client = client(plan(Addresses.PUBLIC));
    for (var host : List.of("0x7f000001", "2130706433", "0177.1", "127.1", "0xa9fea9fe")) {
      var target = new io.tidegate.http.Call.Target("http", host, receiver.port(), "/");
      var call =
          new io.tidegate.http.Call("GET", target, Headers.NONE, io.tidegate.base.Bytes.EMPTY);

      assertThat(failed(client.send(call, LIMITS)).failure()).isEqualTo(Failure.REFUSED_ADDRESS);
    }
    assertThat(names.asked).hasValue(0);
  }

  @Test
  void ofSeveralAddressesTheGoodOnesAreTriedInTurn() {
    names.with("a.example", "10.0.0.1", "127.0.0.2", "127.0.0.1");

    var reply =
        replied(client().send(post("http://a.example:" + receiver.port() + "/", "x"), LIMITS));

    assertThat(reply.address()).isEqualTo("127.0.0.1");
    assertThat(receiver.seen("/").getFirst().headers().first("host"))
        .contains("a.example:" + receiver.port());
  }

  @Test
  void whatIsDeniedIsRefusedThoughItIsAllowed() {
    var client =
        client(plan(new Addresses(List.of("127.0.0.0/8"), List.of("127.0.0.1", "bad.example"))));
    names.with("bad.example", "127.0.0.3");

    assertThat(failed(client.send(post(receiver.url("/"), "x"), LIMITS)).failure())
        .isEqualTo(Failure.REFUSED_ADDRESS);
    assertThat(failed(client.send(post("http://bad.example/", "x"), LIMITS)).detail())
        .isEqualTo("the host bad.example is denied");
    assertThat(names.asked).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({
    "nowhere.example, is not known",
    "silent.example, was not resolved within 0.3 s",
    "1.2.3.256, is neither"
  })
  void namesThatLeadNowhereAreSaidToBeUnknown(String host, String words) {
    var target = new io.tidegate.http.Call.Target("http", host, 80, "/");
    var call = new io.tidegate.http.Call("GET", target, Headers.NONE, io.tidegate.base.Bytes.EMPTY);

    var failed = failed(client().send(call, SHORT));

    assertThat(failed.failure()).isEqualTo(Failure.UNKNOWN_HOST);
    assertThat(failed.detail()).contains(words);
  }

  @Test
  void aFixedTargetIsConnectedToAndTheUrlIsOnlyNamed() {
    var client = client(Outbound.fixed(plan(Addresses.PUBLIC), receiver.port()));

    var _ = replied(client.send(post("http://hooks.shop.example/in", "x"), LIMITS));

    assertThat(receiver.seen("/in").getFirst().headers().first("host"))
        .contains("hooks.shop.example");
  }

  @Test
  void forcedHeadersReplaceOthers() {
    var client =
        client(
            Outbound.forcing(
                plan(),
                new HeaderTemplate("x-a", Template.text("forced")),
                new HeaderTemplate("user-agent", Template.text("Other/1"))));

    var _ =
        replied(
            client.send(
                call("POST", receiver.url("/"), Headers.of("x-a", "1", "x-a", "2"), "x"), LIMITS));

    var headers = receiver.seen("/").getFirst().headers();
    assertThat(headers.joined("x-a")).contains("forced");
    assertThat(headers.joined("user-agent")).contains("Other/1");
  }

  @ParameterizedTest
  @CsvSource({
    "x-a, 'a\r\nb: c'",
    "x-a, 'a\nb'",
    "'x\r\n', a",
    "'x y', a",
    "'', a",
    "x-a, 'a\u0000'"
  })
  void headersThatSmuggleAreNotSent(String name, String value) {
    var failed =
        failed(
            client().send(call("POST", receiver.url("/"), Headers.of(name, value), "x"), LIMITS));

    assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
    assertThat(failed.detail()).startsWith("the request cannot be sent");
    assertThat(receiver.accepted()).isZero();
  }

  @Test
  void whatTheClientSaysByItselfIsSaidOnce() {
    var headers =
        Headers.of(
            "content-length",
            "999",
            "transfer-encoding",
            "chunked",
            "connection",
            "close",
            "host",
            "other.example");

    var _ = replied(client().send(call("POST", receiver.url("/"), headers, "x"), LIMITS));

    var seen = receiver.seen("/").getFirst().headers();
    assertThat(seen.joined("content-length")).contains("1");
    assertThat(seen.joined("host")).contains("other.example");
    assertThat(seen.has("transfer-encoding")).isFalse();
    assertThat(seen.has("connection")).isFalse();
  }

  @Test
  void closingCancelsWhatIsUnderWay() throws Exception {
    receiver.on("/", Behaviour.stall());
    names.with("a.example", "127.0.0.1");
    var client = client();
    var results = new LinkedBlockingQueue<Result>();
    for (var url : List.of(receiver.url("/"), "http://silent.example/", receiver.url("/"))) {
      Thread.ofVirtual().start(() -> results.add(client.send(post(url, "x"), LIMITS)));
    }
    await().untilAsserted(() -> assertThat(receiver.seen("/")).hasSize(2));

    client.close();

    for (int i = 0; i < 3; i++) {
      assertThat(failed(results.poll(5, TimeUnit.SECONDS)).failure()).isEqualTo(Failure.CANCELLED);
    }
    assertThat(failed(client.send(post(receiver.url("/"), "x"), LIMITS)).failure())
        .isEqualTo(Failure.CANCELLED);
    assertThat(client.connections()).isZero();
    await().untilAsserted(() -> assertThat(receiver.connections()).isZero());
  }

  @Test
  void anInterruptCancelsTheCall() throws Exception {
    receiver.on("/", Behaviour.stall());
    var client = client();
    var result = new LinkedBlockingQueue<Object>();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              result.add(client.send(post(receiver.url("/"), "x"), LIMITS));
              result.add(Thread.currentThread().isInterrupted());
            });
    await().untilAsserted(() -> assertThat(receiver.seen("/")).hasSize(1));

    thread.interrupt();

    assertThat(failed((Result) result.poll(5, TimeUnit.SECONDS)).failure())
        .isEqualTo(Failure.CANCELLED);
    assertThat(result.poll(5, TimeUnit.SECONDS)).isEqualTo(true);
    await().untilAsserted(() -> assertThat(receiver.connections()).isZero());
  }

  @Test
  void aHungReceiverHoldsUpOnlyItself() throws Exception {
    receiver.on("/", Behaviour.stall());
    var client = client();
    for (int i = 0; i < 300; i++) {
      client.start(post(receiver.url("/"), "x"), LIMITS, _ -> {});
    }
    await().untilAsserted(() -> assertThat(receiver.seen("/")).hasSize(256));

    try (var other = MisbehavingReceiver.start()) {
      var reply = replied(client.send(post(other.url("/"), "x"), LIMITS));

      assertThat(reply.timings().total()).isLessThan(TimeUnit.SECONDS.toNanos(4));
    }
    var late = failed(client.send(post(receiver.url("/"), "x"), SHORT));
    assertThat(late.failure()).isEqualTo(Failure.BUSY);
  }
}
