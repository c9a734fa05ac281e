package io.tidegate.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import io.tidegate.outbox.Samples;
import io.tidegate.outbox.Undelivered;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Deliveries to a real broker.
class RabbitLineIT {
  private static final Map<String, String> LOGIN = Map.of("username", "guest", "password", "guest");
  private static final String DATA = "{ \"a\" : 1 }";
  private static final Duration LIMIT = Duration.ofSeconds(15);

  @TempDir private static Path folder;
  private static RabbitNode node;

  private final RabbitType type = new RabbitType();

  @BeforeAll
  static void start() throws Exception {
    node = RabbitNode.start(folder);
    set("events");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /// An exchange and a queue that gets `user.*`.
  private static void set(String name) throws Exception {
    asOwner(channel -> {
      channel.exchangeDeclare(name, "topic", true);
      channel.queueDeclare(name, true, false, false, null);
      channel.queueBind(name, name, "user.*");
      return "";
    });
  }

  private interface Work {
    String with(Channel channel) throws Exception;
  }

  private static String asOwner(Work work) throws Exception {
    var factory = new ConnectionFactory();
    factory.setHost("127.0.0.1");
    factory.setPort(node.port());
    try (var connection = factory.newConnection();
        var channel = connection.createChannel()) {
      return work.with(channel);
    }
  }

  private static Map<String, String> config(String exchange) {
    return Map.of("server_url", "127.0.0.1:" + node.port(), "exchange", exchange, "tls", "false");
  }

  private String attempt(String exchange, Map<String, String> login, String topic)
      throws InterruptedException {
    return Lines.attempt(
        type,
        config(exchange),
        login,
        Lines.ways("127.0.0.0/8"),
        Samples.outgoing(topic, DATA, Map.of("region", "eu")));
  }

  @Test
  void publishesWithRoutingKeyAndHeaders() throws Exception {
    set("shop");

    assertThat(attempt("shop", LOGIN, "user.created")).isEqualTo("delivered");

    var got =
        asOwner(channel -> {
          var message = channel.basicGet("shop", true);
          return message.getEnvelope().getRoutingKey()
              + " "
              + message.getProps().getContentType()
              + " "
              + message.getProps().getDeliveryMode()
              + " "
              + message.getProps().getHeaders().get("event-id")
              + " "
              + message.getProps().getHeaders().get("region")
              + " "
              + new String(message.getBody(), StandardCharsets.UTF_8);
        });
    assertThat(got).isEqualTo("user.created application/json 2 evt_1 eu " + DATA);
  }

  @Test
  void failsWhenNoQueueTakesIt() throws Exception {
    assertThat(attempt("events", LOGIN, "order.paid"))
        .isEqualTo("unroutable: no queue takes what the exchange events gets with that topic");
    assertThat(attempt("events", LOGIN, "user.a")).isEqualTo("delivered");
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    assertThat(attempt("nowhere", LOGIN, "user.a"))
        .isEqualTo("unknown_target: the broker has no exchange nowhere");
    assertThat(attempt("events", Map.of("username", "guest", "password", "no"), "user.a"))
        .isEqualTo("credentials: the broker did not take the credentials");
    assertThat(Lines.check(type, config("nowhere"), LOGIN, Lines.ways("127.0.0.0/8")))
        .startsWith("unknown_target: ");
    assertThat(Lines.check(type, config("events"), LOGIN, Lines.ways("127.0.0.0/8")))
        .isEqualTo("fine");
    assertThat(Lines.check(type, config("events"), LOGIN, Lines.ways()))
        .startsWith("refused_address: ")
        .contains("loopback");
    assertThat(attempt("events", LOGIN, "x".repeat(256))).startsWith("refused: ");
  }

  @Test
  void publishesFromManyThreadsOverOneChannel() throws Exception {
    set("many");
    var line = type.open(config("many"), LOGIN, Lines.ways("127.0.0.0/8"));
    try (line;
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 500; i++) {
        var outgoing =
            Samples.outgoing("evt_" + i, i % 5 == 0 ? "no.such" : "user.a", DATA, Map.of());
        all.add(
            threads.submit(() -> {
              line.deliver(config("many"), outgoing, LIMIT);
              return null;
            }));
      }
      int failed = 0;
      for (var each : all) {
        try {
          each.get();
        } catch (java.util.concurrent.ExecutionException no) {
          assertThat(((Undelivered) no.getCause()).word()).isEqualTo("unroutable");
          failed++;
        }
      }
      assertThat(failed).isEqualTo(100);
      assertThat(asOwner(channel -> Long.toString(channel.messageCount("many")))).isEqualTo("400");
    }
  }

  @Test
  void isNotUsableAfterTheBrokerWasKilledAndAnotherOneIs() throws Exception {
    set("killed");
    try (var own = RabbitNode.start(java.nio.file.Files.createDirectories(folder.resolve("own")))) {
      var config = Map.of("server_url", "127.0.0.1:" + own.port(), "tls", "false");
      var ways = Lines.ways("127.0.0.0/8");
      var line = type.open(config, LOGIN, ways);

      own.kill();

      await().atMost(LIMIT).until(() -> !line.isUsable());
      assertThatThrownBy(() -> line.deliver(config, Samples.outgoing("t", DATA, Map.of()), LIMIT))
          .isInstanceOf(Undelivered.class);
      assertThat(Lines.check(type, config, LOGIN, ways)).startsWith("connect: ");
      line.close();

      own.restart();

      assertThat(Lines.check(type, config, LOGIN, ways)).isEqualTo("fine");
    }
  }
}
