package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamedReplyIT {
  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.shutdownNow();
    edge.close();
  }

  private int start(Router router) {
    return HttpListener.start(edge, "demo:in", "127.0.0.1", 0, router).ports().getFirst();
  }

  private static HttpRequest get(int port, HttpClient.Version version) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
        .version(version)
        .timeout(Duration.ofSeconds(10))
        .build();
  }

  @ParameterizedTest
  @EnumSource
  void piecesArriveWhenTheyAreWrittenAndInOrder(HttpClient.Version version) throws Exception {
    var flow = new CompletableFuture<Responder.Outflow>();
    int port =
        start(_ ->
            (_, responder) ->
                flow.complete(
                    responder.open(200, Headers.of("content-type", "text/event-stream"))));

    var reply = client.send(get(port, version), BodyHandlers.ofInputStream());
    var lines = new BufferedReader(new InputStreamReader(reply.body()));
    var out = flow.get(5, TimeUnit.SECONDS);
    for (int i = 0; i < 1000; i++) {
      out.write(Bytes.utf8("line " + i + "\n"));
      if (i % 100 == 0) {
        assertThat(lines.readLine()).isEqualTo("line " + i);
      } else if (i % 100 == 99) {
        for (int j = i - 98; j <= i; j++) {
          assertThat(lines.readLine()).isEqualTo("line " + j);
        }
      }
    }
    out.end();

    assertThat(lines.readLine()).isNull();
    assertThat(reply.headers().firstValue("content-type")).contains("text/event-stream");
  }

  @ParameterizedTest
  @EnumSource
  void aReplyThatIsBrokenOffIsSeenToBe(HttpClient.Version version) {
    int port =
        start(_ ->
            (_, responder) -> {
              var out = responder.open(200, Headers.NONE);
              out.write(Bytes.utf8("half"));
              out.abort();
            });

    assertThatThrownBy(() -> client.send(get(port, version), BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void theWriterSeesWhatTheSocketHasNotTakenAndWhenItHas() throws Exception {
    var most = new AtomicLong();
    int port =
        start(_ ->
            (_, responder) -> {
              var out = responder.open(200, Headers.NONE);
              Thread.ofVirtual().start(() -> writeWithinBounds(out, most));
            });

    try (var raw = new RawClient(port)) {
      raw.send("GET / HTTP/1.0\r\n\r\n");
      var reply = raw.all();

      assertThat(reply.length() - reply.indexOf("\r\n\r\n") - 4).isEqualTo(64 << 20);
      assertThat(most.get()).isLessThanOrEqualTo(2 << 20);
    }
  }

  private static void writeWithinBounds(Responder.Outflow out, AtomicLong most) {
    for (int i = 0; i < 64; i++) {
      long queued = out.write(Bytes.wrap(new byte[1 << 20]));
      most.accumulateAndGet(queued, Math::max);
      if (queued > 1 << 20) {
        var drained = new CountDownLatch(1);
        out.onDrained(1 << 20, drained::countDown);
        try {
          assertThat(drained.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
          throw new IllegalStateException(interrupted);
        }
      }
    }
    out.end();
  }

  @ParameterizedTest
  @EnumSource
  void theWriterHearsThatTheReaderHasLeft(HttpClient.Version version) throws Exception {
    var gone = new CountDownLatch(1);
    var late = new CountDownLatch(1);
    var flow = new CompletableFuture<Responder.Outflow>();
    int port =
        start(_ ->
            (_, responder) -> {
              responder.onGone(() -> {
                gone.countDown();
                responder.onGone(late::countDown);
              });
              flow.complete(responder.open(200, Headers.NONE));
            });

    var reply = client.send(get(port, version), BodyHandlers.ofInputStream());
    flow.get(5, TimeUnit.SECONDS).write(Bytes.utf8("x"));
    assertThat(reply.body().read()).isEqualTo('x');
    reply.body().close();

    assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(late.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(flow.get().write(Bytes.utf8("to nobody"))).isNotNegative();
    var drained = new CountDownLatch(1);
    flow.get().onDrained(0, drained::countDown);
    assertThat(drained.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void headOfAStreamIsItsHeadAndItsWriterMayGo() throws Exception {
    var gone = new CountDownLatch(1);
    int port =
        start(_ ->
            (_, responder) -> {
              responder.onGone(gone::countDown);
              responder.open(200, Headers.of("content-type", "a/b")).write(Bytes.utf8("x"));
            });

    try (var raw = new RawClient(port)) {
      raw.send("HEAD / HTTP/1.1\r\nhost: a\r\n\r\n");
      assertThat(raw.head()).startsWith("HTTP/1.1 200 ").contains("content-type: a/b");
      assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
      raw.send("HEAD / HTTP/1.1\r\nhost: a\r\n\r\n");
      assertThat(raw.head()).startsWith("HTTP/1.1 200 ");
    }
  }
}
