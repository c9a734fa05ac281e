package io.tidegate.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.edge.Edge;
import io.tidegate.edge.EdgeLimits;
import io.tidegate.edge.HttpListener;
import io.tidegate.plan.FileMapping;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.Template;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilesIT {
  @TempDir Path outside;

  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);
  private final ExecutorService workers = FileWorkers.open();
  private final HttpClient client = HttpClient.newHttpClient();
  private Path www;
  private int port;

  @BeforeEach
  void serve() throws IOException {
    www = Files.createDirectory(outside.resolve("www"));
    Files.writeString(www.resolve("index.html"), "<h1>front</h1>");
    Files.writeString(www.resolve("data.json"), "{\"a\":1}");
    Files.writeString(www.resolve(".secret"), "hidden");
    Files.createDirectory(www.resolve("docs"));
    Files.writeString(www.resolve("docs/index.html"), "<h1>docs</h1>");
    Files.writeString(outside.resolve("passwd"), "root");
    port = start(false);
  }

  private int start(boolean followsLinks) {
    var folder = new FileMapping.Folder(www, followsLinks);
    var mapping =
        new FileMapping(
            "demo:files",
            List.of(
                route("/list", folder, new FileMapping.Target.Listing(Template.text(""))),
                route("/", folder, new FileMapping.Target.File(Template.text("index.html"))),
                route(
                    "/{path}",
                    folder,
                    new FileMapping.Target.File(
                        new Template(List.of(new Template.Part.Param("path")))))));
    var router = new FilesRouter(mapping, workers);
    return HttpListener.start(edge, "demo:in", "127.0.0.1", 0, router).ports().getFirst();
  }

  private static FileMapping.Route route(
      String path, FileMapping.Folder folder, FileMapping.Target target) {
    var when = new FileMapping.When(Optional.of("GET"), Optional.of(Pattern.of(path)));
    return new FileMapping.Route(List.of(), List.of(when), folder, target);
  }

  @AfterEach
  void close() {
    client.shutdownNow();
    edge.close();
    workers.shutdownNow();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    var request = to(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /// A request line as no client library would write it.
  private String raw(String target) throws IOException {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      var out = socket.getOutputStream();
      out.write(
          ("GET " + target + " HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      var all = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(all);
      return all.toString(StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void servesAFileWithWhatIsKnownOfIt() throws Exception {
    var reply = get("/data.json");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"a\":1}");
    assertThat(reply.headers().firstValue("content-type")).contains("application/json");
    assertThat(reply.headers().firstValue("content-length")).contains("7");
    assertThat(reply.headers().firstValue("etag").orElseThrow()).matches("\"[0-9a-f]+-7\"");
    assertThat(reply.headers().firstValue("last-modified")).isPresent();
    assertThat(reply.headers().firstValue("x-content-type-options")).contains("nosniff");
  }

  @Test
  void servesTheIndexOfAFolderAndSendsThereWithASlash() throws Exception {
    assertThat(get("/").body()).isEqualTo("<h1>front</h1>");
    assertThat(get("/docs/").body()).isEqualTo("<h1>docs</h1>");
    var bare = get("/docs?x=1");

    assertThat(bare.statusCode()).isEqualTo(301);
    assertThat(bare.headers().firstValue("location")).contains("./docs/?x=1");
    assertThat(get("/data.json/").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @EnumSource
  void answersHeadWithTheLengthAndNothingElse(HttpClient.Version version) throws Exception {
    var head =
        to("/data.json").version(version).method("HEAD", HttpRequest.BodyPublishers.noBody());

    var reply = client.send(head.build(), BodyHandlers.ofString());

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
    assertThat(reply.headers().firstValue("content-length")).contains("7");
  }

  @Test
  void tellsWhoHasItThatNothingChanged() throws Exception {
    var first = get("/data.json");
    var tag = first.headers().firstValue("etag").orElseThrow();
    var date = first.headers().firstValue("last-modified").orElseThrow();

    assertThat(get("/data.json", "if-none-match", "\"x\", " + tag).statusCode()).isEqualTo(304);
    assertThat(get("/data.json", "if-none-match", "*").statusCode()).isEqualTo(304);
    assertThat(get("/data.json", "if-modified-since", date).statusCode()).isEqualTo(304);
    assertThat(get("/data.json", "if-none-match", "\"x\"", "if-modified-since", date).statusCode())
        .isEqualTo(200);
    Files.setLastModifiedTime(
        www.resolve("data.json"), FileTime.from(Instant.now().plusSeconds(60)));

    assertThat(get("/data.json", "if-none-match", tag).statusCode()).isEqualTo(200);
    assertThat(get("/data.json", "if-modified-since", date).statusCode()).isEqualTo(200);
    assertThat(get("/data.json", "if-modified-since", "yesterday").statusCode()).isEqualTo(200);
  }

  @Test
  void servesAPartToWhoHasTheRest() throws Exception {
    var tag = get("/data.json").headers().firstValue("etag").orElseThrow();

    var part = get("/data.json", "range", "bytes=1-3", "if-range", tag);

    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("\"a\"");
    assertThat(part.headers().firstValue("content-range")).contains("bytes 1-3/7");
    assertThat(get("/data.json", "range", "bytes=1-3", "if-range", "\"old\"").statusCode())
        .isEqualTo(200);
    var beyond = get("/data.json", "range", "bytes=7-");
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.headers().firstValue("content-range")).contains("bytes */7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../passwd",
        "/docs/../../passwd",
        "/%2e%2e/passwd",
        "/docs/%2e%2e/%2e%2e/passwd",
        "/..%2fpasswd",
        "/..%5cpasswd",
        "/..\\passwd",
        "//passwd",
        "/%2fetc%2fpasswd",
        "/%c0%ae%c0%ae/passwd",
        "/%252e%252e/passwd",
        "/data.json%00.html",
        "/.secret",
        "/%2esecret",
        "http://h/../passwd",
        "/docs/..;/passwd",
      })
  void letsNobodyOut(String target) throws Exception {
    var reply = raw(target);

    assertThat(reply).matches("(?s)HTTP/1.1 (400|404) .*").doesNotContain("root");
  }

  @Test
  void passesNoLinkUnlessItMay() throws Exception {
    Files.createSymbolicLink(www.resolve("out"), outside.resolve("passwd"));
    Files.createSymbolicLink(www.resolve("up"), outside);

    assertThat(get("/out").statusCode()).isEqualTo(404);
    assertThat(get("/up/passwd").statusCode()).isEqualTo(404);
    assertThat(get("/list").body()).doesNotContain("\"out\"", "\"up\"");
    port = start(true);
    assertThat(get("/out").body()).isEqualTo("root");
    assertThat(get("/up/passwd").body()).isEqualTo("root");
  }

  @Test
  void isNotFooledByALinkThatComesAndGoes() throws Exception {
    var name = www.resolve("swap");
    Files.createDirectory(www.resolve("real"));
    Files.writeString(www.resolve("real/passwd"), "harmless");
    var swapping =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (!Thread.currentThread().isInterrupted()) {
                  Files.createSymbolicLink(name, outside);
                  Files.delete(name);
                  Files.move(www.resolve("real"), name);
                  Files.move(name, www.resolve("real"));
                }
              } catch (IOException failed) {
                throw new AssertionError(failed);
              }
            });

    try {
      for (int i = 0; i < 300; i++) {
        assertThat(get("/swap/passwd").body()).doesNotContain("root");
      }
    } finally {
      swapping.interrupt();
      swapping.join();
    }
  }

  @Test
  void namesWhatIsInAFolderButNotWhatIsHidden() throws Exception {
    var reply = get("/list");

    assertThat(reply.headers().firstValue("content-type")).contains("application/json");
    assertThat(reply.body())
        .startsWith("[{\"name\":\"data.json\",\"type\":\"file\",\"size\":7,\"modified\":\"")
        .contains("{\"name\":\"docs\",\"type\":\"directory\"")
        .doesNotContain("secret");
  }

  @Test
  void changesNothing() throws Exception {
    for (var method : List.of("PUT", "POST", "DELETE")) {
      var request = to("/data.json").method(method, HttpRequest.BodyPublishers.ofString("x"));
      var reply = client.send(request.build(), BodyHandlers.ofString());

      assertThat(reply.statusCode()).isEqualTo(405);
      assertThat(reply.headers().firstValue("allow")).contains("GET, HEAD");
    }
  }

  @ParameterizedTest
  @EnumSource
  void streamsALargeFileWithItsLength(HttpClient.Version version) throws Exception {
    var content = large();

    var reply = client.send(to("/large.bin").version(version).build(), BodyHandlers.ofByteArray());
    var part =
        client.send(
            to("/large.bin").version(version).header("range", "bytes=100000-5000000").build(),
            BodyHandlers.ofByteArray());

    assertThat(reply.body()).isEqualTo(content);
    assertThat(reply.headers().firstValue("content-length")).contains("" + content.length);
    assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(content, 100_000, 5_000_001));
  }

  @Test
  void holdsNoWorkerForWhoDoesNotRead() throws Exception {
    large();
    var idle = new Socket[20];
    for (int i = 0; i < idle.length; i++) {
      idle[i] = new Socket();
      idle[i].setReceiveBufferSize(4096);
      idle[i].connect(new java.net.InetSocketAddress("127.0.0.1", port));
      idle[i]
          .getOutputStream()
          .write("GET /large.bin HTTP/1.1\r\nhost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    assertThat(get("/data.json").statusCode()).isEqualTo(200);

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(((ThreadPoolExecutor) workers).getActiveCount()).isZero());
    for (var socket : idle) {
      socket.close();
    }
    assertThat(get("/data.json").statusCode()).isEqualTo(200);
  }

  private byte[] large() throws IOException {
    var content = new byte[8 << 20];
    new Random(1).nextBytes(content);
    Files.write(www.resolve("large.bin"), content);
    return content;
  }
}
