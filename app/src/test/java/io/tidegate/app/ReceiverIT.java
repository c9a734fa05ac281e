package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.edge.Edge;
import io.tidegate.edge.EdgeLimits;
import io.tidegate.edge.HttpListener;
import io.tidegate.guard.SignatureCheck;
import io.tidegate.guard.SignaturePresets;
import io.tidegate.guard.SigningSecret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiverIT {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Received> seen = Collections.synchronizedList(new ArrayList<>());
  private int port;

  @AfterEach
  void close() {
    client.close();
    edge.close();
    workers.close();
  }

  @Test
  void behavesOnEachPathAsItIsTold() throws Exception {
    listen(
        Map.of(
            "/dead", Manner.parse("500"),
            "/flaky", Manner.parse("503,first:2,retry-after:7"),
            "/rude", Manner.parse("drop,first:1"),
            "/slow", Manner.parse("delay:300ms")));

    assertThat(statuses("/well", 2)).containsExactly(200, 200);
    assertThat(statuses("/dead", 2)).containsExactly(500, 500);
    assertThat(statuses("/flaky", 3)).containsExactly(503, 503, 200);
    assertThatThrownBy(() -> send("/rude", "x")).isInstanceOf(IOException.class);
    assertThat(send("/rude", "x").statusCode()).isEqualTo(200);
    var began = System.nanoTime();
    assertThat(send("/slow", "x").statusCode()).isEqualTo(200);
    assertThat(System.nanoTime() - began).isGreaterThan(290_000_000);
  }

  @Test
  void sendsRetryAfterWithFailuresAlone() throws Exception {
    listen(Map.of("/flaky", Manner.parse("first:1,retry-after:7")));

    assertThat(send("/flaky", "x").headers().firstValue("retry-after")).contains("7");
    assertThat(send("/flaky", "x").headers().firstValue("retry-after")).isEmpty();
  }

  @Test
  void countsTheAttemptsOfADelivery() throws Exception {
    listen(Map.of());

    send("/a", "x", "idempotency-key", "one");
    send("/a", "x", "idempotency-key", "two");
    send("/a", "x", "idempotency-key", "one");

    assertThat(seen.stream().map(Received::times)).containsExactly(1, 1, 2);
  }

  @Test
  void takesWhatThePublishedLibrarySignedAndRefusesTheRest() throws Exception {
    listen(Map.of());
    var now = Instant.now().getEpochSecond();
    var signature = new Webhook(SECRET).sign("msg_1", now, "{}");
    String[] headers = {
      "webhook-id", "msg_1", "webhook-timestamp", "" + now, "webhook-signature", signature
    };

    assertThat(send("/a", "{}", headers).statusCode()).isEqualTo(200);
    assertThat(send("/a", "{ }", headers).statusCode()).isEqualTo(401);
    assertThat(send("/a", "{}").statusCode()).isEqualTo(401);
    assertThat(seen.stream().map(it -> it.signature().orElseThrow().detail()))
        .containsExactly(
            "secret 1",
            "made with none of the 1 live secrets",
            "header webhook-id must be there exactly once");
  }

  private void listen(Map<String, Manner> manners) {
    var scheme = SignaturePresets.of("standard-webhooks", Map.of());
    var secret = SigningSecret.lasting("secret 1", new Secret(SECRET));
    var check = SignatureCheck.of(scheme, List.of(secret), Time.system());
    var checks = manners.isEmpty() ? Optional.of(check) : Optional.<SignatureCheck>empty();
    var receiver =
        new Receiver(manners, Manner.parse("first:0"), checks, seen::add, workers, Time.system());
    port = HttpListener.start(edge, "listen", "127.0.0.1", 0, receiver).ports().getFirst();
  }

  private List<Integer> statuses(String path, int times) {
    return IntStream.range(0, times).mapToObj(_ -> status(path)).toList();
  }

  private int status(String path) {
    try {
      return send(path, "x").statusCode();
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private HttpResponse<String> send(String path, String body, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
