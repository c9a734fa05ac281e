package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Streams that outlive the token they began with, and streams that do not.
class RenewalIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String CHALLENGE =
      "event:challenge\ndata:{\"method\":\"POST\",\"headers\":"
          + "{\"content-type\":\"application/x-challenge-response\"";

  @TempDir private Path data;

  private Vertx vertx;
  private Tokens tokens;
  private TestGateway gateway;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    tokens = new Tokens();
    var config =
        Streams.config("news")
            .replace("bindings:\n", "guards: {jwt: " + tokens.guard("4") + "}\nbindings:\n")
            .replace(
                "    type: http\n",
                "    type: http\n    options: {authorization: {jwt: {credentials: {headers:"
                    + " {authorization: \"Bearer {credentials}\"}}}}}\n")
            .replace(
                "- when: [{path: \"/feed/{topic}\"}]",
                "- when: [{path: \"/feed/{topic}\"}]\n        guarded: {jwt: [read]}");
    gateway = TestGateway.start(data, config);
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void oneAnswerRenewsAllStreamsOfTheCallerOnAnHttp2Connection() throws Exception {
    var client = client(HttpVersion.HTTP_2);
    var soon = Instant.now().plusSeconds(8);
    var one = listen(client, tokens.token("alice", "read", soon));
    var two = listen(client, tokens.token("alice", "read", soon));
    var other = listen(client, tokens.token("bob", "read", soon));
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(one.text()).isEqualTo(CHALLENGE + "}}\n\n"));

    assertThat(renew(client, tokens.token("alice", "", later()), "")).isEqualTo(403);
    assertThat(renew(client, tokens.token("alice", "read more", later()), "")).isEqualTo(204);
    assertThat(renew(client, "rubbish", "")).isEqualTo(403);

    await().atMost(LIMIT).untilAsserted(() -> assertThat(other.ended).isTrue());
    assertThat(Instant.now()).isAfterOrEqualTo(soon.truncatedTo(ChronoUnit.SECONDS));
    gateway.send("PUT", "/news/a", "after");
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          assertThat(one.text()).contains("data:after");
          assertThat(two.text()).contains("data:after");
        });
  }

  @Test
  void anotherConnectionRenewsWithTheTicketThatTheChallengeCarries() throws Exception {
    var client = client(HttpVersion.HTTP_1_1);
    var stream = listen(client, tokens.token("alice", "read", Instant.now().plusSeconds(8)));
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(stream.text()).startsWith(CHALLENGE + ","));
    var data = stream.text().lines().skip(1).findFirst().orElseThrow().substring("data:".length());
    var ticket = new JsonMapper().readTree(data).at("/headers/tidegate-stream-session").asString();

    assertThat(renew(client, tokens.token("alice", "read", later()), "")).isEqualTo(409);
    assertThat(renew(client, tokens.token("bob", "read", later()), ticket)).isEqualTo(409);
    assertThat(renew(client, tokens.token("alice", "read", later()), ticket + "x")).isEqualTo(409);
    assertThat(renew(client, tokens.token("alice", "read", later()), ticket)).isEqualTo(204);

    await().atMost(LIMIT).pollDelay(Duration.ofSeconds(8)).until(() -> true);
    gateway.send("PUT", "/news/a", "after");
    await().atMost(LIMIT).untilAsserted(() -> assertThat(stream.text()).contains("data:after"));
  }

  @Test
  void endsAtExpiryAndGoesOnWithAnotherTokenAfterTheLastId() throws Exception {
    var client = client(HttpVersion.HTTP_1_1);
    gateway.send("PUT", "/news/a", "one");
    var stream = listen(client, tokens.token("alice", "read", Instant.now().plusSeconds(6)));

    await().atMost(LIMIT).untilAsserted(() -> assertThat(stream.ended).isTrue());
    assertThat(stream.text()).startsWith("id:AQIAAg==\ndata:one\n\n" + CHALLENGE);
    gateway.send("PUT", "/news/a", "two");
    var again = listen(client, tokens.token("alice", "read", later()), "AQIAAg==");
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(again.text()).isEqualTo("id:AQIABA==\ndata:two\n\n"));
  }

  private static Instant later() {
    return Instant.now().plusSeconds(60);
  }

  private HttpClientAgent client(HttpVersion version) {
    var options =
        new HttpClientOptions()
            .setProtocolVersion(version)
            .setHttp2ClearTextUpgrade(false)
            .setDefaultPort(gateway.uri("/").getPort())
            .setDefaultHost("127.0.0.1");
    return vertx.createHttpClient(options, new PoolOptions().setHttp2MaxSize(1));
  }

  /// What one stream said, and whether it ended.
  private static final class Listening {
    private final StringBuffer said = new StringBuffer();
    private volatile boolean ended;

    String text() {
      return said.toString();
    }
  }

  private Listening listen(HttpClientAgent client, String token) throws Exception {
    return listen(client, token, "");
  }

  private Listening listen(HttpClientAgent client, String token, String lastId) throws Exception {
    var listening = new Listening();
    var options =
        new RequestOptions()
            .setURI("/feed/news")
            .putHeader("authorization", "Bearer " + token)
            .putHeader("last-event-id", lastId);
    var response =
        client
            .request(options)
            .compose(request -> request.send())
            .onSuccess(it -> {
              it.handler(piece -> listening.said.append(piece));
              it.exceptionHandler(_ -> listening.ended = true);
              it.endHandler(_ -> listening.ended = true);
            })
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(200);
    return listening;
  }

  private static int renew(HttpClientAgent client, String token, String ticket) throws Exception {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setURI("/anything")
            .putHeader("authorization", "Bearer " + token)
            .putHeader("content-type", "application/x-challenge-response");
    if (!ticket.isEmpty()) {
      options.putHeader("tidegate-stream-session", ticket);
    }
    return client
        .request(options)
        .compose(request -> request.send())
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS)
        .statusCode();
  }
}
