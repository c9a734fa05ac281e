package io.tidegate.edge;

import static io.tidegate.edge.Outbound.LIMITS;
import static io.tidegate.edge.Outbound.call;
import static io.tidegate.edge.Outbound.get;
import static io.tidegate.edge.Outbound.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.http.Client.Failure;
import io.tidegate.http.Client.Limits;
import io.tidegate.http.Client.Result;
import io.tidegate.http.Client.Result.Failed;
import io.tidegate.http.Client.Result.Replied;
import io.tidegate.http.Headers;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.TlsClient;
import io.tidegate.receivers.Nginx;
import io.tidegate.vault.Certificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Outbound requests to a web server that others have written, in every protocol it speaks.
class OutboundNginxIT {
  @TempDir static Path folder;

  /// For hundreds of handshakes on a machine that has other things to do.
  private static final Limits PATIENT =
      new Limits(
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          1024);

  private static Edge edge;
  private static Nginx nginx;

  private final List<OutboundCalls> open = new ArrayList<>();

  @BeforeAll
  static void open() {
    edge = Edge.open(EdgeLimits.defaults(), 2);
    nginx = Nginx.start(folder);
  }

  @AfterAll
  static void end() {
    nginx.close();
    edge.close();
  }

  @AfterEach
  void close() {
    open.forEach(OutboundCalls::close);
  }

  /// How the server is spoken to.
  enum Way {
    PLAIN,
    CLEAR_2,
    TLS,
    TLS_2,
    MUTUAL;

    String url() {
      return switch (this) {
        case PLAIN -> "http://127.0.0.1:" + nginx.plain();
        case CLEAR_2 -> "http://127.0.0.1:" + nginx.clear2();
        case TLS, TLS_2 -> "https://127.0.0.1:" + nginx.secure();
        case MUTUAL -> "https://127.0.0.1:" + nginx.mutual();
      };
    }

    String protocol() {
      return this == PLAIN || this == TLS ? "HTTP/1.1" : "HTTP/2.0";
    }

    OutboundHttp plan() {
      return switch (this) {
        case PLAIN -> Outbound.plan();
        case CLEAR_2 -> Outbound.speaking(Outbound.plan(), Version.HTTP_2);
        case TLS -> Outbound.with(Outbound.plan(), trusting(false), Version.HTTP_1_1);
        case TLS_2 ->
            Outbound.with(Outbound.plan(), trusting(false), Version.HTTP_1_1, Version.HTTP_2);
        case MUTUAL -> Outbound.with(Outbound.plan(), trusting(true), Version.HTTP_2);
      };
    }

    private static TlsClient trusting(boolean shown) {
      return Outbound.tls(
          Optional.of(Certificates.trust(folder.resolve("trust.p12"), "authority")),
          shown
              ? Optional.of(Certificates.keys(folder.resolve("me.p12"), "client"))
              : Optional.empty());
    }
  }

  private OutboundCalls client(OutboundHttp plan) {
    var client = OutboundCalls.open(edge, plan, new KnownNames(), Pooling.USUAL);
    open.add(client);
    return client;
  }

  private static Replied replied(Result result) {
    assertThat(result).isInstanceOf(Replied.class);
    return (Replied) result;
  }

  @ParameterizedTest
  @EnumSource
  void aRequestArrivesAndIsAnswered(Way way) {
    var client = client(way.plan());

    var first = replied(client.send(post(way.url() + "/in", "0123456789"), LIMITS));
    var second = replied(client.send(get(way.url() + "/in?x=1"), LIMITS));

    assertThat(first.reply().body().utf8()).isEqualTo(way.protocol() + " POST 10");
    assertThat(first.reply().headers().first("server")).isPresent();
    assertThat(second.reply().body().utf8()).startsWith(way.protocol() + " GET");
    assertThat(second.timings().connect()).isEqualTo(-1);
    assertThat(client.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void thousandsAreAnsweredWhileConnectionsComeAndGo(Way way) throws Exception {
    var client = client(way.plan());
    var results = new LinkedBlockingQueue<Result>();
    var permits = new java.util.concurrent.Semaphore(64);
    for (int i = 0; i < 1000; i++) {
      permits.acquire();
      client.start(
          post(way.url() + "/in", "x".repeat(i % 100)),
          PATIENT,
          result -> {
            permits.release();
            results.add(result);
          });
    }

    for (int i = 0; i < 1000; i++) {
      assertThat(replied(results.poll(60, TimeUnit.SECONDS)).reply().status()).isEqualTo(200);
    }
    assertThat(client.connections()).isLessThanOrEqualTo(64);
  }

  @ParameterizedTest
  @EnumSource
  void aLargeReplyIsCut(Way way) {
    var client = client(way.plan());

    var big = replied(client.send(get(way.url() + "/big"), LIMITS));
    var next = replied(client.send(get(way.url() + "/in"), LIMITS));

    assertThat(big.isCut()).isTrue();
    assertThat(big.reply().body().size()).isEqualTo(LIMITS.replyBytes());
    assertThat(big.length()).isEqualTo(1 << 20);
    assertThat(next.reply().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void largeRequestsGetThereOrAreToldThatTheyAreTooLarge(Way way) {
    var client = client(way.plan());

    var fine = replied(client.send(post(way.url() + "/in", "x".repeat(900_000)), LIMITS));
    var large = client.send(post(way.url() + "/small", "x".repeat(900_000)), LIMITS);

    assertThat(fine.reply().body().utf8()).isEqualTo(way.protocol() + " POST 900000");
    assertThat(replied(large).reply().status()).isEqualTo(413);
  }

  @ParameterizedTest
  @EnumSource
  void redirectsAreRepliesAndHeadsHaveNoBody(Way way) {
    var client = client(way.plan());

    var moved = replied(client.send(post(way.url() + "/moved", "x"), LIMITS));
    var gone = replied(client.send(post(way.url() + "/gone", "x"), LIMITS));
    var head = replied(client.send(call("HEAD", way.url() + "/big", Headers.NONE, ""), LIMITS));

    assertThat(moved.reply().status()).isEqualTo(301);
    assertThat(gone.reply().status()).isEqualTo(410);
    assertThat(head.reply().status()).isEqualTo(200);
    assertThat(head.isCut()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatHangsUpIsAReset(Way way) {
    var result = client(way.plan()).send(post(way.url() + "/hangup", "x"), LIMITS);

    assertThat(result).isInstanceOf(Failed.class);
    assertThat(((Failed) result).failure()).isEqualTo(Failure.RESET);
  }

  @Test
  void whoShowsNoCertificateIsRefused() {
    var client = client(Way.TLS_2.plan());

    var result = client.send(post(Way.MUTUAL.url() + "/in", "x"), LIMITS);

    // nginx ends the handshake well and says then what it misses
    assertThat(replied(result).reply().status()).isEqualTo(400);
  }

  @Test
  void http2AloneIsNotSpokenByAServerOfHttp1() {
    var plan = Outbound.speaking(Outbound.plan(), Version.HTTP_2);

    var result = client(plan).send(post(Way.PLAIN.url() + "/in", "x"), LIMITS);

    assertThat(result).isInstanceOf(Failed.class);
    assertThat(((Failed) result).failure()).isEqualTo(Failure.PROTOCOL);
  }
}
