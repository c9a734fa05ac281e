package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Endpoints made at run time, in a whole Tidegate, as an operator and a sender see them.
class EndpointsIT {
  private static final String GITHUB =
      "{\"topic\":\"webhooks.github\",\"verification\":{\"preset\":\"github\"}}";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path data;

  @Test
  void takesSignedWebhooksAtAnEndpointMadeByApiAlsoAfterARestart() throws IOException {
    JsonNode made;
    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      var reply = ask(gateway, "POST", "/api/v1/endpoints", GITHUB);
      made = json(reply);
      assertThat(reply.statusCode()).isEqualTo(201);
      assertThat(made.path("url").asString()).startsWith("http://127.0.0.1:");

      assertThat(post(gateway, made, "{\"a\":1}").statusCode()).isEqualTo(200);
      assertThat(post(gateway, made, "{\"a\":1}", "sha256=00").statusCode()).isEqualTo(401);
      assertThat(TopicReader.all(gateway.kafka(), "webhooks.github")).hasSize(1);
      replaysFromTheRequestLog(gateway, made);
    }
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("admin.key"))))
        .isEqualTo("rw-------");

    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      assertThat(post(gateway, made, "{\"a\":2}").statusCode()).isEqualTo(200);

      var one = "/api/v1/endpoints/" + made.path("id").asString();
      assertThat(ask(gateway, "DELETE", one, "").statusCode()).isEqualTo(200);
      assertThat(post(gateway, made, "{\"a\":3}").statusCode()).isEqualTo(404);
    }
    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      assertThat(post(gateway, made, "{\"a\":4}").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void takesSealedCommandsFromAnyKafkaClient() {
    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      var id = "00112233445566778899aabbccddeeff";
      var key = new KeyFiles(data, _ -> null).sealingKey();
      var command =
          "{\"action\":\"register\",\"endpoint_id\":\"%s\",\"topic\":\"webhooks.hand\",\"auth_type\":\"github\",\"auth_secret\":\"%s\"}"
              .formatted(id, key.seal(new Secret("by hand")));

      append(gateway.kafka(), "rubbish");
      append(gateway.kafka(), command);

      var made =
          new JsonMapper()
              .createObjectNode()
              .put("url", "http://x/e/" + id)
              .put("secret", "by hand");
      await().atMost(LIMIT).until(() -> post(gateway, made, "{}").statusCode() == 200);
    }
  }

  @Test
  void followsWhatIsSetForAllByCommandAlsoAfterARestart() {
    var body = "x".repeat(2000);
    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      assertThat(gateway.send("POST", "/topics/webhooks.a", body).statusCode()).isEqualTo(200);

      append(gateway.kafka(), "{\"action\":\"config\",\"max_body_size_bytes\":1024,\"port\":1}");
      append(
          gateway.kafka(),
          "{\"action\":\"config\",\"max_body_size_bytes\":1024,\"include_http_metadata\":false}");

      await()
          .atMost(LIMIT)
          .until(() -> gateway.send("POST", "/topics/webhooks.a", body).statusCode() == 413);
      await()
          .atMost(LIMIT)
          .until(() -> TopicReader.all(gateway.kafka(), "tidegate.rejections").size() == 1);
      assertThat(TopicReader.all(gateway.kafka(), "tidegate.config")).hasSize(1);
    }
    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      assertThat(gateway.send("POST", "/topics/webhooks.a", body).statusCode()).isEqualTo(413);
      assertThat(gateway.send("POST", "/topics/webhooks.b", "1").statusCode()).isEqualTo(200);
      assertThat(TopicReader.all(gateway.kafka(), "webhooks.b").getFirst().headers())
          .extracting(org.apache.kafka.common.header.Header::key)
          .doesNotContain("tidegate-path", "tidegate-remote", "tidegate-received-at");

      var config = ask(gateway, "GET", "/api/v1/webhooks/config", "");
      assertThat(config.headers().firstValue("etag")).contains("\"1\"");
      assertThat(json(config).path("max_body_size_bytes").asInt()).isEqualTo(1024);
      ask(gateway, "PATCH", "/api/v1/webhooks/config", "{\"max_body_size_bytes\":null}");
      assertThat(gateway.send("POST", "/topics/webhooks.a", body).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void keepsTheHousesTopicsOutOfReach() {
    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      for (var topic : new String[] {"tidegate.endpoints", "tidegate.commands", "__x"}) {
        var reply = ask(gateway, "POST", "/api/v1/endpoints", "{\"topic\":\"" + topic + "\"}");
        assertThat(reply.statusCode()).isEqualTo(422);
        assertThat(gateway.send("POST", "/topics/" + topic, "{}").statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void needsTheOperatorsKey() {
    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      var request = HttpRequest.newBuilder(gateway.admin("/api/v1/endpoints")).build();

      assertThat(gateway.send(request).statusCode()).isEqualTo(401);
      assertThat(
              gateway.send(HttpRequest.newBuilder(gateway.admin("/metrics")).build()).statusCode())
          .isEqualTo(200);
    }
  }

  private HttpResponse<byte[]> ask(TestGateway gateway, String method, String path, String body) {
    var key = new KeyFiles(data, _ -> null).adminKey().key().reveal();
    return gateway.send(
        HttpRequest.newBuilder(gateway.admin(path))
            .method(method, BodyPublishers.ofString(body))
            .header("authorization", "Bearer " + key)
            .build());
  }

  private void replaysFromTheRequestLog(TestGateway gateway, JsonNode made) {
    var requests = "/api/v1/endpoints/" + made.path("id").asString() + "/requests";
    var list = json(ask(gateway, "GET", requests, "")).path("models");

    assertThat(list.findValuesAsString("outcome")).containsExactly("invalid_signature", "stored");
    assertThat(list.toString()).doesNotContain(made.path("url").asString().split("/e/")[1]);
    var stored = requests + "/" + list.get(1).path("id").asString();
    assertThat(json(ask(gateway, "GET", stored, "")).path("body").asString())
        .isEqualTo("{\"a\":1}");
    assertThat(ask(gateway, "POST", stored + "/replay", "").statusCode()).isEqualTo(200);
    assertThat(TopicReader.all(gateway.kafka(), "webhooks.github")).hasSize(2);
    assertThat(ask(gateway, "GET", requests + "/none", "").statusCode()).isEqualTo(404);
  }

  private static HttpResponse<byte[]> post(TestGateway gateway, JsonNode made, String body) {
    return post(gateway, made, body, "sha256=" + hmac(made.path("secret").asString(), body));
  }

  private static HttpResponse<byte[]> post(
      TestGateway gateway, JsonNode made, String body, String signature) {
    var path = URI.create(made.path("url").asString()).getPath();
    return gateway.send("POST", path, body, "x-hub-signature-256", signature);
  }

  private static String hmac(String secret, String body) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Bytes.utf8(secret).array(), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(Bytes.utf8(body).array()));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void append(String kafka, String command) {
    var configs = new Properties();
    configs.putAll(Map.of("bootstrap.servers", kafka));
    try (var producer =
        new KafkaProducer<String, String>(
            configs, new StringSerializer(), new StringSerializer())) {
      var _ = producer.send(new ProducerRecord<>("tidegate.commands", command));
    }
  }

  private static JsonNode json(HttpResponse<byte[]> reply) {
    return new JsonMapper().readTree(reply.body());
  }
}
