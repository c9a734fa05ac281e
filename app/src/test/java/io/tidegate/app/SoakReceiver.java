package io.tidegate.app;

import io.tidegate.app.DeliveryHistory.Item;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/// A receiver of webhooks over plain sockets that tells the witness of each, and fails now and
/// then: wrong statuses, no answer, resets, silence; or it is not there at all.
///
/// The body of a request is the number of the record; its URL is the key.
final class SoakReceiver implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Witness witness;
  private final Random random;
  private final double failing;
  private final int port;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private ServerSocket listener;
  private Thread acceptor;

  private enum Mood {
    ACCEPTS,
    REFUSES,
    BEGS_TO_WAIT,
    HANGS_UP,
    RESETS,
    IS_SILENT
  }

  /// @param failing share of requests that go wrong
  SoakReceiver(Witness witness, Random random, double failing) throws IOException {
    this.witness = witness;
    this.random = random;
    this.failing = failing;
    listen(0);
    this.port = listener.getLocalPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + "/" + path;
  }

  /// Goes away: nothing listens, and every connection is cut.
  synchronized void leave() throws IOException, InterruptedException {
    listener.close();
    acceptor.join(); // until then it may still take a connection
    for (var connection : connections) {
      connection.close();
    }
  }

  synchronized void comeBack() throws IOException {
    if (listener.isClosed()) {
      listen(port);
    }
  }

  private void listen(int at) throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 200);
    listener = socket;
    acceptor = Thread.startVirtualThread(() -> accept(socket));
  }

  private void accept(ServerSocket from) {
    try (from) {
      while (true) {
        var connection = from.accept();
        connections.add(connection);
        threads.execute(() -> serve(connection));
      }
    } catch (IOException closed) {
      // it went away
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      connection.setSoTimeout(PATIENCE_MILLIS);
      var in = new BufferedInputStream(connection.getInputStream(), 4096);
      while (answer(connection, in)) {
        continue;
      }
    } catch (IOException cut) {
      // by either side: the next attempt comes on another connection
    } finally {
      connections.remove(connection);
    }
  }

  /// @return whether the connection may go on
  private boolean answer(Socket connection, InputStream in) throws IOException {
    var start = line(in);
    if (start.isEmpty()) {
      return false;
    }
    var headers = new HashMap<String, String>();
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    var number = Integer.parseInt(new String(body, StandardCharsets.US_ASCII).strip());
    var item = new Item(url(start.split(" ", -1)[1].substring(1)), number);
    return answer(connection, witness.arrived(item, idOf(headers)));
  }

  private static String idOf(Map<String, String> headers) {
    return headers.getOrDefault("idempotency-key", "");
  }

  private boolean answer(Socket connection, Witness.Arrival arrival) throws IOException {
    switch (mood()) {
      case ACCEPTS -> {
        write(connection, arrival, chance(0.5) ? 200 : 202, "");
        return true;
      }
      case REFUSES -> write(connection, arrival, chance(0.8) ? 503 : 404, "");
      case BEGS_TO_WAIT -> write(connection, arrival, 429, "retry-after: 1\r\n");
      case HANGS_UP -> {
        return false;
      }
      case RESETS -> {
        connection.setSoLinger(true, 0);
        return false;
      }
      case IS_SILENT -> {
        var _ = connection.getInputStream().read(); // until the other side has had enough
        return false;
      }
    }
    return true;
  }

  private Mood mood() {
    if (!chance(failing)) {
      if (chance(0.05)) {
        LockSupport.parkNanos(1_000_000L * random.nextInt(200));
      }
      return Mood.ACCEPTS;
    }
    int dice = random.nextInt(100);
    if (dice < 50) {
      return Mood.REFUSES;
    }
    if (dice < 60) {
      return Mood.BEGS_TO_WAIT;
    }
    if (dice < 78) {
      return Mood.HANGS_UP;
    }
    return dice < 96 ? Mood.RESETS : Mood.IS_SILENT;
  }

  private boolean chance(double share) {
    return random.nextDouble() < share;
  }

  private static void write(Socket connection, Witness.Arrival arrival, int status, String headers)
      throws IOException {
    arrival.answers(status);
    var head = "HTTP/1.1 " + status + " So\r\n" + headers + "content-length: 2\r\n\r\nok";
    connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    leave();
    threads.close();
  }
}
