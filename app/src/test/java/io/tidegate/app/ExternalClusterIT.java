package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.broker.BrokerOptions;
import io.tidegate.broker.EmbeddedBroker;
import io.tidegate.broker.SharedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same configuration on a cluster that is not inside.
class ExternalClusterIT {
  @TempDir private Path folder;

  @Test
  void namesEveryTopicThatIsMissing() {
    var config = on(SharedBroker.bootstrap()).replace("topic: items", "topic: no-such-items");

    assertThatThrownBy(() -> TestGateway.start(folder.resolve("a"), config))
        .isInstanceOf(UserFault.class)
        .hasMessageMatching("(?s).*no-such-items, named by tidegate:north_\\w+_kafka.*")
        .hasMessageContaining("--create-topics");
  }

  @Test
  void createsTopicsWhenAskedToAndSharesThemWithOtherInstances() {
    var config = on(SharedBroker.bootstrap());
    try (var one = TestGateway.start(folder.resolve("one"), config, true);
        var other = TestGateway.start(folder.resolve("other"), config)) {
      one.send("PUT", "/items/shared", "{\"from\":1}");

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(other.text("/items/shared")).isEqualTo("{\"from\":1}"));
      assertThat(other.send("GET", "/items/shared", "").headers().firstValue("etag"))
          .isEqualTo(one.send("GET", "/items/shared", "").headers().firstValue("etag"));
    }
  }

  @Test
  void answersWithinItsLimitWhenNoClusterIsThere() throws IOException {
    try (var gateway = TestGateway.start(folder.resolve("a"), on("127.0.0.1:" + freePort()))) {
      var stored = gateway.send("POST", "/events", "x");
      var read = gateway.send("GET", "/items/1", "");

      assertThat(stored.statusCode()).isEqualTo(503);
      assertThat(stored.headers().firstValue("retry-after")).isPresent();
      assertThat(read.statusCode()).isEqualTo(503);
    }
  }

  @Test
  void goesOnWhenTheClusterComesBack() {
    var options = BrokerOptions.in(folder.resolve("cluster")).withPort(0);
    var broker = EmbeddedBroker.start(options);
    try (var gateway = TestGateway.start(folder.resolve("a"), on(broker.bootstrap()), true)) {
      assertThat(gateway.send("POST", "/events", "before").statusCode()).isEqualTo(204);
      broker.close();
      assertThat(gateway.send("POST", "/events", "away").statusCode()).isEqualTo(503);

      broker = EmbeddedBroker.start(options);

      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() ->
              assertThat(gateway.send("POST", "/events", "back").statusCode()).isEqualTo(204));
      assertThat(TopicReader.all(broker.bootstrap(), "events")).isNotEmpty();
    } finally {
      broker.close();
    }
  }

  private static String on(String bootstrap) {
    return TestGateway.builtIn()
        .replace(
            "    type: kafka\n    kind: client\n    exit: south_tcp",
            "    type: kafka\n    kind: client\n    options:\n      servers: [\""
                + bootstrap
                + "\"]\n    exit: south_tcp");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
