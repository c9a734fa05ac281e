package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is set for all webhooks, over several instances on one cluster.
class WebhookConfigIT {
  private static final String PLAIN = "/e/0123456789abcdef0123456789abcdef";
  private static final String OWN = "/e/ffffffffffffffffffffffffffffffff";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private EmbeddedBroker broker;

  @BeforeEach
  void startCluster() {
    broker = EmbeddedBroker.start(BrokerOptions.in(folder.resolve("cluster")));
  }

  @AfterEach
  void stopCluster() {
    broker.close();
  }

  private TestGateway start(String name, boolean createTopics) {
    var config =
        """
        name: example
        bindings:
          in_tcp: {type: tcp, kind: server, options: {port: 0}, exit: in_http}
          in_http: {type: http, kind: server, exit: webhooks}
          webhooks:
            type: webhook-kafka
            kind: proxy
            options:
              topics: [webhooks.*]
              defaults: {max-body: 2KiB}
              endpoints:
                plain: {id: %s, topic: plain}
                own: {id: %s, topic: own, max-body: 2KiB}
            exit: kafka
          kafka: {type: kafka, kind: client, options: {servers: ["%s"]}, exit: out}
          out: {type: tcp, kind: client}
        """
            .formatted(PLAIN.substring(3), OWN.substring(3), broker.bootstrap());
    return TestGateway.start(folder.resolve(name), config, createTopics);
  }

  private static int post(TestGateway gateway, String path) {
    return gateway.send("POST", path, "x".repeat(2000)).statusCode();
  }

  private HttpResponse<byte[]> patch(TestGateway gateway, String name, String body) {
    var key = new KeyFiles(folder.resolve(name), _ -> null).adminKey().key().reveal();
    return gateway.send(
        HttpRequest.newBuilder(gateway.admin("/api/v1/webhooks/config"))
            .method("PATCH", BodyPublishers.ofString(body))
            .header("authorization", "Bearer " + key)
            .build());
  }

  @Test
  void holdsOnEveryInstanceForWhoDoesNotSayOtherwise() {
    try (var one = start("one", true);
        var two = start("two", false)) {
      assertThat(post(two, PLAIN)).isEqualTo(200);

      assertThat(patch(one, "one", "{\"max_body_size_bytes\":1024}").statusCode()).isEqualTo(200);

      assertThat(post(one, PLAIN)).isEqualTo(413);
      await().atMost(LIMIT).until(() -> post(two, PLAIN) == 413);
      assertThat(post(two, OWN)).isEqualTo(200);
    }
  }

  @Test
  void goesOnRegisteringWithoutATopicForIt() throws Exception {
    start("one", true).close();
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin.deleteTopics(List.of("tidegate.config")).all().get();
    }
    try (var one = start("one", false)) {
      assertThat(patch(one, "one", "{\"max_body_size_bytes\":1024}").statusCode()).isEqualTo(503);
      var key = new KeyFiles(folder.resolve("one"), _ -> null).adminKey().key().reveal();
      var made =
          one.send(
              HttpRequest.newBuilder(one.admin("/api/v1/endpoints"))
                  .POST(BodyPublishers.ofString("{\"topic\":\"webhooks.a\"}"))
                  .header("authorization", "Bearer " + key)
                  .build());
      assertThat(made.statusCode()).isEqualTo(201);
    }
  }
}
