package io.tidegate.receivers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A proxy that makes tunnels (`CONNECT`), to ports of this machine by the names it knows.
public final class ConnectProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private ConnectProxy() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("proxy").start(this::accept);
  }

  public static ConnectProxy start() {
    try {
      return new ConnectProxy();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /// Leads tunnels to that host to a port of this machine; all others are answered 502.
  public void leads(String host, int port) {
    ports.put(host, port);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /// The first lines of all requests.
  public List<String> asked() {
    return List.copyOf(asked);
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        var socket = listening.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var first = head(socket.getInputStream()).lines().findFirst().orElse("");
      asked.add(first);
      var host = first.replaceAll("^CONNECT (.*):[0-9]+ .*", "$1");
      var port = ports.get(host);
      if (port == null) {
        say(socket, "HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
        return;
      }
      try (var there = new Socket(InetAddress.getLoopbackAddress(), port)) {
        say(socket, "HTTP/1.1 200 Connection established\r\n\r\n");
        var back = Thread.ofVirtual().start(() -> pipe(there, socket));
        pipe(socket, there);
        back.join();
      }
    } catch (IOException _) {
      // one of the two has ended
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pipe(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      // one of the two has ended
    }
  }

  private static void say(Socket to, String text) throws IOException {
    to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        break;
      }
      head.append((char) c);
    }
    return head.toString();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
