package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputIT {
  private static Edge edge;
  private static int port;

  @BeforeAll
  static void start() {
    edge = Edge.open(EdgeLimits.defaults(), 1);
    port =
        HttpListener.start(
                edge,
                "demo:in",
                "127.0.0.1",
                0,
                _ ->
                    (request, responder) ->
                        responder.reply(new Reply(200, Headers.NONE, request.body())))
            .ports()
            .getFirst();
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  static Stream<Arguments> badRequests() {
    return Stream.of(
        bad("no request at all", "BAD\r\n\r\n", 400),
        bad("no host", "GET / HTTP/1.1\r\n\r\n", 400),
        bad("two hosts", "GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        bad("a host that is none", "GET / HTTP/1.1\r\nhost: a/b\r\n\r\n", 400),
        bad("a port that is none", "GET / HTTP/1.1\r\nhost: a:b\r\n\r\n", 400),
        bad("no version", "GET /\r\nhost: a\r\n\r\n", 400),
        bad("another protocol", "GET / FOO/1.1\r\nhost: a\r\n\r\n", 400),
        bad("a version of the past", "GET / HTTP/0.9\r\nhost: a\r\n\r\n", 505),
        bad("a version of the future", "GET / HTTP/3.0\r\nhost: a\r\n\r\n", 505),
        bad("a blank in the target", "GET /a b HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        bad("a control in the target", "GET /a\u0001 HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        bad("raw bytes in the target", "GET /\u00fc HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        bad("a fragment in the target", "GET /a#b HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        bad("a relative target", "GET a/b HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        bad("escapes that are no UTF-8", "GET /%ff%fe HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        bad("an escaped control", "GET /a%00b HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        bad("half an escape", "GET /a%2 HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        bad("a blank before the colon", "GET / HTTP/1.1\r\nhost: a\r\nx : 1\r\n\r\n", 400),
        bad("a NUL in a value", "GET / HTTP/1.1\r\nhost: a\r\nx: a\u0000b\r\n\r\n", 400),
        bad("a bare CR in a value", "GET / HTTP/1.1\r\nhost: a\r\nx: a\rb\r\n\r\n", 400),
        bad("a value that is no UTF-8", "GET / HTTP/1.1\r\nhost: a\r\nx: \u00ff\r\n\r\n", 400),
        bad("bare line feeds", "GET / HTTP/1.1\nhost: a\n\n", 400),
        bad(
            "two lengths",
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
            400),
        bad("no number", "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\na", 400),
        bad("less than nothing", "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n", 400),
        bad(
            "a length and chunks",
            "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n"
                + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            400),
        bad(
            "chunks in HTTP/1.0",
            "POST / HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            400),
        bad(
            "an unknown coding",
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\n",
            501),
        bad(
            "a coding around chunks",
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            501),
        bad(
            "chunks that are none",
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n\r\n",
            400),
        bad(
            "a chunk without an end",
            "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n",
            400),
        bad("an unknown expectation", "GET / HTTP/1.1\r\nhost: a\r\nexpect: tea\r\n\r\n", 417),
        bad("CONNECT", "CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\n", 400),
        bad("a star for GET", "GET * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 400),
        bad("a long line", "GET /" + "a".repeat(9000) + " HTTP/1.1\r\nhost: a\r\n\r\n", 414),
        bad(
            "large headers",
            "GET / HTTP/1.1\r\nhost: a\r\n" + ("x: " + "y".repeat(1000) + "\r\n").repeat(40),
            431));
  }

  private static Arguments bad(String what, String sent, int status) {
    return Arguments.of(what, sent, status);
  }

  @ParameterizedTest(name = "{0} is {2}")
  @MethodSource("badRequests")
  void whatIsNoRequestIsRefusedAndTheConnectionClosed(String what, String sent, int status)
      throws Exception {
    try (var raw = new RawClient(port)) {
      var reply = raw.send(sent).all();

      assertThat(RawClient.status(reply)).as(reply).isEqualTo(status);
      assertThat(reply.toLowerCase())
          .contains("connection: close")
          .contains("content-type: application/problem+json")
          .contains("{\"status\":" + status)
          .doesNotContain("exception", "<reset>");
    }
  }

  @Test
  void aRefusalIsNotLostWhenMoreInputFollows() throws Exception {
    try (var raw = new RawClient(port)) {
      raw.send("GET /" + "a".repeat(9000) + " HTTP/1.1\r\nhost: a\r\n");
      raw.send("x: y\r\n".repeat(20_000));

      assertThat(raw.all()).startsWith("HTTP/1.1 414 ");
    }
  }

  @Test
  void absoluteTargetsNameTheirHostThemselves() throws Exception {
    try (var raw = new RawClient(port)) {
      raw.send("GET http://b:81/x HTTP/1.1\r\nhost: a\r\n\r\n");

      assertThat(raw.reply()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void theOldVersionIsServedAndClosed() throws Exception {
    try (var raw = new RawClient(port)) {
      raw.send("POST / HTTP/1.0\r\ncontent-length: 2\r\n\r\nhi");

      assertThat(raw.all()).startsWith("HTTP/1.0 200 ").endsWith("hi");
    }
  }

  @Test
  void serverWideOptionsAreAnswered() throws Exception {
    try (var raw = new RawClient(port)) {
      raw.send("OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n");

      assertThat(raw.reply()).startsWith("HTTP/1.1 204 ").contains("allow: ");
    }
  }

  @Test
  void anUpgradeToHttp2IsNotHeard() throws Exception {
    try (var raw = new RawClient(port)) {
      raw.send(
          "POST / HTTP/1.1\r\nhost: a\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n"
              + "http2-settings: AAMAAABkAAQCAAAAAAIAAAAA\r\ncontent-length: 2\r\n\r\nhi");

      assertThat(raw.reply()).startsWith("HTTP/1.1 200 ").endsWith("hi");
    }
  }

  @Test
  void aRequestInSmallPiecesIsOneRequest() throws Exception {
    try (var raw = new RawClient(port)) {
      for (byte b :
          "POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi"
              .getBytes(StandardCharsets.US_ASCII)) {
        raw.send(new byte[] {b});
      }

      assertThat(raw.reply()).startsWith("HTTP/1.1 200 ").endsWith("hi");
    }
  }
}
