package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The example payloads that GitHub's community publishes: each is posted, found on the topic byte
/// for byte, and fetched back.
class WebhookCorpusIT {
  private static final Path CORPUS =
      Path.of("src/test/npm/node_modules/@octokit/webhooks-examples/api.github.com/index.json");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path data;

  private record Payload(String event, byte[] body) {}

  @Test
  void everyPayloadArrivesByteForByte() throws IOException {
    var payloads = payloads();
    assertThat(payloads).hasSizeGreaterThan(300);
    try (var gateway = TestGateway.start(data, TestGateway.builtIn())) {
      for (int i = 0; i < payloads.size(); i++) {
        post(gateway, payloads.get(i), i);
      }

      var records = TopicReader.all(gateway.kafka(), "events");

      assertThat(records).hasSameSizeAs(payloads);
      for (int i = 0; i < payloads.size(); i++) {
        assertThat(records.get(i).value()).isEqualTo(payloads.get(i).body);
        assertThat(records.get(i).headers().lastHeader("x-github-event").value())
            .asString()
            .isEqualTo(payloads.get(i).event);
        var fetched = gateway.send("GET", "/items/" + i, "");
        assertThat(fetched.body()).isEqualTo(payloads.get(i).body);
      }
    }
  }

  private static void post(TestGateway gateway, Payload payload, int number) {
    var headers =
        new String[] {"content-type", "application/json", "x-github-event", payload.event};
    assertThat(gateway.send("POST", "/events", payload.body, headers).statusCode()).isEqualTo(204);
    assertThat(gateway.send("PUT", "/items/" + number, payload.body, headers).statusCode())
        .isEqualTo(204);
  }

  private static List<Payload> payloads() throws IOException {
    assertThat(CORPUS)
        .withFailMessage("the corpus is missing; `./tidegate test` fetches it with npm")
        .exists();
    var payloads = new ArrayList<Payload>();
    for (var event : JSON.readTree(Files.readAllBytes(CORPUS))) {
      for (var example : event.get("examples")) {
        payloads.add(new Payload(event.get("name").asString(), JSON.writeValueAsBytes(example)));
      }
    }
    return payloads;
  }
}
