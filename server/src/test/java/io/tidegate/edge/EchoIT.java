package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.guard.Guards;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.HttpService.AccessControl;
import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.HttpService.HttpRoute;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.Listener;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EchoIT {
  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);

  @AfterEach
  void close() {
    edge.close();
  }

  private int http() {
    var service =
        new HttpService(
            "demo:http",
            Set.of(Version.values()),
            new AccessControl.SameOrigin(),
            Optional.empty(),
            List.of(new HttpRoute(List.of(), List.of(), List.of(), new Exit.Echo())));
    return HttpListener.start(
            edge,
            new Listener("demo:tcp", "127.0.0.1", List.of(0), new Listener.Service.Http(service)),
            Backends.of(_ -> {
              throw new IllegalStateException("no topics here");
            }))
        .ports()
        .getFirst();
  }

  @ParameterizedTest
  @EnumSource
  void aRequestComesBackAsItsReply(HttpClient.Version version) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + http() + "/any");

      var full =
          client.send(
              HttpRequest.newBuilder(uri)
                  .version(version)
                  .header("content-type", "text/x")
                  .POST(BodyPublishers.ofString("hello"))
                  .build(),
              BodyHandlers.ofString());
      var empty =
          client.send(
              HttpRequest.newBuilder(uri).version(version).build(), BodyHandlers.ofString());

      assertThat(full.statusCode()).isEqualTo(200);
      assertThat(full.body()).isEqualTo("hello");
      assertThat(full.headers().firstValue("content-type")).contains("text/x");
      assertThat(empty.statusCode()).isEqualTo(200);
      assertThat(empty.body()).isEmpty();
    }
  }

  @Test
  void chunksComeBackBeforeTheBodyEnds() throws Exception {
    try (var raw = new RawClient(http())) {
      raw.send("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
      assertThat(raw.head()).contains("transfer-encoding: chunked");
      var first = new byte[10];
      assertThat(raw.socket().getInputStream().readNBytes(first, 0, 10)).isEqualTo(10);
      assertThat(new String(first)).isEqualTo("5\r\nhello\r\n");
      raw.send("0\r\n\r\n");
      assertThat(new String(raw.socket().getInputStream().readNBytes(5))).isEqualTo("0\r\n\r\n");
    }
  }

  @Test
  void rawBytesComeBackToTheLastOne() throws Exception {
    var listener =
        EchoListener.start(
            edge,
            new Listener("demo:tcp", "127.0.0.1", List.of(0), new Listener.Service.Echo()),
            Guards.NONE);
    var sent = new byte[20_000_000];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = (byte) (i * 31 >>> 5);
    }

    try (var raw = new RawClient(listener.ports().getFirst())) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              raw.send(sent);
              raw.socket().shutdownOutput();
            } catch (java.io.IOException failed) {
              throw new java.io.UncheckedIOException(failed);
            }
          });

      assertThat(raw.socket().getInputStream().readAllBytes()).isEqualTo(sent);
    }
  }
}
