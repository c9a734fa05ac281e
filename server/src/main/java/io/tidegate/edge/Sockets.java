package io.tidegate.edge;

import io.tidegate.plan.Listener;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server sockets of a listener: for each port one socket, and on each event loop a server that
/// takes its share of the connections.
final class Sockets {
  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
  private static final long OPEN_SECONDS = 20;
  private static final long CLOSE_SECONDS = 5;

  /// A server on one event loop.
  ///
  /// @param listen gives the port
  /// @param shutdown ends at the latest after the time given
  record Server(
      Function<SocketAddress, Future<Integer>> listen, Function<Duration, Future<Void>> shutdown) {}

  private final Edge edge;
  private final Listener listener;
  private final Entrance entrance;
  private final Supplier<Server> servers;
  private final List<Server> open = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();

  Sockets(Edge edge, Listener listener, Entrance entrance, Supplier<Server> servers) {
    this.edge = edge;
    this.entrance = entrance;
    this.listener = listener;
    this.servers = servers;
  }

  synchronized void open() {
    try {
      var contexts = contexts();
      for (int port : listener.ports()) {
        edge.ports().claim(listener.host(), port, listener.name());
        ports.add(port);
        var address = address(port);
        for (var context : contexts) {
          int actual = listen(context, address);
          ports.set(ports.size() - 1, actual);
        }
      }
    } catch (RuntimeException failed) {
      close(Duration.ZERO);
      throw failed;
    }
  }

  private SocketAddress address(int port) {
    return port == 0
        ? SocketAddress.sharedRandomPort(edge.ports().anyFree(), listener.host())
        : SocketAddress.inetSocketAddress(port, listener.host());
  }

  private List<Context> contexts() {
    var contexts = new ArrayList<Context>();
    for (int i = 0; i < edge.loopCount(); i++) {
      contexts.add(((VertxInternal) edge.vertx()).createEventLoopContext());
    }
    return contexts;
  }

  private int listen(Context context, SocketAddress address) {
    var server = servers.get();
    var listening = Promise.<Integer>promise();
    context.runOnContext(
        _ -> entrance.around(() -> server.listen.apply(address)).onComplete(listening));
    try {
      int port = Edge.await(listening.future(), OPEN_SECONDS);
      open.add(server);
      return port;
    } catch (ExecutionException failed) {
      throw Ports.failure(address, listener.name(), failed.getCause());
    } catch (TimeoutException late) {
      throw Ports.failure(address, listener.name(), late);
    }
  }

  synchronized List<Integer> ports() {
    return List.copyOf(ports);
  }

  synchronized void close(Duration limit) {
    var closing = open.stream().map(server -> server.shutdown.apply(limit)).toList();
    try {
      Edge.await(Future.join(closing), limit.toSeconds() + CLOSE_SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      LOG.atWarn()
          .addKeyValue("listener", listener.name())
          .setCause(failed)
          .log("its sockets did not close in time");
    }
    open.clear();
    listener.ports().forEach(port -> edge.ports().release(listener.host(), port, listener.name()));
    ports.clear();
    entrance.close();
  }
}
