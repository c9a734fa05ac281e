package io.tidegate.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;

/// One request on a connection of its own: for making ready and looking, not for measuring load.
///
/// @param bodyBytes how long the body of the reply is
record Exchange(int status, long bodyBytes) {

  private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(10).toMillis();

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  static Exchange with(InetSocketAddress server, byte[] request) throws IOException {
    try (var socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(server, TIMEOUT_MILLIS);
      socket.getOutputStream().write(request);
      return read(socket);
    }
  }

  private static Exchange read(Socket socket) throws IOException {
    var reply = new ReplyParser();
    var bytes = new byte[8192];
    while (true) {
      var count = socket.getInputStream().read(bytes);
      if (count < 0 && !reply.closed()) {
        throw new EOFException("the server closed the connection before its reply was whole");
      }
      if (count < 0 || reply.parse(ByteBuffer.wrap(bytes, 0, count))) {
        return new Exchange(reply.status(), reply.bodyBytes());
      }
    }
  }
}
