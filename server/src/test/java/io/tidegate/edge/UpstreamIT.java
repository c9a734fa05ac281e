package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Bytes;
import io.tidegate.http.Handler;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.HttpService.AccessControl;
import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.HttpService.HttpRoute;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.Listener;
import io.tidegate.plan.Template;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpstreamIT {
  private final Edge edge = Edge.open(EdgeLimits.defaults(), 2);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.shutdownNow();
    edge.close();
  }

  private int upstream(Router router) {
    return HttpListener.start(edge, "demo:upstream", "127.0.0.1", 0, router).ports().getFirst();
  }

  private int proxyTo(int port, Version version, HeaderTemplate... forced) {
    var exit =
        new Exit.Proxy(
            "demo:out", "localhost", port, Optional.empty(), Set.of(version), List.of(forced));
    var service =
        new HttpService(
            "demo:http",
            Set.of(Version.values()),
            new AccessControl.SameOrigin(),
            Optional.empty(),
            List.of(new HttpRoute(List.of(), List.of(), List.of(), exit)));
    return HttpListener.start(
            edge,
            new Listener("demo:tcp", "127.0.0.1", List.of(0), new Listener.Service.Http(service)),
            Backends.of(_ -> {
              throw new IllegalStateException("no topics here");
            }))
        .ports()
        .getFirst();
  }

  private static HttpRequest.Builder to(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(10));
  }

  /// A server that takes connections and does with them what a test wants.
  private static ServerSocket server(Script script) throws IOException {
    var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try (var socket = server.accept()) {
              script.run(socket);
            } catch (IOException closed) {
              // the test is over, or the peer has left
            }
          }
        });
    return server;
  }

  private interface Script {
    void run(java.net.Socket socket) throws IOException;
  }

  @ParameterizedTest
  @CsvSource({"HTTP_1_1,HTTP_1_1", "HTTP_1_1,HTTP_2", "HTTP_2,HTTP_1_1", "HTTP_2,HTTP_2"})
  void requestsAndRepliesPassThrough(HttpClient.Version in, Version out) throws Exception {
    var seen = new CompletableFuture<Request>();
    int upstream =
        upstream(_ ->
            (request, responder) -> {
              seen.complete(request);
              responder.reply(
                  new Reply(
                      203,
                      Headers.of("x-up", "Zoë", "set-cookie", "a=1", "set-cookie", "b=2"),
                      request.body()));
            });
    int port = proxyTo(upstream, out, new HeaderTemplate("x-forced", Template.text("yes")));

    var reply =
        client.send(
            to(port, "/a%20b?c=d")
                .version(in)
                .header("x-in", "1")
                .PUT(BodyPublishers.ofString("hello"))
                .build(),
            BodyHandlers.ofString());

    var request = seen.get(5, TimeUnit.SECONDS);
    assertThat(reply.statusCode()).isEqualTo(203);
    assertThat(reply.body()).isEqualTo("hello");
    assertThat(reply.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
    assertThat(reply.headers().allValues("x-request-id")).hasSize(1);
    assertThat(request.method()).isEqualTo("PUT");
    assertThat(request.target()).isEqualTo("/a%20b?c=d");
    assertThat(request.authority()).isEqualTo("127.0.0.1:" + port);
    assertThat(request.headers().first("x-in")).contains("1");
    assertThat(request.headers().first("x-forced")).contains("yes");
    assertThat(request.headers().first("x-forwarded-for")).isEmpty();
  }

  @Test
  void requestsWithoutABodyStayWithoutOne() throws Exception {
    var seen = new CompletableFuture<String>();
    try (var server =
        server(socket -> {
          var head = new byte[4096];
          int count = socket.getInputStream().read(head);
          seen.complete(new String(head, 0, count, StandardCharsets.ISO_8859_1));
          socket
              .getOutputStream()
              .write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          socket.getInputStream().read();
        })) {
      int port = proxyTo(server.getLocalPort(), Version.HTTP_1_1);

      var reply =
          client.send(
              to(port, "/").version(HttpClient.Version.HTTP_2).build(), BodyHandlers.ofString());

      assertThat(reply.statusCode()).isEqualTo(204);
      assertThat(seen.get(5, TimeUnit.SECONDS).toLowerCase())
          .startsWith("get / http/1.1")
          .doesNotContain("transfer-encoding", "content-length", "connection: upgrade");
    }
  }

  @Test
  void aLargeBodyFlowsThroughBothWaysInBoundedMemory() throws Exception {
    int size = 96 << 20;
    int upstream =
        upstream(_ ->
            new Handler() {
              @Override
              public void handle(Request request, Responder responder) {
                var out = responder.open(200, Headers.NONE);
                out.write(request.body());
                out.end();
              }

              @Override
              public long bodyLimit() {
                return size;
              }
            });
    int port = proxyTo(upstream, Version.HTTP_1_1);

    var reply =
        client.send(
            to(port, "/")
                .timeout(Duration.ofSeconds(60))
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[size])))
                .build(),
            BodyHandlers.ofInputStream());

    long count = 0;
    var buffer = new byte[1 << 16];
    try (var in = reply.body()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        count += n;
      }
    }
    assertThat(count).isEqualTo(size);
  }

  @Test
  void aServerThatIsNotThereIsABadGateway() throws Exception {
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    int port = proxyTo(free, Version.HTTP_1_1);

    var reply =
        client.send(
            to(port, "/").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());

    assertThat(reply.statusCode()).isEqualTo(502);
    assertThat(reply.body()).contains("bad_gateway").doesNotContain("localhost", "Exception");
  }

  @Test
  void aServerThatHangsUpBeforeItsReplyIsABadGateway() throws Exception {
    try (var server = server(socket -> socket.getInputStream().read())) {
      int port = proxyTo(server.getLocalPort(), Version.HTTP_1_1);

      var reply =
          client.send(
              to(port, "/").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());

      assertThat(reply.statusCode()).isEqualTo(502);
    }
  }

  @Test
  void aReplyThatBreaksOffBreaksOffForTheClientToo() throws Exception {
    try (var server =
        server(socket -> {
          socket.getInputStream().read(new byte[4096]);
          socket
              .getOutputStream()
              .write(
                  "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf"
                      .getBytes(StandardCharsets.US_ASCII));
        })) {
      int port = proxyTo(server.getLocalPort(), Version.HTTP_1_1);

      assertThatThrownBy(() -> client.send(to(port, "/").build(), BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aClientThatLeavesTakesItsRequestWithIt() throws Exception {
    var gone = new CountDownLatch(1);
    var arrived = new CountDownLatch(1);
    int upstream =
        upstream(_ ->
            (_, responder) -> {
              responder.onGone(gone::countDown);
              arrived.countDown();
            });
    int port = proxyTo(upstream, Version.HTTP_1_1);

    try (var raw = new RawClient(port)) {
      raw.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void redirectsAreTheClientsBusiness() throws Exception {
    int upstream =
        upstream(_ ->
            (_, responder) ->
                responder.reply(Reply.of(302, Headers.of("location", "http://elsewhere/"))));
    int port = proxyTo(upstream, Version.HTTP_1_1);

    var reply = client.send(to(port, "/").build(), BodyHandlers.ofString());

    assertThat(reply.statusCode()).isEqualTo(302);
    assertThat(reply.headers().firstValue("location")).contains("http://elsewhere/");
  }

  @Test
  void headKeepsTheLengthThatAGetWouldHave() throws Exception {
    int upstream =
        upstream(_ ->
            (_, responder) -> responder.reply(new Reply(200, Headers.NONE, Bytes.utf8("hello"))));
    int port = proxyTo(upstream, Version.HTTP_1_1);

    try (var raw = new RawClient(port)) {
      raw.send("HEAD / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n");

      assertThat(raw.head()).startsWith("HTTP/1.1 200 ").contains("content-length: 5");
      assertThat(raw.reply()).endsWith("hello");
    }
  }
}
