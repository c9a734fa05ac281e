package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.broker.Durability;
import io.tidegate.plan.Plan;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole Tidegate in this process, on free ports, and a client for it.
final class TestGateway implements AutoCloseable {
  private static final Path NPM = Path.of("src/test/npm");

  private final Path data;
  private final Gateway gateway;
  private final HttpClient client = HttpClient.newHttpClient();
  private Plan plan;

  private TestGateway(Path data, boolean createTopics) {
    this.data = data;
    var settings =
        new Settings(
            data,
            Optional.of(new Settings.Address("127.0.0.1", 0)),
            OptionalInt.of(0),
            Durability.PAGE_CACHE,
            createTopics);
    this.gateway = new Gateway(settings, () -> {});
  }

  static TestGateway start(Path data, String config) {
    return start(data, config, false);
  }

  static TestGateway start(Path data, String config, boolean createTopics) {
    return start(data, plan(config), createTopics);
  }

  static TestGateway start(Path data, Plan plan, boolean createTopics) {
    var started = new TestGateway(data, createTopics);
    try {
      started.apply(plan);
      return started;
    } catch (RuntimeException failed) {
      started.close();
      throw failed;
    }
  }

  void apply(String config) {
    apply(plan(config));
  }

  private void apply(Plan next) {
    gateway.apply(next);
    plan = next;
  }

  static Plan plan(String config) {
    return Source.plan(new ConfigSource("test.yaml", Bytes.utf8(config)));
  }

  /// The built-in configuration, on a free port.
  static String builtIn() {
    return ConfigSource.builtIn().text().replace("port: 7114", "port: 0");
  }

  URI uri(String path) {
    var port = gateway.ports(plan.listeners().getFirst()).getFirst();
    return URI.create("http://127.0.0.1:" + port + path);
  }

  URI admin(String path) {
    return URI.create("http://" + gateway.admin().orElseThrow() + path);
  }

  String kafka() {
    return gateway.kafka().orElseThrow();
  }

  HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
    var request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  HttpResponse<byte[]> send(String method, String path, String body, String... headers) {
    return send(method, path, Bytes.utf8(body).array(), headers);
  }

  String text(String path) {
    return new String(send("GET", path, "").body(), java.nio.charset.StandardCharsets.UTF_8);
  }

  HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /// The operator's.
  String key() {
    return new KeyFiles(data, _ -> null).adminKey().key().reveal();
  }

  /// Asks the API as the operator.
  HttpResponse<byte[]> ask(String method, String path, String body) {
    return ask(key(), method, path, body);
  }

  HttpResponse<byte[]> ask(String bearer, String method, String path, String body) {
    return send(
        HttpRequest.newBuilder(admin("/api/v1" + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, BodyPublishers.ofString(body))
            .header("authorization", "Bearer " + bearer)
            .build());
  }

  static JsonNode json(HttpResponse<byte[]> reply) {
    return new JsonMapper().readTree(reply.body());
  }

  /// What a script with published packages says of the API: a line of JSON.
  JsonNode run(String script) throws IOException, InterruptedException {
    assertThat(NPM.resolve("node_modules"))
        .withFailMessage("the packages are missing; `./tidegate test` fetches them with npm")
        .exists();
    var said = data.resolve(script + ".said");
    var client =
        new ProcessBuilder("node", script, admin("/api/v1").toString(), key())
            .directory(NPM.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(client.waitFor(3, TimeUnit.MINUTES)).isTrue();
    var text = Files.readString(said).strip();
    assertThat(text).startsWith("{");
    return new JsonMapper().readTree(text);
  }

  HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    gateway.close();
    client.close();
  }
}
