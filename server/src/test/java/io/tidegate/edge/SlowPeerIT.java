package io.tidegate.edge;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.Bytes;
import io.tidegate.http.Handler;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowPeerIT {
  private static final EdgeLimits.Waits LONG =
      new EdgeLimits.Waits(
          ofSeconds(20), ofSeconds(20), ofSeconds(20), ofSeconds(20), ofSeconds(20));

  private Edge edge;

  @AfterEach
  void close() {
    edge.close();
  }

  private int start(EdgeLimits limits, Router router) {
    edge = Edge.open(limits, 1);
    return HttpListener.start(edge, "demo:in", "127.0.0.1", 0, router).ports().getFirst();
  }

  private static EdgeLimits waits(long head, long body, long idle, long write) {
    return EdgeLimits.defaults()
        .with(
            new EdgeLimits.Waits(
                ofMillis(head), ofMillis(body), ofMillis(idle), ofMillis(write), ofSeconds(20)));
  }

  private static Router ok() {
    return _ -> (_, responder) -> responder.reply(Reply.of(200));
  }

  @Test
  void aConnectionWithoutARequestIsClosed() throws IOException {
    int port = start(waits(200, 20_000, 20_000, 20_000), ok());

    try (var raw = new RawClient(port)) {
      assertThat(raw.all()).isEmpty();
    }
  }

  @Test
  void aHeadThatTakesTooLongIsGivenUpHoweverSteadilyItDrips() throws Exception {
    int port = start(waits(400, 20_000, 20_000, 20_000), ok());

    try (var raw = new RawClient(port)) {
      var answer =
          CompletableFuture.supplyAsync(() -> {
            try {
              return raw.all();
            } catch (IOException failed) {
              throw new java.io.UncheckedIOException(failed);
            }
          });
      raw.send("GET / HTTP/1.1\r\nhost: a\r\n");
      await()
          .pollInterval(ofMillis(50))
          .until(() -> {
            try {
              raw.send("x: y\r\n");
              return answer.isDone();
            } catch (IOException closed) {
              return true;
            }
          });

      assertThat(answer.get(5, TimeUnit.SECONDS)).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void aSecondHeadMayNotDripEither() throws Exception {
    int port = start(waits(300, 20_000, 20_000, 20_000), ok());

    try (var raw = new RawClient(port)) {
      raw.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      assertThat(raw.reply()).startsWith("HTTP/1.1 200 ");
      raw.send("GET / HTTP");

      assertThat(raw.all()).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void aBodyThatStopsIsGivenUp() throws IOException {
    int port = start(waits(20_000, 200, 20_000, 20_000), ok());

    try (var raw = new RawClient(port)) {
      raw.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nabc");

      assertThat(raw.all())
          .startsWith("HTTP/1.1 408 ")
          .contains("connection: close")
          .contains("body_too_slow");
    }
  }

  @Test
  void anIdleConnectionIsClosedButNotOneThatWaitsForItsReply() throws Exception {
    var responders = new CompletableFuture<Responder>();
    int port =
        start(
            waits(20_000, 20_000, 200, 20_000),
            head ->
                (_, responder) -> {
                  if (head.path().equals("/later")) {
                    responders.complete(responder);
                  } else {
                    responder.reply(Reply.of(200));
                  }
                });

    try (var idle = new RawClient(port);
        var waiting = new RawClient(port)) {
      waiting.send("GET /later HTTP/1.1\r\nhost: a\r\n\r\n");
      idle.send("GET /now HTTP/1.1\r\nhost: a\r\n\r\n");
      assertThat(idle.reply()).startsWith("HTTP/1.1 200 ");
      assertThat(idle.all()).isEmpty();

      responders.get(5, TimeUnit.SECONDS).reply(Reply.of(201));

      assertThat(waiting.reply()).startsWith("HTTP/1.1 201 ");
    }
  }

  @Test
  void aReplyThatNobodyTakesIsGivenUp() throws Exception {
    var big = Bytes.wrap(new byte[32 << 20]);
    int port =
        start(
            waits(20_000, 20_000, 20_000, 300),
            _ -> (_, responder) -> responder.reply(new Reply(200, Headers.NONE, big)));

    try (var raw = new RawClient(port)) {
      raw.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");

      await().atMost(ofSeconds(10)).until(() -> edge.connections() == 0);
    }
  }

  @Test
  void aStreamThatNobodyTakesIsGivenUpAndItsWriterTold() throws Exception {
    var gone = new CountDownLatch(1);
    int port =
        start(
            waits(20_000, 20_000, 20_000, 300),
            _ ->
                (_, responder) -> {
                  responder.onGone(gone::countDown);
                  var out = responder.open(200, Headers.NONE);
                  for (int i = 0; i < 32; i++) {
                    out.write(Bytes.wrap(new byte[1 << 20]));
                  }
                });

    try (var raw = new RawClient(port)) {
      raw.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");

      assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void connectionsBeyondTheLimitAreTurnedAwayAndOthersServed() throws Exception {
    var counts = EdgeLimits.defaults().counts();
    int port =
        start(
            EdgeLimits.defaults()
                .with(LONG)
                .with(
                    new EdgeLimits.Counts(3, counts.streams(), counts.resets(), counts.requests())),
            ok());
    var inside = new ArrayList<RawClient>();
    for (int i = 0; i < 3; i++) {
      var raw = new RawClient(port);
      raw.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      assertThat(raw.reply()).startsWith("HTTP/1.1 200 ");
      inside.add(raw);
    }

    try (var fourth = new RawClient(port)) {
      assertThat(fourth.all()).isIn("", "<reset>");
    }

    inside.getFirst().close();
    await().until(() -> edge.connections() == 2);
    try (var again = new RawClient(port)) {
      assertThat(again.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").reply())
          .startsWith("HTTP/1.1 200 ");
    }
    for (var raw : inside) {
      raw.close();
    }
  }

  @Test
  void bodiesBeyondWhatFitsInMemoryAreRefusedForNow() throws Exception {
    var responders = new CompletableFuture<Responder>();
    var sizes = EdgeLimits.defaults().sizes();
    int port =
        start(
            EdgeLimits.defaults().with(new EdgeLimits.Sizes(sizes.line(), sizes.head(), 15_000)),
            head ->
                new Handler() {
                  @Override
                  public void handle(Request request, Responder responder) {
                    if (head.path().equals("/hold")) {
                      responders.complete(responder);
                    } else {
                      responder.reply(Reply.of(200));
                    }
                  }
                });
    var body = " HTTP/1.1\r\nhost: a\r\ncontent-length: 10000\r\n\r\n" + "x".repeat(10_000);

    try (var first = new RawClient(port);
        var second = new RawClient(port)) {
      first.send("POST /hold" + body);
      var held = responders.get(5, TimeUnit.SECONDS);
      assertThat(second.send("POST /" + body).reply())
          .startsWith("HTTP/1.1 503 ")
          .contains("retry-after: 1");
      held.reply(Reply.of(200));
      assertThat(first.reply()).startsWith("HTTP/1.1 200 ");
    }
    try (var third = new RawClient(port)) {
      assertThat(third.send("POST /" + body).reply()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void clientsThatPostAndHangUpHarmNobody() throws Exception {
    var left = new CountDownLatch(200);
    int port =
        start(
            EdgeLimits.defaults(),
            head ->
                (_, responder) -> {
                  if (head.path().equals("/now")) {
                    responder.reply(Reply.of(200));
                  } else {
                    responder.onGone(() -> {
                      responder.reply(Reply.of(204)); // to nobody
                      left.countDown();
                    });
                  }
                });

    for (int i = 0; i < 200; i++) {
      try (var raw = new RawClient(port)) {
        raw.send("POST /leave HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi");
      }
    }

    assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
    await().until(() -> edge.connections() == 0);
    try (var raw = new RawClient(port)) {
      assertThat(raw.send("GET /now HTTP/1.1\r\nhost: a\r\n\r\n").reply())
          .startsWith("HTTP/1.1 200 ");
    }
  }
}
