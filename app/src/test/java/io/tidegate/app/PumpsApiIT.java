package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.Time;
import io.tidegate.edge.Edge;
import io.tidegate.edge.EdgeLimits;
import io.tidegate.edge.HttpListener;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What operators do with lanes, against a whole gateway and a receiver of ours.
class PumpsApiIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final String CONFIG =
      """
      name: example
      bindings:
        hooks:
          type: kafka-http
          kind: remote_server
          entry: kafka
          options:
            retry: {attempts: 1, exhausted: block}
            dead-letter: hooks.dead
            addresses: {allow: [127.0.0.0/8]}
          routes:
            - {when: [{topic: hooks, reply-to: hooks.replies}], exit: out_http}
        out_http: {type: http, kind: client, exit: out_tcp}
        out_tcp: {type: tcp, kind: client}
        kafka: {type: kafka, kind: client}
        in_tcp: {type: tcp, kind: server, options: {port: 0}, exit: in_http}
        in_http: {type: http, kind: server, exit: in_echo}
        in_echo: {type: echo, kind: server}
      """;

  @TempDir private Path data;

  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Received> seen = Collections.synchronizedList(new ArrayList<>());
  private String url = "";
  private TestGateway gateway;

  @BeforeEach
  void start() {
    var receiver =
        new Receiver(
            Map.of(),
            Manner.parse("500,first:2"),
            Optional.empty(),
            seen::add,
            workers,
            Time.system());
    var port = HttpListener.start(edge, "listen", "127.0.0.1", 0, receiver).ports().getFirst();
    url = "http://127.0.0.1:" + port + "/in?x=1+1";
    gateway = TestGateway.start(data, CONFIG);
  }

  @AfterEach
  void stop() {
    gateway.close();
    edge.close();
    workers.close();
  }

  @Test
  void aBlockedLaneWaitsUntilItIsUnblockedOrItsRecordIsSkipped() throws Exception {
    for (int i = 1; i <= 3; i++) {
      TopicWriter.write(gateway.kafka(), "hooks", url, "{\"n\":" + i + "}");
    }
    awaitLane("\"state\":\"blocked\"", "\"attempts\":1", "\"position\":0");

    assertThat(post("/unblock").status()).isEqualTo(200);
    awaitLane("\"state\":\"blocked\"", "\"attempts\":2", "\"position\":0");
    assertThat(bodies()).containsExactly("{\"n\":1}", "{\"n\":1}");

    assertThat(post("/skip").status()).isEqualTo(200);
    await().atMost(SOON).until(() -> lane().status() == 404);
    assertThat(bodies()).containsExactly("{\"n\":1}", "{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
    assertThat(ask("GET", "/api/v1/pumps/example:hooks").body())
        .contains("\"committed\":3", "\"lag\":0");
    assertThat(post("/skip").status()).isEqualTo(404);

    assertThat(replay("{\"reason\":\"gone\"}").body()).contains("\"replayed\":0");
    assertThat(replay("{\"reason\":\"skipped\",\"limit\":5}").body())
        .contains("\"replayed\":1", "\"next\":1", "\"faults\":[]");
    await().atMost(SOON).until(() -> bodies().size() == 5);
    assertThat(bodies().getLast()).isEqualTo("{\"n\":1}");
    assertThat(seen.getLast().id()).isEqualTo(seen.getFirst().id());
    assertThat(replay("{\"limit\":0}").status()).isEqualTo(400);
    assertThat(replay("{\"reasons\":[]}").body()).contains("reasons: one of [from, key, limit,");
  }

  private Answer replay(String body) throws IOException {
    return ask("POST", "/api/v1/pumps/example:hooks/dead-letters/replay", body);
  }

  private List<String> bodies() {
    synchronized (seen) {
      return seen.stream().map(it -> it.request().body().utf8()).toList();
    }
  }

  private void awaitLane(String... parts) {
    await().atMost(SOON).untilAsserted(() -> assertThat(lane().body()).contains(parts));
  }

  private record Answer(int status, String body) {}

  private Answer lane() throws IOException {
    return ask("GET", lanePath());
  }

  private Answer post(String action) throws IOException {
    return ask("POST", lanePath() + action);
  }

  private String lanePath() {
    var key = URLEncoder.encode(url, StandardCharsets.UTF_8);
    return "/api/v1/pumps/example:hooks/lanes/" + key;
  }

  private Answer ask(String method, String path) throws IOException {
    return ask(method, path, "");
  }

  private Answer ask(String method, String path, String body) throws IOException {
    var key = Files.readString(data.resolve("admin.key")).strip();
    var request =
        HttpRequest.newBuilder(URI.create(gateway.admin("") + path))
            .header("authorization", "Bearer " + key)
            .method(method, BodyPublishers.ofString(body));
    var reply = gateway.send(request.build());
    return new Answer(reply.statusCode(), new String(reply.body(), StandardCharsets.UTF_8));
  }
}
