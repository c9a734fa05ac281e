package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.http.Handler;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpListenerIT {
  private final Edge edge = Edge.open(EdgeLimits.defaults(), 2);
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  @AfterEach
  void close() {
    client.close();
    edge.close();
  }

  private int start(Router router) {
    return HttpListener.start(edge, "demo:in", "127.0.0.1", 0, router).ports().getFirst();
  }

  private static HttpRequest.Builder to(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(10));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /// A handler with its own idea of how large a body may be.
  private static Handler upTo(long limit, Handler handler) {
    return new Handler() {
      @Override
      public void handle(Request request, Responder responder) {
        handler.handle(request, responder);
      }

      @Override
      public long bodyLimit() {
        return limit;
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerSeesTheRequestAsItArrived(HttpClient.Version version) throws Exception {
    var seen = new CompletableFuture<Request>();
    int port =
        start(_ ->
            (request, responder) -> {
              seen.complete(request);
              responder.reply(
                  new Reply(201, Headers.of("content-type", "text/x"), Bytes.utf8("made")));
            });

    var reply =
        send(
            to(port, "/a%20b/c?x=1&y=?")
                .version(version)
                .header("X-One", "1")
                .header("X-Two", "zwei")
                .POST(BodyPublishers.ofString("body")));

    var request = seen.get(5, TimeUnit.SECONDS);
    assertThat(reply.statusCode()).isEqualTo(201);
    assertThat(reply.body()).isEqualTo("made");
    assertThat(reply.headers().firstValue("content-type")).contains("text/x");
    assertThat(reply.headers().firstValue("content-length")).contains("4");
    assertThat(reply.headers().firstValue("x-request-id")).contains(request.id());
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.scheme()).isEqualTo("http");
    assertThat(request.authority()).isEqualTo("127.0.0.1:" + port);
    assertThat(request.path()).isEqualTo("/a%20b/c");
    assertThat(request.query()).isEqualTo("x=1&y=?");
    assertThat(request.remote()).isEqualTo("127.0.0.1");
    assertThat(request.body().utf8()).isEqualTo("body");
    assertThat(request.headers().first("x-one")).contains("1");
    assertThat(request.headers().first("x-two")).contains("zwei");
    assertThat(request.headers().fields().stream().map(Headers.Field::name))
        .doesNotContain("host", "connection", "http2-settings", "upgrade", "transfer-encoding")
        .noneMatch(name -> name.startsWith(":"));
  }

  @ParameterizedTest
  @EnumSource
  void aChunkedBodyOfManyPiecesArrivesWhole(HttpClient.Version version) throws Exception {
    int port =
        start(_ ->
            upTo(
                10 << 20,
                (request, responder) ->
                    responder.reply(new Reply(200, Headers.NONE, request.body()))));
    var body = new byte[3_000_000];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i * 31 >>> 3);
    }
    var pieces = new ArrayList<byte[]>();
    for (int i = 0; i < body.length; i += 10_000) {
      pieces.add(java.util.Arrays.copyOfRange(body, i, i + 10_000));
    }

    var reply =
        client.send(
            to(port, "/").version(version).POST(BodyPublishers.ofByteArrays(pieces)).build(),
            BodyHandlers.ofByteArray());

    assertThat(reply.body()).isEqualTo(body);
  }

  @Test
  void aReplyMayComeFromAnyThread() throws Exception {
    int port =
        start(
            _ -> (_, responder) -> Thread.ofVirtual().start(() -> responder.reply(Reply.of(204))));

    for (int i = 0; i < 100; i++) {
      var reply = send(to(port, "/").POST(BodyPublishers.ofString("x")));

      assertThat(reply.statusCode()).isEqualTo(204);
      assertThat(reply.headers().firstValue("content-length")).isEmpty();
    }
  }

  @Test
  void theFirstReplyWins() throws Exception {
    int port =
        start(_ ->
            (_, responder) -> {
              responder.reply(Reply.of(202));
              responder.reply(Reply.of(500));
              responder.open(500, Headers.NONE).end();
            });

    assertThat(send(to(port, "/")).statusCode()).isEqualTo(202);
    assertThat(send(to(port, "/")).statusCode()).isEqualTo(202);
  }

  @ParameterizedTest
  @EnumSource
  void aBodyAnnouncedTooLargeIsRefusedUnread(HttpClient.Version version) throws Exception {
    int port = start(_ -> upTo(1000, (_, responder) -> responder.reply(Reply.of(200))));

    var reply =
        send(to(port, "/").version(version).POST(BodyPublishers.ofByteArray(new byte[1001])));

    assertThat(reply.statusCode()).isEqualTo(413);
    assertThat(reply.body()).contains("body_too_large");
  }

  @Test
  void aChunkedBodyIsRefusedAsSoonAsItIsTooLarge() throws Exception {
    int port = start(_ -> upTo(1000, (_, responder) -> responder.reply(Reply.of(200))));

    try (var raw = new RawClient(port)) {
      raw.send("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
      raw.send("3e9\r\n" + "x".repeat(1001));

      var reply = raw.all();

      assertThat(reply).startsWith("HTTP/1.1 413 ").contains("connection: close");
    }
  }

  @Test
  void aWrongPathIsRefusedBeforeTheBodyIsRead() throws Exception {
    int port =
        start(_ -> {
          throw Problem.of(404, "not_found", "nothing is here").refuse();
        });

    try (var raw = new RawClient(port)) {
      raw.send("POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 100000000\r\n\r\n");

      var reply = raw.all();

      assertThat(reply).startsWith("HTTP/1.1 404 ").contains("connection: close");
    }
  }

  @Test
  void aSmallUnwantedBodyDoesNotCostTheConnection() throws Exception {
    int port =
        start(_ -> {
          throw Problem.of(404, "not_found", "nothing is here").refuse();
        });

    try (var raw = new RawClient(port)) {
      for (int i = 0; i < 3; i++) {
        raw.send("POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n");

        assertThat(RawClient.status(raw.reply())).isEqualTo(404);

        raw.send("hello");
      }
    }
  }

  @Test
  void aClientThatAsksIsToldToSendItsBodyOnlyWhenItWillBeRead() throws Exception {
    int port =
        start(head -> {
          if (head.path().equals("/no")) {
            throw Problem.of(405, "method_not_allowed", "GET only").with("allow", "GET").refuse();
          }
          return (request, responder) ->
              responder.reply(new Reply(200, Headers.NONE, request.body()));
        });
    var head = " HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n";

    try (var raw = new RawClient(port)) {
      raw.send("POST /yes" + head);
      assertThat(raw.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      raw.send("hello");
      assertThat(raw.reply()).startsWith("HTTP/1.1 200 ").endsWith("hello");
      raw.send("POST /no" + head);
      assertThat(raw.all()).startsWith("HTTP/1.1 405 ").contains("allow: GET");
    }
  }

  @Test
  void headIsAnsweredLikeGetWithoutTheBody() throws Exception {
    int port =
        start(head -> {
          if (!head.method().equals("GET")) {
            throw Problem.of(405, "method_not_allowed", "GET only").with("allow", "GET").refuse();
          }
          return (_, responder) ->
              responder.reply(new Reply(200, Headers.of("etag", "\"1\""), Bytes.utf8("hello")));
        });

    try (var raw = new RawClient(port)) {
      raw.send("HEAD / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n");

      var head = raw.head();

      assertThat(head).startsWith("HTTP/1.1 200 ").contains("content-length: 5").contains("etag");
      assertThat(raw.reply()).startsWith("HTTP/1.1 200 ").endsWith("hello");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    int port =
        start(_ ->
            (request, responder) ->
                Thread.ofVirtual()
                    .start(() ->
                        responder.reply(new Reply(200, Headers.NONE, Bytes.utf8(request.path())))));

    try (var raw = new RawClient(port)) {
      var all = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        all.append("GET /").append(i).append(" HTTP/1.1\r\nhost: a\r\n\r\n");
      }
      raw.send(all.toString());
      for (int i = 0; i < 50; i++) {
        assertThat(raw.reply()).endsWith("\r\n\r\n/" + i);
      }
    }
  }

  @Test
  void aBugIsAReplyWithAnId() throws Exception {
    int port =
        start(_ ->
            (_, _) -> {
              throw new IllegalStateException("secret detail");
            });

    var reply = send(to(port, "/").header("x-request-id", "mine-1"));

    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.body()).contains("error mine-1").doesNotContain("secret");
    assertThat(reply.headers().firstValue("x-request-id")).contains("mine-1");
  }

  @Test
  void aReplyThatIsNoHttpIsReplacedByOneThatIs() throws Exception {
    int port =
        start(_ ->
            (_, responder) ->
                responder.reply(Reply.of(200, Headers.of("x-bad", "a\r\nset-cookie: b"))));

    var reply = send(to(port, "/"));

    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.headers().firstValue("set-cookie")).isEmpty();
  }

  @Test
  void aStrangeRequestIdIsReplaced() throws IOException {
    int port = start(_ -> (_, responder) -> responder.reply(Reply.of(200)));

    try (var raw = new RawClient(port)) {
      raw.send("GET / HTTP/1.1\r\nhost: a\r\nx-request-id: a b\r\n\r\n");
      assertThat(raw.reply()).contains("x-request-id: ").doesNotContain("a b");
      raw.send("GET / HTTP/1.1\r\nhost: a\r\nx-request-id: " + "a".repeat(129) + "\r\n\r\n");
      assertThat(raw.reply()).doesNotContain("aaa");
    }
  }

  @Test
  void textsBeyondAsciiInHeadersKeepTheirBytes() throws Exception {
    var seen = new CompletableFuture<String>();
    int port =
        start(_ ->
            (request, responder) -> {
              seen.complete(request.headers().first("x-name").orElseThrow());
              responder.reply(Reply.of(200, Headers.of("x-name", "Zoë")));
            });
    var sent = "GET / HTTP/1.1\r\nhost: a\r\nx-name: Zoë\r\n\r\n";

    try (var raw = new RawClient(port)) {
      raw.send(sent.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      var reply = raw.reply();

      assertThat(seen.get(5, TimeUnit.SECONDS)).isEqualTo("Zoë");
      assertThat(reply).contains("x-name: Zo\u00c3\u00ab\r\n");
    }
  }
}
