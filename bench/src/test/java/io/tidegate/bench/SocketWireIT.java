package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SocketWireIT {

  private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
  private static final String LAST =
      "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";

  private final ServerSocket listener = listen();
  private final AtomicInteger accepted = new AtomicInteger();

  @Test
  void keepsItsConnections() throws IOException {
    serve(OK, Integer.MAX_VALUE);

    var tally = load(4);

    assertThat(tally.count()).isPositive();
    assertThat(tally.failures()).isZero();
    assertThat(tally.unfinished()).isZero();
    assertThat(accepted).hasValue(4);
  }

  @Test
  void opensAnewWhatTheServerClosesInAnOrderlyWay() throws IOException {
    serve(LAST, 1);

    var tally = load(4);

    assertThat(tally.count()).isPositive();
    assertThat(tally.failures()).isZero();
    assertThat(accepted.get()).isGreaterThan(4);
  }

  @Test
  void countsConnectionsThatBreakWithinAReply() throws IOException {
    serve(OK.substring(0, 30), 1);

    var tally = load(4);

    assertThat(tally.count()).isZero();
    assertThat(tally.failures()).isPositive();
  }

  @Test
  void countsWhatIsNotHttp() throws IOException {
    serve("220 smtp.example ESMTP\r\n", Integer.MAX_VALUE);

    var tally = load(2);

    assertThat(tally.count()).isZero();
    assertThat(tally.failures()).isPositive();
  }

  @Test
  void countsReplyAfterReplyWithoutRequestAsBroken() throws IOException {
    serve(OK + OK, Integer.MAX_VALUE);

    var tally = load(2);

    assertThat(tally.count()).isZero();
    assertThat(tally.failures()).isPositive();
  }

  @Test
  void refusesToStartWithoutAServer() throws IOException {
    listener.close();

    assertThatThrownBy(() -> load(1)).isInstanceOf(IOException.class);
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
  }

  private Tally load(int connections) throws IOException {
    var server = (InetSocketAddress) listener.getLocalSocketAddress();
    try (var wire = SocketWire.open(server, Requests.event(), connections)) {
      var span = Span.of(System.nanoTime(), Duration.ofMillis(50), Duration.ofSeconds(1));
      return new Load(wire, new Pace.Closed(), span).run();
    }
  }

  private void serve(String reply, int times) {
    Thread.ofVirtual()
        .start(() -> {
          while (!listener.isClosed()) {
            try {
              var socket = listener.accept();
              accepted.incrementAndGet();
              Thread.ofVirtual().start(() -> answer(socket, reply, times));
            } catch (IOException _) {
              return;
            }
          }
        });
  }

  private static void answer(Socket socket, String reply, int times) {
    try (socket) {
      for (var time = 0; time < times; time++) {
        if (socket.getInputStream().readNBytes(Requests.event().length).length == 0) {
          return;
        }
        socket.getOutputStream().write(reply.getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException _) {
      // The other end has gone, as it may.
    }
  }

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
