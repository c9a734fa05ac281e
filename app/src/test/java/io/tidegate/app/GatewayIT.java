package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole, as a user has it: one configuration, a real Kafka inside, HTTP in front.
class GatewayIT {
  private static final String JSON = "application/json";

  @TempDir private Path data;

  @Test
  void storesReadsChangesAndDeletesItems() {
    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      assertThat(gateway.text("/items")).isEqualTo("[]");

      var put = gateway.send("PUT", "/items/1", "{\"tide\":\"high\"}", "content-type", JSON);
      var read = gateway.send("GET", "/items/1", "");

      assertThat(put.statusCode()).isEqualTo(204);
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(read.body()).asString().isEqualTo("{\"tide\":\"high\"}");
      assertThat(read.headers().firstValue("content-type")).hasValue(JSON);
      assertThat(read.headers().firstValue("etag")).hasValue("AQIAAg==");
      assertThat(gateway.send("DELETE", "/items/1", "").statusCode()).isEqualTo(204);
      assertThat(gateway.send("GET", "/items/1", "").statusCode()).isEqualTo(404);
      assertThat(gateway.text("/items")).isEqualTo("[]");
    }
  }

  @Test
  void keepsEverythingAcrossARestart() {
    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      gateway.send("PUT", "/items/1", "{\"n\":1}");
      gateway.send("PUT", "/items/2", "{\"n\":2}");
    }

    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      assertThat(gateway.text("/items/1")).isEqualTo("{\"n\":1}");
      assertThat(gateway.text("/items")).isEqualTo("[{\"n\":1},{\"n\":2}]");
    }
  }

  @Test
  void tellsOperatorsThatItIsWell() throws Exception {
    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      gateway.send("PUT", "/items/1", "{}");

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(ask(gateway, gateway.admin("/health/ready")))
                  .isEqualTo("{\"status\":\"healthy\",\"troubles\":{}}"));
      assertThat(ask(gateway, gateway.admin("/metrics")))
          .contains("tidegate_log_appends_total")
          .contains("http_server");
    }
  }

  @Test
  void adoptsOtherRoutesWithConnectionsOpen() throws Exception {
    var config = TestGateway.builtIn();
    try (var gateway = TestGateway.start(data, config)) {
      var before = gateway.uri("/echo");
      assertThat(gateway.send("POST", "/more", "x").statusCode()).isEqualTo(404);

      gateway.apply(config.replace("path: /events", "path: /more"));

      assertThat(gateway.uri("/echo")).isEqualTo(before);
      assertThat(gateway.send("POST", "/more", "x").statusCode()).isEqualTo(204);
      assertThat(gateway.send("POST", "/events", "x").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void keepsRunningWhenAChangeCannotBe() throws Exception {
    var config = TestGateway.builtIn();
    try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
        var gateway = TestGateway.start(data, config)) {
      gateway.send("PUT", "/items/1", "{\"n\":1}");

      assertThatThrownBy(
              () -> gateway.apply(config.replace("port: 0", "port: " + taken.getLocalPort())))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining(String.valueOf(taken.getLocalPort()));

      assertThat(gateway.text("/items/1")).isEqualTo("{\"n\":1}");
    }
  }

  @Test
  void answersClientsThatOfferHttp2() throws Exception {
    try (var gateway = TestGateway.start(data, TestGateway.builtIn());
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      var request =
          HttpRequest.newBuilder(gateway.uri("/echo"))
              .POST(HttpRequest.BodyPublishers.ofString("hello"))
              .build();

      assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hello");
    }
  }

  @Test
  void refusesASecondProcessOnTheSameFolder() {
    try (var _ = TestGateway.start(data, TestGateway.builtIn())) {
      assertThatThrownBy(() -> TestGateway.start(data, TestGateway.builtIn()))
          .isInstanceOf(UserFault.class)
          .hasMessageContaining(data.toString());
    }
  }

  @Test
  void answersARequestWithTheReplyThatAServiceWrites() throws Exception {
    try (var gateway = TestGateway.start(data, TestGateway.builtIn());
        var service = new EchoService(gateway.kafka(), "requests", "replies")) {
      var id = UUID.randomUUID().toString();

      var reply = gateway.send("POST", "/requests/" + id, "question", "idempotency-key", "k1");
      var again = gateway.send("POST", "/requests/" + id, "question", "idempotency-key", "k1");

      assertThat(reply.statusCode()).isEqualTo(201);
      assertThat(reply.body()).asString().isEqualTo("re: question");
      assertThat(again.body()).asString().isEqualTo("re: question");
      assertThat(service.answered()).isEqualTo(1);
    }
  }

  private static String ask(TestGateway gateway, URI page) throws Exception {
    return gateway
        .client()
        .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
        .body();
  }
}
