package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Time;
import io.tidegate.guard.Guards;
import io.tidegate.guard.X509Guard;
import io.tidegate.http.Request;
import io.tidegate.plan.GuardSpec;
import io.tidegate.plan.Guarded;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.Listener;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.TlsServer;
import io.tidegate.plan.TlsServer.ClientCertificate;
import io.tidegate.vault.Certificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsIT {
  @TempDir Path folder;

  private final Edge edge =
      Edge.open(
          EdgeLimits.defaults()
              .with(
                  new EdgeLimits.Waits(
                      Duration.ofSeconds(5),
                      Duration.ofSeconds(5),
                      Duration.ofSeconds(60),
                      Duration.ofSeconds(5),
                      Duration.ofSeconds(5))),
          1);
  private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    edge.close();
  }

  private TlsServer tls(ClientCertificate certificate, String... keys) {
    return new TlsServer(
        "demo:tls",
        Set.of(TlsServer.Version.values()),
        Certificates.keys(folder.resolve("keys.p12"), keys),
        Optional.of(Certificates.trust(folder.resolve("trust.p12"), "authority")),
        false,
        certificate,
        List.of(),
        List.of("h2", "http/1.1"),
        Optional.empty(),
        List.of(new TlsServer.Route(List.of(), List.of())));
  }

  private int http(TlsServer tls) {
    var service = TestServices.answering(Set.of(Version.values()));
    return HttpListener.start(
            edge,
            new Listener("demo:tcp", "127.0.0.1", List.of(0), false, Optional.of(tls), service),
            TestServices.recording(requests))
        .ports()
        .getFirst();
  }

  private static SSLSocket connect(int port, @org.jspecify.annotations.Nullable String name)
      throws IOException {
    var socket =
        (SSLSocket) Certificates.client(null).getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(10_000);
    if (name != null) {
      var parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(name)));
      socket.setSSLParameters(parameters);
    }
    return socket;
  }

  private static String subject(SSLSocket socket) throws IOException {
    socket.startHandshake();
    var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return shown.getSubjectX500Principal().getName();
  }

  private static String ask(SSLSocket socket) throws IOException {
    socket.getOutputStream().write("GET /x HTTP/1.1\r\nhost: a\r\n\r\n".getBytes());
    socket.getOutputStream().flush();
    var line = new StringBuilder();
    var in = socket.getInputStream();
    while (!line.toString().endsWith("\r\n\r\nok")) {
      int c = in.read();
      if (c < 0) {
        return line + "<end>";
      }
      line.append((char) c);
    }
    return line.toString();
  }

  @ParameterizedTest
  @EnumSource
  void requestsComeInsideTls(HttpClient.Version version) throws Exception {
    int port = http(tls(ClientCertificate.NONE, "localhost"));

    try (var client =
        HttpClient.newBuilder().sslContext(Certificates.client(null)).version(version).build()) {
      var reply =
          client.send(
              HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/a")).build(),
              BodyHandlers.ofString());

      assertThat(reply.body()).isEqualTo("ok");
      assertThat(reply.version()).isEqualTo(version);
      var request = requests.take();
      assertThat(request.scheme()).isEqualTo("https");
      assertThat(request.authority()).isEqualTo("localhost:" + port);
      assertThat(request.sessions()).isEmpty();
    }
  }

  @Test
  void theUsualPortCompletesAnAuthority() throws Exception {
    int port = http(tls(ClientCertificate.NONE, "localhost"));

    try (var socket = connect(port, null)) {
      ask(socket);
    }

    assertThat(requests.take().authority()).isEqualTo("a:443");
  }

  @Test
  void theCertificateFitsTheNameThatIsAskedFor() throws Exception {
    int port = http(tls(ClientCertificate.NONE, "localhost", "api", "wild"));

    try (var first = connect(port, null);
        var api = connect(port, "api.example");
        var wild = connect(port, "a.wild.example");
        var other = connect(port, "unknown.example")) {
      assertThat(subject(first)).isEqualTo("CN=localhost");
      assertThat(subject(api)).isEqualTo("CN=api");
      assertThat(subject(wild)).isEqualTo("CN=wild");
      assertThat(subject(other)).isEqualTo("CN=localhost");
    }
  }

  @Test
  void anotherNameThanThoseAcceptedEndsTheHandshake() throws Exception {
    var open = tls(ClientCertificate.NONE, "localhost");
    int port =
        http(
            new TlsServer(
                open.name(),
                open.versions(),
                open.keys(),
                open.trust(),
                false,
                open.certificate(),
                List.of("localhost"),
                open.protocols(),
                open.guard(),
                open.routes()));

    try (var good = connect(port, "localhost");
        var bad = connect(port, "elsewhere.example")) {
      assertThat(subject(good)).isEqualTo("CN=localhost");
      assertThatThrownBy(bad::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothVersionsAreSpoken(String version) throws Exception {
    int port = http(tls(ClientCertificate.NONE, "localhost"));

    try (var socket = connect(port, "localhost")) {
      socket.setEnabledProtocols(new String[] {version});

      assertThat(ask(socket)).contains("200 OK");
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
    }
  }

  @Test
  void whoMustShowACertificateDoesNotGetInWithoutOrWithAStrangers() throws Exception {
    int port = http(tls(ClientCertificate.REQUIRED, "localhost"));

    assertThat(get(port, "client")).isEqualTo("ok");
    assertThatThrownBy(() -> get(port, null)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> get(port, "stranger")).isInstanceOf(IOException.class);
    assertThat(requests).hasSize(1);
  }

  @Test
  void whoIsOnlyAskedForACertificateMayComeWithout() throws Exception {
    int port = http(tls(ClientCertificate.REQUESTED, "localhost"));

    assertThat(get(port, "client")).isEqualTo("ok");
    assertThat(get(port, null)).isEqualTo("ok");
    assertThatThrownBy(() -> get(port, "stranger")).isInstanceOf(IOException.class);
  }

  private static String get(int port, @org.jspecify.annotations.Nullable String certificate)
      throws Exception {
    try (var client =
        HttpClient.newBuilder().sslContext(Certificates.client(certificate)).build()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                  .timeout(Duration.ofSeconds(10))
                  .build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void aRouteSeesWhoTheCertificateSaysTheCallerIs() throws Exception {
    var open = tls(ClientCertificate.REQUESTED, "localhost");
    var tls =
        new TlsServer(
            open.name(),
            open.versions(),
            open.keys(),
            open.trust(),
            false,
            open.certificate(),
            List.of(),
            open.protocols(),
            Optional.of("demo:people"),
            open.routes());
    var guard =
        new X509Guard(
            new GuardSpec.X509(
                "demo:people",
                "subject.cn",
                Map.of(),
                Map.of("client", List.of(Map.of("subject.cn", Pattern.of("client-*"))))),
            Time.system());
    var listener =
        new Listener(
            "demo:tcp",
            "127.0.0.1",
            List.of(0),
            false,
            Optional.of(tls),
            TestServices.answering(
                Set.of(Version.values()), new Guarded("demo:people", List.of("client"))));
    int port =
        HttpListener.start(
                edge, listener, TestServices.recording(requests, Guards.of(List.of(guard))))
            .ports()
            .getFirst();

    assertThat(get(port, "client")).isEqualTo("ok");
    assertThat(requests.take().sessions().get("demo:people").identity()).contains("client-1");
    assertThat(get(port, null)).contains("404");
    assertThat(get(port, "localhost")).contains("404"); // a good certificate without the role
  }

  @Test
  void clearTextIsNotHeard() throws Exception {
    int port = http(tls(ClientCertificate.NONE, "localhost"));

    try (var raw = new RawClient(port)) {
      raw.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");

      assertThat(raw.all()).doesNotContain("HTTP/1.1 200");
    }
    assertThat(requests).isEmpty();
  }

  @Test
  void whoNeverShakesHandsIsClosed() throws Exception {
    int port = http(tls(ClientCertificate.NONE, "localhost"));

    try (var silent = new RawClient(port);
        var half = new RawClient(port)) {
      half.send(new byte[] {22, 3, 1, 2, 0, 1});

      assertThat(silent.all()).isEmpty();
      assertThat(half.all()).isEmpty();
    }
  }

  @Test
  void aHeadThatDoesNotComeIsSaidInsideTls() throws Exception {
    int port = http(tls(ClientCertificate.NONE, "localhost"));

    try (var socket = connect(port, null)) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nhost".getBytes());
      socket.getOutputStream().flush();

      var said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(said).startsWith("HTTP/1.1 408");
    }
  }

  @Test
  void aRenewedCertificateIsShownToTheNextAndABadOneToNobody() throws Exception {
    var file = folder.resolve("keys.p12");
    int port = http(tls(ClientCertificate.NONE, "localhost"));
    try (var early = connect(port, null)) {
      assertThat(subject(early)).isEqualTo("CN=localhost");
      assertThat(ask(early)).contains("200 OK");

      Certificates.keys(file, "pkcs12", List.of("localhost"), List.of("renewed"));

      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> shown(port), it -> it.contains("renewed"));
      Files.writeString(file, "no key store at all");
      assertThat(ask(early)).contains("200 OK"); // a connection that was open stays
      Awaitility.await()
          .during(Duration.ofMillis(1500)) // at least one look at the bad file
          .atMost(Duration.ofSeconds(10))
          .until(() -> shown(port).contains("renewed"));
    }
  }

  private static String shown(int port) throws IOException {
    try (var socket = connect(port, null)) {
      return subject(socket);
    }
  }

  @Test
  void otherTlsHoldsForTheNextConnectionOfAListener() throws Exception {
    var first = tls(ClientCertificate.NONE, "localhost");
    var service = TestServices.answering(Set.of(Version.values()));
    var listener =
        HttpListener.start(
            edge,
            new Listener("demo:tcp", "127.0.0.1", List.of(0), false, Optional.of(first), service),
            TestServices.recording(requests));
    int port = listener.ports().getFirst();
    try (var early = connect(port, null)) {
      ask(early);
      var next =
          new TlsServer(
              first.name(),
              first.versions(),
              Certificates.keys(folder.resolve("other.p12"), "api"),
              first.trust(),
              false,
              first.certificate(),
              List.of(),
              first.protocols(),
              first.guard(),
              first.routes());

      listener.update(
          new Listener("demo:tcp", "127.0.0.1", List.of(0), false, Optional.of(next), service),
          TestServices.recording(requests));

      assertThat(shown(port)).isEqualTo("CN=api");
      assertThat(ask(early)).contains("200 OK");
    }
  }

  @Test
  void bytesComeBackInsideTls() throws Exception {
    var http = tls(ClientCertificate.NONE, "localhost");
    var echo =
        new TlsServer(
            http.name(),
            http.versions(),
            http.keys(),
            http.trust(),
            false,
            http.certificate(),
            List.of(),
            List.of("echo"),
            Optional.empty(),
            List.of(
                new TlsServer.Route(
                    List.of(),
                    List.of(
                        new TlsServer.Match(Optional.empty(), Optional.of("echo"), List.of())))));
    int port =
        EchoListener.start(
                edge,
                new Listener(
                    "demo:tcp",
                    "127.0.0.1",
                    List.of(0),
                    false,
                    Optional.of(echo),
                    new Listener.Service.Echo()),
                Guards.NONE)
            .ports()
            .getFirst();
    var sent = new byte[3_000_000];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = (byte) (i * 31 >>> 5);
    }

    try (var without = connect(port, null)) {
      without.startHandshake();
      assertThat(without.getInputStream().read()).isEqualTo(-1);
    }
    try (var socket = connect(port, null)) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"nothing", "echo"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertThat(socket.getApplicationProtocol()).isEqualTo("echo");
      Thread.ofVirtual()
          .start(() -> {
            try {
              socket.getOutputStream().write(sent);
              socket.shutdownOutput();
            } catch (IOException failed) {
              throw new java.io.UncheckedIOException(failed);
            }
          });

      assertThat(Arrays.equals(socket.getInputStream().readAllBytes(), sent)).isTrue();
    }
  }
}
