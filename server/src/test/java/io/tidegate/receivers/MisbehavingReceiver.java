package io.tidegate.receivers;

import io.tidegate.http.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A receiver of webhooks that behaves as badly as it is told to, path by path, and remembers what
/// it was sent. Speaks HTTP/1.1 over plain sockets, so that it can break every rule.
///
///     var receiver = MisbehavingReceiver.start().on("/flaky", status(503), status(200));
///     ...
///     assertThat(receiver.seen("/flaky")).hasSize(2);
///
/// Any thread. Paths that were told nothing answer 204.
public final class MisbehavingReceiver implements AutoCloseable {
  private final Map<String, List<Behaviour>> behaviours = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile Behaviour otherwise = Behaviour.status(204);
  private volatile @Nullable SSLContext tls;
  private volatile boolean mutual;
  private volatile ServerSocket listening;
  private volatile Thread acceptor;
  private final int port;

  /// One request.
  ///
  /// @param connection counted from 1
  public record Seen(
      int connection, String method, String path, Headers headers, byte[] body, long nanos) {}

  private MisbehavingReceiver(@Nullable SSLContext tls) throws IOException {
    this.tls = tls;
    this.listening = listen(0);
    this.port = listening.getLocalPort();
    this.acceptor = accept(listening);
  }

  public static MisbehavingReceiver start() {
    return start(null);
  }

  /// One that speaks TLS.
  public static MisbehavingReceiver start(@Nullable SSLContext tls) {
    try {
      return new MisbehavingReceiver(tls);
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static ServerSocket listen(int port) throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    return socket;
  }

  /// Answers requests to that path like this, one after the other; the last goes on for ever.
  public MisbehavingReceiver on(String path, Behaviour... turn) {
    behaviours.put(path, List.of(turn));
    turns.put(path, new AtomicInteger());
    return this;
  }

  public MisbehavingReceiver otherwise(Behaviour behaviour) {
    otherwise = behaviour;
    return this;
  }

  /// Shows another certificate from now on, on new connections.
  public MisbehavingReceiver certificate(SSLContext changed) {
    tls = changed;
    return this;
  }

  /// Demands certificates from now on.
  public MisbehavingReceiver mutual() {
    mutual = true;
    return this;
  }

  public int port() {
    return port;
  }

  public String url(String path) {
    return (tls == null ? "http" : "https") + "://127.0.0.1:" + port + path;
  }

  /// All requests to that path, in order.
  public List<Seen> seen(String path) {
    return seen.stream().filter(it -> it.path().equals(path)).toList();
  }

  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  /// Connections that were ever accepted.
  public int accepted() {
    return accepted.get();
  }

  public int connections() {
    return open.size();
  }

  /// Connections are refused until `comeBack`; those that are open are cut off.
  public void goAway() throws IOException {
    listening.close();
    awaitAcceptor();
    cut();
  }

  /// Until then it may still take a connection.
  private void awaitAcceptor() {
    try {
      if (!acceptor.join(Duration.ofSeconds(10))) {
        throw new IllegalStateException("still accepts though it was closed");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  public void comeBack() throws IOException {
    listening = listen(port);
    acceptor = accept(listening);
  }

  /// Ends all connections, as a restart does.
  public void cut() throws IOException {
    for (var socket : new ArrayList<>(open)) {
      socket.close();
    }
  }

  private Thread accept(ServerSocket on) {
    return Thread.ofVirtual()
        .name("receiver-" + on.getLocalPort())
        .start(() -> {
          while (!on.isClosed()) {
            try {
              var socket = on.accept();
              int number = accepted.incrementAndGet();
              open.add(socket);
              Thread.ofVirtual()
                  .name("receiver-connection-" + number)
                  .start(() -> serve(socket, number));
            } catch (IOException closed) {
              return;
            }
          }
        });
  }

  private void serve(Socket raw, int number) {
    var socket = raw;
    try {
      raw.setTcpNoDelay(true);
      socket = secured(raw);
      var connection = new Conversation(socket, raw);
      for (var request = connection.next(); request != null; request = connection.next()) {
        seen.add(
            new Seen(
                number,
                request.method(),
                request.path(),
                request.headers(),
                request.body(),
                System.nanoTime()));
        behaviour(request.path()).answer(request, connection);
      }
    } catch (IOException _) {
      // the other side is gone, or we wanted it so
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(raw);
      close(socket);
      close(raw);
    }
  }

  private Socket secured(Socket raw) throws IOException {
    var context = tls;
    if (context == null) {
      return raw;
    }
    var socket = (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", port, true);
    socket.setUseClientMode(false);
    socket.setNeedClientAuth(mutual);
    socket.startHandshake();
    return socket;
  }

  private Behaviour behaviour(String path) {
    var told = behaviours.get(path);
    if (told == null) {
      return otherwise;
    }
    var turn = turns.get(path);
    int number = turn == null ? 0 : turn.getAndIncrement();
    return told.get(Math.min(number, told.size() - 1));
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // it is closed then
    }
  }

  @Override
  public void close() {
    try {
      goAway();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
