package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The `eventsource` package of npm as a user, across a restart of the gateway.
class EventSourceIT {
  private static final Path NPM = Path.of("src/test/npm").toAbsolutePath();
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path data;

  private final List<String> printed = new CopyOnWriteArrayList<>();

  @Test
  void comesBackByItselfAndMissesNothing() throws Exception {
    var config =
        Streams.config("news")
            .replace("port: 0", "port: " + freePort())
            .replace(
                "{type: sse, kind: server,", "{type: sse, kind: server, options: {retry: 200},");
    Process client;
    try (var gateway = TestGateway.start(data, config)) {
      put(gateway, "a", "one");
      client = start(gateway.uri("/feed/news") + "", 5);
      await().atMost(Duration.ofSeconds(20)).until(() -> printed.size() == 1);
      put(gateway, "b", "two\nlines");
      gateway.send("DELETE", "/news/a", "");
      await().atMost(Duration.ofSeconds(20)).until(() -> printed.size() == 3);
    }
    try (var gateway = TestGateway.start(data, config)) {
      put(gateway, "c", " three");
      put(gateway, "d", "");
      await().atMost(Duration.ofSeconds(30)).until(() -> printed.size() == 5);
      assertThat(client.waitFor()).isZero();
    } finally {
      client.destroyForcibly();
    }

    assertThat(printed.stream().map(line -> JSON.readTree(line).get("type").asString()))
        .containsExactly("message", "message", "delete", "message", "message");
    assertThat(printed.stream().map(line -> JSON.readTree(line).get("data").asString()))
        .containsExactly("one", "two\nlines", "YQ==", " three", "");
    assertThat(JSON.readTree(printed.getFirst()).get("id").asString()).isEqualTo("AQIAAg==");
  }

  private static void put(TestGateway gateway, String key, String value) {
    assertThat(gateway.send("PUT", "/news/" + key, value).statusCode()).isEqualTo(204);
  }

  private Process start(String url, int count) throws IOException {
    assertThat(NPM.resolve("node_modules/eventsource"))
        .withFailMessage("the package is missing; `./tidegate test` fetches it with npm")
        .exists();
    var client =
        new ProcessBuilder("node", "events.mjs", url, Integer.toString(count))
            .directory(NPM.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Thread.ofVirtual()
        .start(() -> {
          try (var out =
              new BufferedReader(
                  new java.io.InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
            out.lines().forEach(printed::add);
          } catch (IOException ended) {
            // what was printed counts
          }
        });
    return client;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
