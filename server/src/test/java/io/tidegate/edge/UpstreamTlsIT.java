package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.http.Request;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.HttpService.AccessControl;
import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.HttpService.HttpRoute;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.Listener;
import io.tidegate.plan.TlsClient;
import io.tidegate.plan.TlsServer;
import io.tidegate.plan.TlsServer.ClientCertificate;
import io.tidegate.plan.VaultStore;
import io.tidegate.vault.Certificates;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The reverse proxy in front of a server that speaks TLS.
class UpstreamTlsIT {
  @TempDir Path folder;

  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);
  private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    edge.close();
  }

  private int upstream(ClientCertificate certificate, String key, Version... versions) {
    var tls =
        new TlsServer(
            "demo:far",
            Set.of(TlsServer.Version.values()),
            Certificates.keys(folder.resolve("far.p12"), key),
            Optional.of(trust("far-trust.p12", "authority")),
            false,
            certificate,
            List.of(),
            Set.of(versions).contains(Version.HTTP_2) ? List.of("h2") : List.of("http/1.1"),
            Optional.empty(),
            List.of(new TlsServer.Route(List.of(), List.of())));
    var service = TestServices.answering(Set.of(versions));
    return HttpListener.start(
            edge,
            new Listener("demo:far_tcp", "127.0.0.1", List.of(0), false, Optional.of(tls), service),
            TestServices.recording(requests))
        .ports()
        .getFirst();
  }

  private VaultStore trust(String file, String alias) {
    return Certificates.trust(folder.resolve(file), alias);
  }

  private static TlsClient client(Optional<VaultStore> trust) {
    return new TlsClient(
        Set.of(TlsServer.Version.values()),
        trust,
        trust.isEmpty(),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private int status(int upstream, TlsClient tls) throws Exception {
    var exit =
        new Exit.Proxy(
            "demo:out",
            "localhost",
            upstream,
            Optional.of(tls),
            Set.of(Version.values()),
            List.of());
    var service =
        new HttpService(
            "demo:http",
            Set.of(Version.values()),
            new AccessControl.SameOrigin(),
            Optional.empty(),
            List.of(new HttpRoute(List.of(), List.of(), List.of(), exit)));
    int port =
        HttpListener.start(
                edge,
                new Listener(
                    "demo:tcp", "127.0.0.1", List.of(0), new Listener.Service.Http(service)),
                TestServices.recording(requests))
            .ports()
            .getFirst();
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/x")).build(),
              BodyHandlers.ofString())
          .statusCode();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatIsTrustedIsReached(Version version) throws Exception {
    int upstream = upstream(ClientCertificate.NONE, "localhost", version);

    var status = status(upstream, client(Optional.of(trust("trust.p12", "authority"))));

    assertThat(status).isEqualTo(200);
    assertThat(requests.take().scheme()).isEqualTo("https");
  }

  @Test
  void aServerThatNobodyVouchesForIs502() throws Exception {
    int upstream = upstream(ClientCertificate.NONE, "localhost", Version.HTTP_1_1);

    assertThat(status(upstream, client(Optional.of(trust("trust.p12", "elsewhere")))))
        .isEqualTo(502);
    assertThat(status(upstream, client(Optional.empty()))).isEqualTo(502);
    assertThat(requests).isEmpty();
  }

  @Test
  void aCertificateForAnotherNameIs502UnlessThatNameIsExpected() throws Exception {
    int upstream = upstream(ClientCertificate.NONE, "api", Version.HTTP_1_1);
    var trusting = client(Optional.of(trust("trust.p12", "authority")));
    var expecting =
        new TlsClient(
            trusting.versions(),
            trusting.trust(),
            false,
            Optional.empty(),
            Optional.of("api.example"),
            List.of());

    assertThat(status(upstream, trusting)).isEqualTo(502);
    assertThat(status(upstream, expecting)).isEqualTo(200);
  }

  @Test
  void anExpiredCertificateIs502() throws Exception {
    int upstream = upstream(ClientCertificate.NONE, "expired", Version.HTTP_1_1);

    assertThat(status(upstream, client(Optional.of(trust("trust.p12", "authority")))))
        .isEqualTo(502);
  }

  @Test
  void aServerThatAsksIsShownTheCertificate() throws Exception {
    int upstream = upstream(ClientCertificate.REQUIRED, "localhost", Version.HTTP_1_1);
    var without = client(Optional.of(trust("trust.p12", "authority")));
    var with =
        new TlsClient(
            without.versions(),
            without.trust(),
            false,
            Optional.of(Certificates.keys(folder.resolve("me.p12"), "client")),
            Optional.empty(),
            List.of());

    assertThat(status(upstream, without)).isEqualTo(502);
    assertThat(status(upstream, with)).isEqualTo(200);
  }
}
