package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LifecycleIT {
  private static final Router OK = _ -> (_, responder) -> responder.reply(Reply.of(200));

  private final Edge edge = Edge.open(EdgeLimits.defaults(), 2);

  @AfterEach
  void close() {
    edge.close();
  }

  private HttpListener start(int port, Router router) {
    return HttpListener.start(edge, "demo:in", "127.0.0.1", port, router);
  }

  @Test
  void aPortInUseIsNamedWithItsHolder() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> start(taken.getLocalPort(), OK))
          .isInstanceOf(BindFailure.class)
          .hasMessageContaining("demo:in cannot listen on 127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("in use")
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("choose another port");
    }
  }

  @Test
  void twoListenersOnOneAddressAreAFault() {
    int port = start(0, OK).ports().getFirst();
    // the address is free again as far as the machine is concerned only after the first closes
    assertThatThrownBy(() -> start(port, OK)).isInstanceOf(BindFailure.class);
  }

  @Test
  void anAddressThatIsNotOursIsAFault() {
    assertThatThrownBy(() -> HttpListener.start(edge, "demo:in", "192.0.2.1", 0, OK))
        .isInstanceOf(BindFailure.class)
        .hasMessageContaining("no such address");
  }

  @Test
  void aClosedListenerGivesItsPortBack() throws Exception {
    var first = start(0, OK);
    int port = first.ports().getFirst();
    first.close();

    var second = start(port, OK);

    try (var raw = new RawClient(port)) {
      assertThat(raw.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").reply()).startsWith("HTTP/1.1 200 ");
    }
    assertThatThrownBy(() -> start(port, OK)).hasMessageContaining("listens there already");
    second.close();
  }

  @Test
  void drainingLetsRequestsEndAndTakesNoMore() throws Exception {
    var held = new CompletableFuture<Responder>();
    var listener =
        start(
            0,
            head ->
                (_, responder) -> {
                  if (head.path().equals("/later")) {
                    held.complete(responder);
                  } else {
                    responder.reply(Reply.of(200));
                  }
                });
    int port = listener.ports().getFirst();

    try (var busy = new RawClient(port);
        var idle = new RawClient(port)) {
      assertThat(idle.send("GET /now HTTP/1.1\r\nhost: a\r\n\r\n").reply())
          .startsWith("HTTP/1.1 200 ");
      busy.send("GET /later HTTP/1.1\r\nhost: a\r\n\r\n");
      var responder = held.get(5, TimeUnit.SECONDS);
      var drained = CompletableFuture.runAsync(() -> listener.drain(Duration.ofSeconds(20)));

      assertThat(idle.all()).isEmpty();
      await()
          .untilAsserted(() ->
              assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(ConnectException.class));
      assertThat(drained).isNotDone();
      responder.reply(new Reply(200, Headers.NONE, Bytes.utf8("late")));

      assertThat(busy.all()).contains("connection: close").endsWith("late");
      drained.get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void drainingHttp2LetsItsStreamsEnd() throws Exception {
    var held = new CompletableFuture<Responder>();
    var listener = start(0, _ -> (_, responder) -> held.complete(responder));
    int port = listener.ports().getFirst();

    try (var client = HttpClient.newHttpClient()) {
      var reply =
          client.sendAsync(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                  .version(HttpClient.Version.HTTP_2)
                  .build(),
              BodyHandlers.ofString());
      var responder = held.get(5, TimeUnit.SECONDS);
      var drained = CompletableFuture.runAsync(() -> listener.drain(Duration.ofSeconds(20)));
      await()
          .untilAsserted(() ->
              assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(ConnectException.class));
      responder.reply(new Reply(200, Headers.NONE, Bytes.utf8("late")));

      assertThat(reply.get(5, TimeUnit.SECONDS).body()).isEqualTo("late");
      drained.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatDoesNotEndInTimeIsCutOff() throws Exception {
    var held = new CompletableFuture<Responder>();
    var listener = start(0, _ -> (_, responder) -> held.complete(responder));

    try (var busy = new RawClient(listener.ports().getFirst())) {
      busy.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      held.get(5, TimeUnit.SECONDS);

      listener.drain(Duration.ofMillis(200));

      assertThat(busy.all()).isIn("", "<reset>");
    }
  }

  @Test
  void requestsAreCountedAndTimed() throws Exception {
    var registry = new SimpleMeterRegistry();
    var service =
        new io.tidegate.plan.HttpService(
            "demo:http",
            java.util.Set.of(io.tidegate.plan.HttpService.Version.HTTP_1_1),
            new io.tidegate.plan.HttpService.AccessControl.SameOrigin(),
            java.util.Optional.empty(),
            java.util.List.of(
                new io.tidegate.plan.HttpService.HttpRoute(
                    java.util.List.of(),
                    java.util.List.of(),
                    java.util.List.of(),
                    new io.tidegate.plan.HttpService.Exit.Echo())));
    var listener =
        HttpListener.start(
            edge,
            new io.tidegate.plan.Listener(
                "demo:in",
                "127.0.0.1",
                java.util.List.of(0),
                new io.tidegate.plan.Listener.Service.Http(service)),
            new Backends(
                _ -> OK, io.tidegate.guard.Guards.NONE, new HttpMetrics(registry, "demo:in")));

    try (var raw = new RawClient(listener.ports().getFirst())) {
      raw.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello").reply();
      raw.send("GET / HTTP/1.1\r\nhost: a\r\norigin: http://b\r\n\r\n").reply();
    }

    await().untilAsserted(() -> assertCounted(registry)); // counted a moment after the reply
  }

  private static void assertCounted(SimpleMeterRegistry registry) {
    var requests = registry.get("http.server.requests").tag("listener", "demo:in");
    assertThat(requests.tags("method", "POST", "status", "2xx").functionTimer().count())
        .isEqualTo(1);
    assertThat(
            registry
                .get("http.server.requests")
                .tags("method", "GET", "status", "4xx")
                .functionTimer()
                .count())
        .isEqualTo(1);
    assertThat(
            registry.get("http.server.requests.within").tag("le", "+Inf").functionCounter().count())
        .isEqualTo(2);
    assertThat(registry.get("http.server.received").functionCounter().count()).isEqualTo(5);
    assertThat(registry.get("http.server.active.requests").gauge().value()).isZero();
  }
}
