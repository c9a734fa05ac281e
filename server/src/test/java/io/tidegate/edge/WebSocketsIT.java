package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.plan.HttpService;
import io.tidegate.plan.HttpService.AccessControl;
import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.HttpService.HeaderMatch;
import io.tidegate.plan.HttpService.HeaderPattern;
import io.tidegate.plan.HttpService.HttpRoute;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.Listener;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.WsService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketsIT {
  private final Edge edge = Edge.open(EdgeLimits.defaults(), 1);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.shutdownNow();
    edge.close();
  }

  /// `upgrade: websocket` goes to the service, everything else comes back as it is.
  private int start(WsService service) {
    var sockets =
        new HttpRoute(
            List.of(),
            List.of(
                new HeaderMatch(List.of(new HeaderPattern("upgrade", Pattern.of("websocket"))))),
            List.of(),
            new Exit.WebSockets(service));
    var open =
        new HttpRoute(
            List.of(),
            List.of(new HeaderMatch(List.of(new HeaderPattern(":path", Pattern.of("/always"))))),
            List.of(),
            new Exit.WebSockets(service));
    var rest = new HttpRoute(List.of(), List.of(), List.of(), new Exit.Echo());
    var http =
        new HttpService(
            "demo:http",
            Set.of(Version.values()),
            new AccessControl.SameOrigin(),
            Optional.empty(),
            List.of(sockets, open, rest));
    return HttpListener.start(
            edge,
            new Listener("demo:tcp", "127.0.0.1", List.of(0), new Listener.Service.Http(http)),
            Backends.of(_ -> {
              throw new IllegalStateException("no topics here");
            }))
        .ports()
        .getFirst();
  }

  private int echo() {
    return start(
        new WsService(
            "demo:ws",
            List.of(new WsService.Route(List.of(), List.of(), new WsService.Target.Echo()))));
  }

  private int relay(int port) {
    var server =
        new Exit.Proxy(
            "demo:out", "127.0.0.1", port, Optional.empty(), Set.of(Version.HTTP_1_1), List.of());
    return start(
        new WsService(
            "demo:ws",
            List.of(
                new WsService.Route(
                    List.of(), List.of(), new WsService.Target.Server(server, Optional.empty())))));
  }

  /// What one side hears.
  private static final class Heard implements WebSocket.Listener {
    final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<String> pongs = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        texts.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
      var piece = new byte[part.remaining()];
      part.get(piece);
      bytes.writeBytes(piece);
      if (last) {
        binaries.add(bytes.toByteArray());
        bytes.reset();
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      pongs.add(StandardCharsets.UTF_8.decode(message).toString());
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }

  private WebSocket open(int port, Heard heard, String... protocols) throws Exception {
    var builder = client.newWebSocketBuilder();
    if (protocols.length > 0) {
      builder.subprotocols(
          protocols[0], List.of(protocols).subList(1, protocols.length).toArray(String[]::new));
    }
    return builder
        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/chat?x=1"), heard)
        .get(20, TimeUnit.SECONDS);
  }

  private static void converse(WebSocket socket, Heard heard) throws Exception {
    socket.sendText("one", true).get(10, TimeUnit.SECONDS);
    assertThat(heard.texts.poll(10, TimeUnit.SECONDS)).isEqualTo("one");
    socket.sendText("tw", false).get(10, TimeUnit.SECONDS);
    socket.sendText("ö", true).get(10, TimeUnit.SECONDS);
    assertThat(heard.texts.poll(10, TimeUnit.SECONDS)).isEqualTo("twö");
    var large = new byte[200_000];
    java.util.Arrays.fill(large, (byte) 7);
    socket.sendBinary(ByteBuffer.wrap(large), true).get(10, TimeUnit.SECONDS);
    assertThat(java.util.Arrays.equals(heard.binaries.poll(10, TimeUnit.SECONDS), large)).isTrue();
    socket.sendPing(ByteBuffer.wrap("hey".getBytes())).get(10, TimeUnit.SECONDS);
    assertThat(heard.pongs.poll(10, TimeUnit.SECONDS)).isEqualTo("hey");
    socket.sendClose(4001, "enough").get(10, TimeUnit.SECONDS);
    assertThat(heard.closed.get(10, TimeUnit.SECONDS)).isEqualTo(4001);
  }

  @Test
  void framesComeBackAndCloseCodesToo() throws Exception {
    var heard = new Heard();

    converse(open(echo(), heard), heard);
  }

  @Test
  void framesGoToAnotherServerAndBack() throws Exception {
    var heard = new Heard();

    converse(open(relay(echo()), heard), heard);
  }

  @Test
  void manyFramesWaitForASlowReader() throws Exception {
    int port = relay(echo());
    var count = 400;
    var heard = new Heard();
    var socket = open(port, heard);
    var piece = new byte[50_000];

    for (int i = 0; i < count; i++) {
      socket.sendBinary(ByteBuffer.wrap(piece), true).get(10, TimeUnit.SECONDS);
    }

    for (int i = 0; i < count; i++) {
      assertThat(heard.binaries.poll(10, TimeUnit.SECONDS)).hasSize(piece.length);
    }
  }

  @Test
  void aProtocolIsAgreedOnWithWhoeverIsAtTheOtherEnd() throws Exception {
    assertThat(open(echo(), new Heard(), "b", "a").getSubprotocol()).isEqualTo("b");
    assertThat(open(relay(echo()), new Heard(), "b", "a").getSubprotocol()).isEqualTo("b");
    assertThat(open(echo(), new Heard()).getSubprotocol()).isEmpty();
  }

  @Test
  void aRouteIsChosenByTheProtocolThatIsOffered() throws Exception {
    var match =
        new WsService.Match(
            Optional.of("echo"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Pattern.of("/chat")));
    int port =
        start(
            new WsService(
                "demo:ws",
                List.of(
                    new WsService.Route(List.of(), List.of(match), new WsService.Target.Echo()))));

    assertThat(open(port, new Heard(), "a", "echo").getSubprotocol()).isEqualTo("echo");
    assertThatThrownBy(() -> open(port, new Heard(), "a"))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(404));
  }

  @Test
  void anotherServerThatIsAwayIs502() throws Exception {
    int free;
    try (var socket = new java.net.ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    int port = relay(free);

    assertThatThrownBy(() -> open(port, new Heard()))
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(502));
  }

  private static final String HANDSHAKE =
      "GET /always HTTP/1.1\r\nhost: a\r\nconnection: keep-alive, Upgrade\r\nupgrade: websocket\r\n";

  /// Its head alone: who is still sending when the socket is closed may not hear why.
  @Test
  void aFrameThatIsTooLargeClosesWith1009() throws Exception {
    var head = ByteBuffer.allocate(14).put((byte) 0x82).put((byte) 0xff);
    head.putLong(WebSockets.LARGEST_FRAME + 1L).putInt(0x01020304);

    assertThat(closedAfter(head.array())).isEqualTo(1009);
  }

  @Test
  void aFrameWithoutAMaskClosesWith1002() throws Exception {
    assertThat(closedAfter(new byte[] {(byte) 0x81, 1, 'x'})).isEqualTo(1002);
  }

  /// The code with which the other side closes.
  private int closedAfter(byte[] sent) throws Exception {
    try (var raw = new RawClient(echo())) {
      raw.send(
          HANDSHAKE
              + "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
      assertThat(raw.head()).startsWith("HTTP/1.1 101");

      raw.send(sent);

      var in = raw.socket().getInputStream();
      assertThat(in.read()).isEqualTo(0x88);
      assertThat(in.read()).isGreaterThanOrEqualTo(2);
      return in.read() << 8 | in.read();
    }
  }

  @Test
  void whatIsNoHandshakeIsRefused() throws Exception {
    assertThat(status(HANDSHAKE + "sec-websocket-version: 8\r\n\r\n")).isEqualTo(426);
    assertThat(status(HANDSHAKE + "sec-websocket-version: 13\r\n\r\n")).isEqualTo(400);
    assertThat(status("GET /always HTTP/1.1\r\nhost: a\r\n\r\n")).isEqualTo(426);
    assertThat(status("GET /always HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\n\r\n"))
        .isEqualTo(426);
    assertThat(
            status(
                HANDSHAKE.replace("GET", "POST")
                    + "sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\ncontent-length: 0\r\n\r\n"))
        .isEqualTo(400);
  }

  private int status(String request) throws IOException {
    try (var raw = new RawClient(echo())) {
      return RawClient.status(raw.send(request).reply());
    }
  }

  @Test
  void whoClosesWithoutAWordIsNotWaitedFor() throws Exception {
    var heard = new Heard();
    var upstream = echo();
    var socket = open(relay(upstream), heard);
    socket.sendText("x", true).get(10, TimeUnit.SECONDS);
    assertThat(heard.texts.poll(10, TimeUnit.SECONDS)).isEqualTo("x");

    socket.abort();

    org.awaitility.Awaitility.await().until(() -> edge.connections() == 0);
  }
}
