package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.Bytes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was acknowledged is there after `kill -9` in the middle of writes.
class KillIT {
  private static final int WRITERS = 8;
  private static final String ENDPOINT = "0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;

  /// Where it is written to, and how that is acknowledged.
  private record Way(String path, int status, String topic, UnaryOperator<String> signature) {}

  @Test
  void losesNothingThatWasAcknowledged() throws Exception {
    killAgainAndAgain(new Way("/events", 204, "events", _ -> "none"), 2);
  }

  @Test
  void losesNoWebhookThatWasAcknowledgedAsStored() throws Exception {
    killAgainAndAgain(new Way("/e/" + ENDPOINT, 200, "webhooks.kill", KillIT::signature), 3);
  }

  private void killAgainAndAgain(Way way, int rounds) throws Exception {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    for (int round = 0; round < rounds; round++) {
      var process = start();
      try {
        killWhileWriting(process, port(), way, acknowledged, 300 * (round + 1));
      } finally {
        process.destroyForcibly().waitFor();
      }
    }

    try (var gateway = TestGateway.start(folder.resolve("data"), config())) {
      var stored = new HashSet<String>();
      TopicReader.all(gateway.kafka(), way.topic)
          .forEach(record ->
              stored.add(new String(record.value(), java.nio.charset.StandardCharsets.UTF_8)));

      assertThat(stored).containsAll(acknowledged);
    }
  }

  private static String config() {
    var endpoint =
        """
        topics: [webhooks.*]
              endpoints:
                kill: {id: %s, topic: webhooks.kill, verification: github, secret: hub}\
        """
            .formatted(ENDPOINT);
    return TestGateway.builtIn().replace("topics: [webhooks.*]", endpoint);
  }

  private static String signature(String body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Bytes.utf8("hub").array(), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(Bytes.utf8(body).array()));
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new AssertionError(everyJdkHasIt);
    }
  }

  private void killWhileWriting(
      Process process, int port, Way way, Set<String> acknowledged, int enough) throws Exception {
    var stop = new AtomicBoolean();
    var numbers = new AtomicInteger(acknowledged.size() * 1000);
    try (var client = HttpClient.newHttpClient();
        var writers = Executors.newFixedThreadPool(WRITERS)) {
      try {
        for (int i = 0; i < WRITERS; i++) {
          writers.execute(() -> write(client, port, way, numbers, acknowledged, stop));
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged.size() >= enough);
      } finally {
        process.destroyForcibly();
        stop.set(true);
        client.shutdownNow();
      }
    }
  }

  private static void write(
      HttpClient client,
      int port,
      Way way,
      AtomicInteger numbers,
      Set<String> acknowledged,
      AtomicBoolean stop) {
    while (!stop.get()) {
      var body = "event " + numbers.incrementAndGet();
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + way.path))
              .header("x-hub-signature-256", way.signature.apply(body))
              .POST(BodyPublishers.ofString(body))
              .timeout(Duration.ofSeconds(10))
              .build();
      try {
        if (client.send(request, BodyHandlers.discarding()).statusCode() == way.status) {
          acknowledged.add(body);
        }
      } catch (HttpTimeoutException busy) {
        continue;
      } catch (IOException | InterruptedException killed) {
        return;
      }
    }
  }

  private Process start() throws IOException {
    var config = folder.resolve("zilla.yaml");
    Files.write(config, Bytes.utf8(config()).array());
    Files.deleteIfExists(folder.resolve("out"));
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            List.of(
                java,
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.tidegate.app.Main",
                "up",
                config.toString(),
                "--data",
                folder.resolve("data").toString(),
                "--admin",
                "off",
                "--kafka-port",
                "0"))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("out").toFile())
        .start();
  }

  /// As the start prints it.
  private int port() {
    var line = java.util.regex.Pattern.compile("HTTP +http://127\\.0\\.0\\.1:(\\d+)");
    return await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              var found = line.matcher(Files.readString(folder.resolve("out")));
              return found.find() ? Integer.parseInt(found.group(1)) : 0;
            },
            port -> port > 0);
  }
}
