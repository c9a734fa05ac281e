package io.tidegate.edge;

import static io.tidegate.edge.Outbound.LIMITS;
import static io.tidegate.edge.Outbound.get;
import static io.tidegate.edge.Outbound.limits;
import static io.tidegate.edge.Outbound.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.http.Client.Failure;
import io.tidegate.http.Client.Limits;
import io.tidegate.http.Client.Result;
import io.tidegate.http.Client.Result.Failed;
import io.tidegate.http.Client.Result.Replied;
import io.tidegate.plan.HttpService.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What servers of HTTP/2 do right and wrong, frame by frame.
class OutboundHttp2IT {
  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);
  private final OutboundCalls client =
      OutboundCalls.open(
          edge,
          Outbound.speaking(Outbound.plan(), Version.HTTP_2),
          new KnownNames(),
          Pooling.USUAL);
  private final List<RawHttp2> open = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    client.close();
    for (var server : open) {
      server.close();
    }
    edge.close();
  }

  private RawHttp2 server(RawHttp2.Script script) throws IOException {
    var server = new RawHttp2(false, script);
    open.add(server);
    return server;
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
  void manyCallsShareAConnection() throws Exception {
    var server = server((_, stream, to) -> to.reply(stream));
    var results = new LinkedBlockingQueue<Result>();
    for (int i = 0; i < 500; i++) {
      client.start(post(server.url(), "x"), LIMITS, results::add);
    }

    for (int i = 0; i < 500; i++) {
      assertThat(replied(results.poll(10, TimeUnit.SECONDS)).reply().status()).isEqualTo(200);
    }
    assertThat(server.seen).hasSizeLessThanOrEqualTo(4);
  }

  static Stream<Arguments> misbehaviours() {
    return Stream.of(
        Arguments.of(
            "reset",
            (RawHttp2.Script) (_, s, to) -> to.reset(s, RawHttp2.INTERNAL_ERROR),
            Failure.RESET),
        Arguments.of(
            "cancelled",
            (RawHttp2.Script) (_, s, to) -> to.reset(s, RawHttp2.CANCEL),
            Failure.RESET),
        Arguments.of(
            "reset without error",
            (RawHttp2.Script) (_, s, to) -> to.reset(s, RawHttp2.NO_ERROR),
            Failure.RESET),
        Arguments.of(
            "refused again and again",
            (RawHttp2.Script) (_, s, to) -> to.reset(s, RawHttp2.REFUSED_STREAM),
            Failure.RESET),
        Arguments.of("closed", (RawHttp2.Script) (_, _, to) -> to.close(), Failure.RESET),
        Arguments.of(
            "goes away, having seen it",
            (RawHttp2.Script)
                (_, s, to) -> {
                  to.goAway(s, 0);
                  to.close();
                },
            Failure.RESET),
        Arguments.of(
            "reset mid-body",
            (RawHttp2.Script)
                (_, s, to) -> {
                  to.head(s, 200);
                  to.reset(s, RawHttp2.INTERNAL_ERROR);
                },
            Failure.RESET),
        Arguments.of("stall", (RawHttp2.Script) (_, _, _) -> {}, Failure.FIRST_BYTE_TIMEOUT),
        Arguments.of(
            "interim, then stall",
            (RawHttp2.Script) (_, s, to) -> to.head(s, 103),
            Failure.FIRST_BYTE_TIMEOUT),
        Arguments.of(
            "stall after the head",
            (RawHttp2.Script) (_, s, to) -> to.head(s, 200),
            Failure.TOTAL_TIMEOUT),
        Arguments.of(
            "data before a head",
            (RawHttp2.Script) (_, s, to) -> to.data(s, 3, true),
            Failure.PROTOCOL),
        Arguments.of(
            "a status that is none",
            (RawHttp2.Script) (_, s, to) -> to.head(s, 42),
            Failure.PROTOCOL),
        Arguments.of(
            "a frame that is none",
            (RawHttp2.Script) (_, s, to) -> to.frame(3, 0, s, 1),
            Failure.PROTOCOL),
        Arguments.of(
            "a head that is none",
            (RawHttp2.Script) (_, s, to) -> to.frame(1, 5, s, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
            Failure.PROTOCOL));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("misbehaviours")
  void whatServersDoWrongHasAName(String name, RawHttp2.Script script, Failure expected)
      throws IOException {
    var server = server(script);

    var result = failed(client.send(post(server.url(), "x"), limits(expected)));

    assertThat(result.failure()).as(result.detail()).isEqualTo(expected);
  }

  @Test
  void whatWasRefusedUnseenIsSentAgain() throws IOException {
    var server =
        server((number, stream, to) -> {
          if (number == 1) {
            to.reset(stream, RawHttp2.REFUSED_STREAM);
          } else {
            to.reply(stream);
          }
        });

    assertThat(replied(client.send(post(server.url(), "x"), LIMITS)).reply().status())
        .isEqualTo(200);
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  void whatAServerThatGoesAwayHasNotSeenIsSentAgain() throws IOException {
    var server =
        server((number, stream, to) -> {
          if (number == 1) {
            to.goAway(0, RawHttp2.NO_ERROR);
            to.close();
          } else {
            to.reply(stream);
          }
        });

    assertThat(replied(client.send(post(server.url(), "x"), LIMITS)).reply().status())
        .isEqualTo(200);
    assertThat(server.seen).hasSize(2);
  }

  @Test
  void callsOnAConnectionThatGoesAwayEndWellAndOthersTakeAnother() throws IOException {
    var server =
        server((_, stream, to) -> {
          to.goAway(stream, RawHttp2.NO_ERROR);
          to.reply(stream);
        });

    for (int i = 0; i < 5; i++) {
      assertThat(replied(client.send(post(server.url(), "x"), LIMITS)).reply().status())
          .isEqualTo(200);
    }

    assertThat(server.seen).hasSize(5);
    await().untilAsserted(() -> assertThat(client.connections()).isZero());
  }

  @Test
  void interimRepliesAreSkipped() throws IOException {
    var server =
        server((_, stream, to) -> {
          to.head(stream, 103);
          to.head(stream, 102);
          to.reply(stream);
        });

    assertThat(replied(client.send(get(server.url()), LIMITS)).reply().status()).isEqualTo(200);
  }

  @Test
  void interimRepliesWithoutEndAreNot() throws IOException {
    var server =
        server((_, stream, to) -> {
          for (int i = 0; i < 40; i++) {
            to.head(stream, 103);
          }
        });

    assertThat(failed(client.send(get(server.url()), LIMITS)).failure())
        .isEqualTo(Failure.PROTOCOL);
  }

  @Test
  void aBodyIsReadUpToTheLimitAndTheConnectionStays() throws IOException {
    var server =
        server((number, stream, to) -> {
          if (number == 1) {
            to.head(stream, 200);
            to.data(stream, 5000, false);
          } else {
            to.reply(stream);
          }
        });

    var cut = replied(client.send(post(server.url(), "x"), LIMITS));
    var next = replied(client.send(post(server.url(), "x"), LIMITS));

    assertThat(cut.isCut()).isTrue();
    assertThat(cut.reply().body().size()).isEqualTo(LIMITS.replyBytes());
    assertThat(next.reply().status()).isEqualTo(200);
    assertThat(server.seen).hasSize(1);
    await().untilAsserted(() -> assertThat(server.seen.getFirst()).contains("reset 8"));
  }

  @Test
  void aServerThatSaysNothingAtAllIsNoServerOfHttp2() throws IOException {
    var silent = new RawHttp2(true, (_, _, _) -> {});
    open.add(silent);

    var second = Duration.ofSeconds(1);
    var limits = new Limits(second, LIMITS.tls(), LIMITS.firstByte(), LIMITS.total(), 1024);

    var failed = failed(client.send(post(silent.url(), "x"), limits));

    assertThat(failed.failure()).isEqualTo(Failure.PROTOCOL);
    assertThat(failed.detail()).contains("did not begin to speak HTTP/2");
    await().untilAsserted(() -> assertThat(client.destinations()).isZero());
  }

  @Test
  void aConnectionThatHasGoneSilentIsLeft() throws IOException {
    var server =
        server((number, stream, to) -> {
          if (number > 1) {
            to.reply(stream);
          }
        });

    var silent = failed(client.send(post(server.url(), "x"), limits(Failure.FIRST_BYTE_TIMEOUT)));
    var next = replied(client.send(post(server.url(), "x"), LIMITS));

    assertThat(silent.failure()).isEqualTo(Failure.FIRST_BYTE_TIMEOUT);
    assertThat(next.reply().status()).isEqualTo(200);
    assertThat(server.seen).hasSize(2);
  }
}
