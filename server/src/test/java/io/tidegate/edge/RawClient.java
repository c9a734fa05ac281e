package io.tidegate.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// A socket that says exactly what a test wants said, and hears what comes back.
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  private final Socket socket;

  RawClient(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
  }

  Socket socket() {
    return socket;
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /// Everything until the other side closes.
  String all() throws IOException {
    var out = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(out);
    } catch (SocketException reset) {
      out.writeBytes("<reset>".getBytes(StandardCharsets.ISO_8859_1));
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  /// One reply with a content-length, or a head alone.
  String reply() throws IOException {
    var in = socket.getInputStream();
    var head = head(in);
    int length = 0;
    for (var line : head.split("\r\n")) {
      if (line.toLowerCase().startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    return head + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  /// A head, with the blank line.
  String head() throws IOException {
    return head(socket.getInputStream());
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int c = in.read();
      if (c < 0) {
        return head + "<end>";
      }
      head.append((char) c);
    }
    return head.toString();
  }

  static int status(String reply) {
    return reply.startsWith("HTTP/1.") ? Integer.parseInt(reply.substring(9, 12)) : -1;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
