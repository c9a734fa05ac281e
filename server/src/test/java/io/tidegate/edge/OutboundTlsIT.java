package io.tidegate.edge;

import static io.tidegate.edge.Outbound.LIMITS;
import static io.tidegate.edge.Outbound.post;
import static io.tidegate.edge.Outbound.tls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.http.Client.Failure;
import io.tidegate.http.Client.Limits;
import io.tidegate.http.Client.Result;
import io.tidegate.http.Client.Result.Failed;
import io.tidegate.http.Client.Result.Replied;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.TlsClient;
import io.tidegate.receivers.ConnectProxy;
import io.tidegate.receivers.MisbehavingReceiver;
import io.tidegate.vault.Certificates;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Outbound requests over TLS: whom we trust, and what is said when we do not.
class OutboundTlsIT {
  @TempDir Path folder;

  private final Edge edge = Edge.open(EdgeLimits.defaults(), 2);
  private final KnownNames names =
      new KnownNames()
          .with("api.example", "127.0.0.1")
          .with("a.wild.example", "127.0.0.1")
          .with("a.b.wild.example", "127.0.0.1")
          .with("other.example", "127.0.0.1");
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var part : open) {
      part.close();
    }
    edge.close();
  }

  private MisbehavingReceiver receiver(String certificate) {
    var receiver = MisbehavingReceiver.start(Certificates.client(certificate));
    open.add(receiver);
    return receiver;
  }

  private TlsClient trusting(String authority) {
    return tls(
        Optional.of(Certificates.trust(folder.resolve("trust.p12"), authority)), Optional.empty());
  }

  private OutboundCalls client(OutboundHttp plan) {
    var client = OutboundCalls.open(edge, plan, names, Pooling.USUAL);
    open.add(client);
    return client;
  }

  private OutboundCalls client(TlsClient tls) {
    return client(Outbound.with(Outbound.plan(), tls, Version.HTTP_1_1, Version.HTTP_2));
  }

  private static void fails(Result result, String words) {
    assertThat(result).isInstanceOf(Failed.class);
    assertThat(((Failed) result).failure()).as(result.toString()).isEqualTo(Failure.TLS);
    assertThat(((Failed) result).detail()).contains(words);
  }

  private static void replies(Result result) {
    assertThat(result).isInstanceOf(Replied.class);
  }

  @Test
  void aTrustedReceiverIsReachedAndTheHandshakeIsTimed() {
    var receiver = receiver("localhost");
    var client = client(trusting("authority"));

    var first = client.send(post(receiver.url("/"), "x"), LIMITS);
    var second = client.send(post(receiver.url("/"), "x"), LIMITS);

    replies(first);
    assertThat(first.timings().tls()).isPositive();
    replies(second);
    assertThat(second.timings().tls()).isEqualTo(-1);
    assertThat(receiver.accepted()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 127.0.0.1, authority, ''",
    "localhost, localhost, authority, ''",
    "api, api.example, authority, ''",
    "wild, a.wild.example, authority, ''",
    "wild, a.b.wild.example, authority, is not for a.b.wild.example",
    "api, 127.0.0.1, authority, is not for 127.0.0.1",
    "api, localhost, authority, is not for localhost",
    "localhost, other.example, authority, is not for other.example",
    "localhost, localhost, elsewhere, is not signed by an authority that is trusted here",
    "stranger, localhost, authority, is not signed by an authority that is trusted here",
    "expired, localhost, authority, has expired"
  })
  void theCertificateIsCheckedForTheNameOfTheUrl(
      String certificate, String host, String authority, String fault) {
    int port = receiver(certificate).port();

    var result =
        client(trusting(authority)).send(post("https://" + host + ":" + port + "/", "x"), LIMITS);

    if (fault.isEmpty()) {
      replies(result);
    } else {
      fails(result, fault);
    }
  }

  @Test
  void withoutTrustOfItsOwnThePublicAuthoritiesCount() {
    var receiver = receiver("localhost");

    var result =
        client(tls(Optional.empty(), Optional.empty())).send(post(receiver.url("/"), "x"), LIMITS);

    fails(result, "is not signed by an authority that is trusted here");
  }

  @Test
  void anotherNameCanBeExpected() {
    var receiver = receiver("api");
    var trusting = trusting("authority");
    var expecting =
        new TlsClient(
            trusting.versions(),
            trusting.trust(),
            false,
            Optional.empty(),
            Optional.of("api.example"),
            List.of());

    replies(client(expecting).send(post(receiver.url("/"), "x"), LIMITS));
  }

  @Test
  void aReceiverThatAsksIsShownTheCertificate() {
    var receiver = receiver("localhost").mutual();
    var without = trusting("authority");
    var with =
        tls(without.trust(), Optional.of(Certificates.keys(folder.resolve("me.p12"), "client")));

    fails(client(without).send(post(receiver.url("/"), "x"), LIMITS), "refused the TLS connection");
    replies(client(with).send(post(receiver.url("/"), "x"), LIMITS));
  }

  @Test
  void aChangedCertificateIsSeenOnTheNextConnection() throws Exception {
    var receiver = receiver("localhost");
    var client = client(trusting("authority"));
    replies(client.send(post(receiver.url("/"), "x"), LIMITS));

    receiver.certificate(Certificates.client("expired")).cut();
    await().untilAsserted(() -> assertThat(client.connections()).isZero());
    var expired = client.send(post(receiver.url("/"), "x"), LIMITS);
    receiver.certificate(Certificates.client("renewed"));
    var renewed = client.send(post(receiver.url("/"), "x"), LIMITS);

    fails(expired, "has expired");
    replies(renewed);
  }

  @Test
  void changedFilesAreInUseWithoutAStart() {
    var receiver = receiver("localhost").mutual();
    var mine = folder.resolve("me.p12");
    var keys = Certificates.keys(mine, "pkcs12", List.of("me"), List.of("stranger"));
    var client = client(tls(trusting("authority").trust(), Optional.of(keys)));
    fails(client.send(post(receiver.url("/"), "x"), LIMITS), "refused the TLS connection");

    var _ = Certificates.keys(mine, "pkcs12", List.of("me"), List.of("client"));

    await().untilAsserted(() -> replies(client.send(post(receiver.url("/"), "x"), LIMITS)));
  }

  @Test
  void whoDoesNotSpeakTlsIsNamed() {
    var plain = MisbehavingReceiver.start();
    open.add(plain);

    var result =
        client(trusting("authority"))
            .send(post("https://127.0.0.1:" + plain.port() + "/", "x"), LIMITS);

    assertThat(((Failed) result).failure()).isEqualTo(Failure.TLS);
  }

  @Test
  void aHandshakeThatHangsHasItsOwnLimit() throws Exception {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var limits =
          new Limits(
              Duration.ofSeconds(5),
              Duration.ofMillis(300),
              Duration.ofSeconds(5),
              Duration.ofSeconds(10),
              1024);

      var result =
          client(trusting("authority"))
              .send(post("https://127.0.0.1:" + silent.getLocalPort() + "/", "x"), limits);

      fails(result, "the TLS handshake took too long");
    }
  }

  @Test
  void aProxyTunnelsWithoutSeeing() {
    var receiver = receiver("api");
    var proxy = ConnectProxy.start();
    open.add(proxy);
    proxy.leads("api.example", receiver.port());
    var plan =
        Outbound.proxied(
            Outbound.with(Outbound.plan(), trusting("authority"), Version.HTTP_1_1, Version.HTTP_2),
            proxy.port());

    var result = client(plan).send(post("https://api.example:8443/in", "x"), LIMITS);

    replies(result);
    assertThat(proxy.asked()).containsExactly("CONNECT api.example:8443 HTTP/1.1");
    assertThat(receiver.seen("/in")).hasSize(1);
  }

  @Test
  void aProxyThatWillNotIsQuoted() {
    var proxy = ConnectProxy.start();
    open.add(proxy);
    var plan =
        Outbound.proxied(
            Outbound.with(Outbound.plan(), trusting("authority"), Version.HTTP_1_1), proxy.port());

    var result = client(plan).send(post("https://api.example/", "x"), LIMITS);

    assertThat(((Failed) result).failure()).isEqualTo(Failure.CONNECT);
    assertThat(((Failed) result).detail()).contains("it answered 502");
  }
}
