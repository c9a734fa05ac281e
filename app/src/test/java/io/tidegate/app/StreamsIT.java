package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Event streams as clients see them, over real sockets from a real Kafka.
class StreamsIT {
  @TempDir private Path data;

  private final String topic = "feed-" + UUID.randomUUID();

  @Test
  void streamsHistoryAndWhatComesAndGoesOnAfterTheLastId() throws Exception {
    try (var gateway = TestGateway.start(data, Streams.config(topic), true)) {
      gateway.send("PUT", "/" + topic + "/a", "one", "tag", "x");
      gateway.send("PUT", "/" + topic + "/b", "two\nlines", "tag", "x");

      String last;
      try (var reader = Reader.open(gateway, "/feed/" + topic)) {
        assertThat(reader.status()).isEqualTo(200);
        assertThat(reader.header("content-type")).isEqualTo("text/event-stream");
        assertThat(reader.lines(3)).contains("data:one", "");
        gateway.send("DELETE", "/" + topic + "/a", "");
        var rest = reader.lines(8);
        assertThat(rest).contains("data:two", "data:lines", "event:delete", "data:YQ==");
        last = reader.lastId;
      }
      gateway.send("PUT", "/" + topic + "/c", "three");

      try (var header = Reader.open(gateway, "/feed/" + topic, "last-event-id", last);
          var query = Reader.open(gateway, "/feed/" + topic + "?lastEventId=" + encoded(last))) {
        assertThat(header.lines(3)).contains("data:three");
        assertThat(query.lines(3)).contains("data:three");
      }
    }
  }

  @Test
  void answersWhatIsNoStream() throws Exception {
    try (var gateway = TestGateway.start(data, Streams.config(topic), true)) {
      assertThat(gateway.send("POST", "/feed/" + topic, "x").statusCode()).isEqualTo(405);
      assertThat(gateway.send("GET", "/feed/none-" + topic, "").statusCode()).isEqualTo(404);
      assertThat(gateway.send("GET", "/feed/tidegate.secrets", "").statusCode()).isEqualTo(404);
      var head = gateway.send("HEAD", "/feed/" + topic, "");
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.headers().firstValue("content-type")).hasValue("text/event-stream");
    }
  }

  private static String encoded(String id) {
    return java.net.URLEncoder.encode(id, java.nio.charset.StandardCharsets.UTF_8);
  }

  /// A client that takes lines as they come.
  static final class Reader implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final HttpResponse<java.util.stream.Stream<String>> response;
    private String lastId = "";

    private Reader(HttpRequest request) throws Exception {
      response = client.send(request, BodyHandlers.ofLines());
      Thread.ofVirtual().start(this::read);
    }

    static Reader open(TestGateway gateway, String path, String... headers) throws Exception {
      var request = HttpRequest.newBuilder(gateway.uri(path));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return new Reader(request.build());
    }

    private void read() {
      try {
        response.body().forEach(lines::add);
      } catch (java.io.UncheckedIOException closed) {
        lines.add("closed");
      }
    }

    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    List<String> lines(int count) throws InterruptedException {
      var taken = new java.util.ArrayList<String>();
      while (taken.size() < count) {
        var line = lines.poll(20, TimeUnit.SECONDS);
        assertThat(line).as("a line after %s", taken).isNotNull();
        if (line.startsWith("id:")) {
          lastId = line.substring(3);
        }
        taken.add(line);
      }
      return taken;
    }

    @Override
    public void close() {
      client.shutdownNow();
      client.close();
    }
  }
}
