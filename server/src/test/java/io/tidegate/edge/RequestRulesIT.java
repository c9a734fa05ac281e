package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Router;
import io.tidegate.model.Model;
import io.tidegate.model.ModelSpec;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.HttpService.AccessControl;
import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.HttpService.HttpRoute;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.KafkaMapping;
import io.tidegate.plan.Listener;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.RequestCheck;
import io.tidegate.plan.RequestCheck.ReplyCheck;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestRulesIT {
  private static final Model NUMBER =
      Model.of(
          new ModelSpec.Numeric(
              ModelSpec.NumberType.INT32, false, ModelSpec.Range.ALL, Optional.empty()));
  private static final Model ITEM =
      Model.of(
          new ModelSpec.Json(
              List.of(
                  "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"}},\"required\":[\"id\"]}")));
  private static final RequestCheck POST =
      new RequestCheck(
          Pattern.of("/items/{n}"),
          Optional.of("POST"),
          List.of("application/json"),
          Map.of("x-n", NUMBER),
          Map.of("n", NUMBER),
          Map.of("q", NUMBER),
          Optional.of(ITEM),
          List.of());
  private static final RequestCheck GET =
      new RequestCheck(
          Pattern.of("/*"),
          Optional.of("GET"),
          List.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Optional.empty(),
          List.of(
              new ReplyCheck(
                  List.of(200),
                  List.of("application/json"),
                  Map.of("x-n", NUMBER),
                  Optional.of(ITEM))));

  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);
  private final HttpClient client = HttpClient.newHttpClient();
  private final Queue<Request> received = new ConcurrentLinkedQueue<>();
  private Router behind =
      _ ->
          (request, responder) -> {
            received.add(request);
            responder.reply(new Reply(200, Headers.NONE, Bytes.utf8("ok")));
          };

  @AfterEach
  void close() {
    client.shutdownNow();
    edge.close();
  }

  private int start(Exit exit, RequestCheck... checks) {
    var service =
        new HttpService(
            "demo:http",
            Set.of(Version.values()),
            new AccessControl.SameOrigin(),
            Optional.empty(),
            List.of(new HttpRoute(List.of(), List.of(), List.of(), exit)),
            List.of(checks));
    return HttpListener.start(
            edge,
            new Listener("demo:tcp", "127.0.0.1", List.of(0), new Listener.Service.Http(service)),
            Backends.of(_ -> behind))
        .ports()
        .getFirst();
  }

  private Exit house() {
    return new Exit.Topics(new KafkaMapping("demo:map", List.of()));
  }

  private Exit proxy(RequestCheck... checks) {
    int port = HttpListener.start(edge, "demo:up", "127.0.0.1", 0, behind).ports().getFirst();
    return new Exit.Proxy(
        "demo:out",
        "localhost",
        port,
        Optional.empty(),
        Set.of(Version.HTTP_1_1),
        List.of(),
        List.of(checks),
        false);
  }

  private HttpResponse<String> post(int port, String path, String body, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void judgesHeadersParametersAndBody() throws Exception {
    int port = start(house(), POST);
    var json = "application/json; charset=utf-8";

    assertThat(post(port, "/items/1?q=2", "{\"id\":1}", "content-type", json, "x-n", "3").body())
        .isEqualTo("ok");
    assertThat(post(port, "/items/x", "{\"id\":1}", "content-type", json).body())
        .contains("\"invalid_request\"", "path parameter 'n' does not fit: it is not int32");
    assertThat(post(port, "/items/1?q=x", "{\"id\":1}", "content-type", json).body())
        .contains("query parameter 'q'");
    assertThat(post(port, "/items/1", "{\"id\":1}", "content-type", json, "x-n", "x").body())
        .contains("header 'x-n'");
    assertThat(post(port, "/items/1", "{\"id\":1}", "content-type", "text/plain").body())
        .contains("\"invalid_content_type\"");
    var unfit = post(port, "/items/1", "{\"id\":\"secret\"}", "content-type", json);
    assertThat(unfit.statusCode()).isEqualTo(400);
    assertThat(unfit.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(unfit.body())
        .contains("\"invalid_content\"", "/id breaks the rule 'type'")
        .doesNotContain("secret");
    assertThat(received).hasSize(1);
  }

  @Test
  void judgesALargeBodyAndOneThatIsNotThere() throws Exception {
    int port = start(house(), POST);
    var large = "{\"id\":1,\"text\":\"" + "x".repeat(200_000) + "\"}";

    assertThat(post(port, "/items/1", large, "content-type", "application/json").statusCode())
        .isEqualTo(200);
    assertThat(post(port, "/items/1", large + "]", "content-type", "application/json").statusCode())
        .isEqualTo(400);
    assertThat(post(port, "/items/1", "", "content-type", "application/json").statusCode())
        .isEqualTo(400);
  }

  @Test
  void letsOtherPathsAndMethodsAlone() throws Exception {
    int port = start(house(), POST);

    assertThat(post(port, "/other", "anything").statusCode()).isEqualTo(200);
  }

  @Test
  void sendsAJudgedBodyOnAndEchoesIt() throws Exception {
    int proxied = start(proxy(POST));
    int echoed = start(new Exit.Echo(), POST);
    for (int port : List.of(proxied, echoed)) {
      assertThat(
              post(port, "/items/1", "{\"id\":\"x\"}", "content-type", "application/json")
                  .statusCode())
          .isEqualTo(400);
      assertThat(
              post(port, "/items/1", "{\"id\":1}", "content-type", "application/json").statusCode())
          .isEqualTo(200);
    }

    assertThat(received).hasSize(1);
    assertThat(received.element().body().utf8()).isEqualTo("{\"id\":1}");
  }

  private void replies(String body, String... headers) {
    behind =
        _ ->
            (_, responder) ->
                responder.reply(new Reply(200, Headers.of(headers), Bytes.utf8(body)));
  }

  private String raw(int port) throws Exception {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              "GET /a HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      var all = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(all);
      return all.toString(StandardCharsets.US_ASCII);
    }
  }

  @ParameterizedTest
  @EnumSource
  void passesAReplyThatFits(HttpClient.Version version) throws Exception {
    replies("{\"id\":1}", "content-type", "application/json", "x-n", "1");
    int port = start(proxy(GET));
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/a")).version(version);

    assertThat(client.send(request.build(), BodyHandlers.ofString()).body())
        .isEqualTo("{\"id\":1}");
  }

  @Test
  void breaksOffAReplyWhoseBodyDoesNotFitAndShowsNothingOfIt() throws Exception {
    replies("{\"id\":\"secret\"}", "content-type", "application/json");

    assertThat(raw(start(proxy(), GET)))
        .startsWith("HTTP/1.1 200 ")
        .contains("content-length: 15")
        .endsWith("\r\n\r\n");
  }

  @Test
  void breaksOffAReplyThatIsTooLargeToBeJudged() throws Exception {
    replies("{\"id\":1,\"t\":\"" + "x".repeat(2 << 20) + "\"}", "content-type", "application/json");

    assertThat(raw(start(proxy(), GET))).endsWith("\r\n\r\n");
  }

  @Test
  void answersForAReplyWhoseHeadDoesNotFit() throws Exception {
    replies("{\"id\":1}", "content-type", "application/json", "x-n", "x");

    assertThat(raw(start(proxy(), GET))).startsWith("HTTP/1.1 502 ").contains("invalid_reply");
  }

  @Test
  void letsRepliesOfOtherTypesAlone() throws Exception {
    replies("not json", "content-type", "text/plain");

    assertThat(raw(start(proxy(), GET))).endsWith("not json");
  }
}
