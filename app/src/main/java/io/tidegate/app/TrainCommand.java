package io.tidegate.app;

import io.tidegate.base.Bytes;
import io.tidegate.broker.Durability;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Starts, serves a few requests and stops, in a folder that is thrown away: what the launcher has
/// the JVM watch when it makes the ahead-of-time cache.
@Command(name = "train", hidden = true, description = "Prepares a fast start.")
final class TrainCommand implements Callable<Integer> {
  private static final int ROUNDS = 100;
  private static final int LIMIT_MS = 5_000;

  @Override
  public Integer call() throws IOException {
    var folder = Files.createTempDirectory("tidegate-train");
    try {
      train(folder);
    } finally {
      delete(folder);
    }
    return 0;
  }

  private static void train(Path folder) throws IOException {
    var settings =
        new Settings(
            folder,
            Optional.of(new Settings.Address("127.0.0.1", 0)),
            OptionalInt.of(0),
            Durability.PAGE_CACHE,
            false);
    var config = ConfigSource.builtIn().text().replace("port: 7114", "port: 0");
    var plan = Source.asWritten(new ConfigSource("train", Bytes.utf8(config)));
    try (var gateway = new Gateway(settings, () -> {})) {
      gateway.apply(plan);
      Banner.of(plan, gateway, null);
      var port = gateway.ports(plan.listeners().getFirst()).getFirst();
      for (int i = 0; i < ROUNDS; i++) {
        call("PUT", port, "/items/" + i % 10, "{\"n\":" + i + "}");
        call("GET", port, "/items/" + i % 10, "");
        call("GET", port, "/items", "");
        call("POST", port, "/events", "event");
      }
    }
  }

  private static void call(String method, int port, String path, String body) throws IOException {
    var connection =
        (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout(LIMIT_MS);
    connection.setReadTimeout(LIMIT_MS);
    if (!body.isEmpty()) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(Bytes.utf8(body).array());
    }
    // Whatever the status is: a busy machine may make it 503, and the cache is none the worse.
    if (connection.getResponseCode() < 400) {
      try (var in = connection.getInputStream()) {
        in.readAllBytes();
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
