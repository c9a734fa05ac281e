package io.tidegate.edge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/// Answers 413 when it has seen the head of a request, and does not read on.
final class EarlyReceiver implements AutoCloseable {
  private final ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  private final CountDownLatch closed = new CountDownLatch(1);

  EarlyReceiver() throws IOException {
    Thread.ofVirtual().start(this::serve);
  }

  String url() {
    return "http://127.0.0.1:" + listening.getLocalPort() + "/";
  }

  private void serve() {
    try (var socket = listening.accept()) {
      var head = socket.getInputStream().readNBytes(100);
      if (head.length > 0) {
        socket
            .getOutputStream()
            .write(
                "HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
      }
      closed.await();
    } catch (IOException | InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listening.close();
  }
}
