package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.Listener;
import io.tidegate.plan.TlsServer;
import io.tidegate.vault.Certificates;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What one HTTP/2 connection can do to us, in clear text and inside TLS.
class Http2LimitsIT {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GO_AWAY = 7;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int REFUSED_STREAM = 7;
  private static final int ENHANCE_YOUR_CALM = 11;

  @TempDir Path folder;

  private final Edge edge =
      Edge.open(
          EdgeLimits.defaults()
              .with(
                  new EdgeLimits.Waits(
                      Duration.ofSeconds(1),
                      Duration.ofSeconds(5),
                      Duration.ofSeconds(2),
                      Duration.ofSeconds(5),
                      Duration.ofSeconds(5)))
              .with(new EdgeLimits.Counts(100, 20, 50, 1000)),
          1);

  @AfterEach
  void close() {
    edge.close();
  }

  /// One that never answers.
  private Socket connect(boolean secure) throws IOException {
    var backends = Backends.of(_ -> _ -> (_, _) -> {});
    var service = TestServices.answering(Set.of(Version.values()));
    var tls = secure ? Optional.of(tls()) : Optional.<TlsServer>empty();
    var listener = new Listener("demo:tcp", "127.0.0.1", List.of(0), false, tls, service);
    int port = HttpListener.start(edge, listener, backends).ports().getFirst();
    if (!secure) {
      return greet(new Socket("127.0.0.1", port));
    }
    var socket =
        (SSLSocket) Certificates.client(null).getSocketFactory().createSocket("127.0.0.1", port);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
    return greet(socket);
  }

  private TlsServer tls() {
    return new TlsServer(
        "demo:tls",
        Set.of(TlsServer.Version.values()),
        Certificates.keys(folder.resolve("keys.p12"), "localhost"),
        Optional.empty(),
        false,
        TlsServer.ClientCertificate.NONE,
        List.of(),
        List.of("h2", "http/1.1"),
        Optional.empty(),
        List.of(new TlsServer.Route(List.of(), List.of())));
  }

  private static Socket greet(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    send(socket, frame(SETTINGS, 0, 0, new byte[0]));
    return socket;
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    var out = new ByteArrayOutputStream();
    out.write(payload.length >> 16);
    out.write(payload.length >> 8);
    out.write(payload.length);
    out.write(type);
    out.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.write(stream >> shift);
    }
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /// `GET /` of a host named `a`, by the static table.
  private static byte[] get(boolean secure) {
    return new byte[] {(byte) 0x82, (byte) (secure ? 0x87 : 0x86), (byte) 0x84, 0x41, 1, 'a'};
  }

  private static void send(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /// Sends until the other side has had enough.
  private interface Flood {
    void go(Socket socket) throws IOException;
  }

  private static void flood(Socket socket, Flood flood) {
    try {
      flood.go(socket);
    } catch (IOException closed) {
      assertThat(closed).isInstanceOfAny(SocketException.class, IOException.class);
    }
  }

  /// The error code of the first frame of that type, or -1 when the connection ends before.
  private static int code(Socket socket, int wanted) throws IOException {
    try {
      var in = new DataInputStream(socket.getInputStream());
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        in.readUnsignedByte();
        in.readInt();
        var payload = in.readNBytes(length);
        if (type == wanted) {
          return payload[type == GO_AWAY ? 7 : 3];
        }
      }
    } catch (EOFException | SocketException | javax.net.ssl.SSLException ended) {
      return -1;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void streamsThatAreResetAtOnceEndTheConnection(boolean secure) throws Exception {
    try (var socket = connect(secure)) {
      flood(
          socket,
          it -> {
            for (int stream = 1; stream < 400; stream += 2) {
              send(it, frame(HEADERS, END_HEADERS | END_STREAM, stream, get(secure)));
              send(it, frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
            }
          });

      assertThat(code(socket, GO_AWAY)).isIn(ENHANCE_YOUR_CALM, -1);
      assertThat(code(socket, DATA)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHeadInEndlessPiecesEndsTheConnection(boolean secure) throws Exception {
    try (var socket = connect(secure)) {
      flood(
          socket,
          it -> {
            send(it, frame(HEADERS, END_STREAM, 1, get(secure)));
            for (int i = 0; i < 2000; i++) {
              send(it, frame(CONTINUATION, 0, 1, new byte[0]));
            }
          });

      assertThat(code(socket, GO_AWAY)).isIn(ENHANCE_YOUR_CALM, -1);
      assertThat(code(socket, DATA)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void moreStreamsThanAllowedAreRefused(boolean secure) throws Exception {
    try (var socket = connect(secure)) {
      for (int stream = 1; stream <= 41; stream += 2) {
        send(socket, frame(HEADERS, END_HEADERS | END_STREAM, stream, get(secure)));
      }

      assertThat(code(socket, RST_STREAM)).isEqualTo(REFUSED_STREAM);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHeadThatNeverEndsIsNotWaitedForLong(boolean secure) throws Exception {
    try (var socket = connect(secure)) {
      send(socket, frame(HEADERS, END_STREAM, 1, get(secure)));

      assertThat(code(socket, DATA)).isEqualTo(-1);
    }
  }
}
