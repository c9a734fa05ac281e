package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Bytes;
import io.tidegate.guard.Guard;
import io.tidegate.guard.Guards;
import io.tidegate.guard.Verdict;
import io.tidegate.http.Headers;
import io.tidegate.http.Session;
import io.tidegate.plan.Guarded;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.HttpService.AccessControl;
import io.tidegate.plan.HttpService.Authorization;
import io.tidegate.plan.HttpService.CredentialsAt;
import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.HttpService.HttpRoute;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.Listener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Event streams of another server, handed through to callers whose sessions end.
class RelayedStreamIT {
  private static final ShortGuard SHORT = new ShortGuard();

  /// Credentials are the number of milliseconds that the session lasts.
  private static final class ShortGuard implements Guard {
    @Override
    public String name() {
      return "demo:short";
    }

    @Override
    public String type() {
      return "short";
    }

    @Override
    public Verdict judge(String credentials) {
      var end = Instant.now().plusMillis(Long.parseLong(credentials));
      return new Verdict.Accepted(
          new Session(name(), Optional.of("alice"), Set.of("read"), Map.of(), Optional.of(end)));
    }

    @Override
    public Optional<Duration> challenge() {
      return Optional.of(Duration.ofSeconds(2));
    }
  }

  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() {
    client.shutdownNow();
    edge.close();
  }

  /// A server that sends one event and then keeps silent.
  private int server() {
    return HttpListener.start(
            edge,
            "demo:upstream",
            "127.0.0.1",
            0,
            _ ->
                (_, responder) -> {
                  var flow = responder.open(200, Headers.of("content-type", "text/event-stream"));
                  flow.write(Bytes.utf8("data: 1\n\n"));
                })
        .ports()
        .getFirst();
  }

  private URI gateway() {
    var exit =
        new Exit.Proxy(
            "demo:out",
            "localhost",
            server(),
            Optional.empty(),
            Set.of(Version.HTTP_1_1),
            List.of(),
            List.of(),
            true);
    var guarded = List.of(new Guarded("demo:short", List.of("read")));
    var authorization =
        new Authorization(
            "demo:short",
            Optional.empty(),
            Optional.empty(),
            Optional.of(new CredentialsAt("for", "{credentials}")));
    var service =
        new HttpService(
            "demo:http",
            Set.of(Version.values()),
            new AccessControl.SameOrigin(),
            Optional.of(authorization),
            List.of(new HttpRoute(guarded, List.of(), List.of(), exit)));
    var listener =
        HttpListener.start(
            edge,
            new Listener("demo:tcp", "127.0.0.1", List.of(0), new Listener.Service.Http(service)),
            new Backends(
                _ -> {
                  throw new IllegalStateException("nothing of ours here");
                },
                Guards.of(List.of(SHORT)),
                AccessLog.NONE));
    return URI.create("http://127.0.0.1:" + listener.ports().getFirst() + "/events");
  }

  private BufferedReader open(URI gateway, String query) throws Exception {
    var reply =
        client.send(
            HttpRequest.newBuilder(URI.create(gateway + query))
                .timeout(Duration.ofSeconds(20))
                .build(),
            BodyHandlers.ofInputStream());
    assertThat(reply.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8));
  }

  @Test
  void theStreamEndsWithTheSessionAfterAskingForANewerOne() throws Exception {
    var lines = open(gateway(), "?for=3000");

    assertThat(lines.readLine()).isEqualTo("data: 1");
    assertThat(lines.readLine()).isEmpty();
    assertThat(lines.readLine()).isEqualTo("event:challenge");
    assertThat(lines.readLine()).contains("application/x-challenge-response");
    assertThat(lines.readLine()).isEmpty();
    assertThatThrownBy(lines::readLine).isInstanceOf(IOException.class);
  }

  @Test
  void aRenewedSessionKeepsTheStream() throws Exception {
    var gateway = gateway();
    var lines = open(gateway, "?for=3000");
    lines.readLine();
    lines.readLine();
    lines.readLine();
    var ticket = lines.readLine().replaceAll(".*tidegate-stream-session\":\"([^\"]*)\".*", "$1");
    lines.readLine();

    var renewal =
        client.send(
            HttpRequest.newBuilder(URI.create(gateway + "?for=4000"))
                .header("content-type", "application/x-challenge-response")
                .header("tidegate-stream-session", ticket)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            BodyHandlers.discarding());

    assertThat(renewal.statusCode()).isEqualTo(204);
    assertThat(lines.readLine()).isEqualTo("event:challenge"); // before the end of the newer one
  }
}
