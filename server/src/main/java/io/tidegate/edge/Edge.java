package io.tidegate.edge;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.tidegate.vault.VaultWatch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.impl.transports.TransportInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The event loops that all sockets of the process share, with the limits that hold for all of them
/// together. Listeners and outbound clients are opened on it; it is closed last.
///
/// Any thread.
public final class Edge implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);
  private static final long CLOSE_SECONDS = 10;

  private final EdgeLimits limits;
  private final int loopCount;
  private final Vertx vertx;
  private final Doorkeeper doorkeeper;
  private final Quota bodies;
  private final OutboundClients clients;
  private final VaultWatch vaults = new VaultWatch();
  private final ExecutorService handshakes;
  private final Ports ports = new Ports();
  private final Tenures tenures = new Tenures();
  private final ConcurrentHashMap<EventLoop, Loop> loops = new ConcurrentHashMap<>();
  private final Set<OutboundCalls> clientsOfOthers = ConcurrentHashMap.newKeySet();

  private Edge(EdgeLimits limits, int loopCount) {
    this.limits = limits;
    this.loopCount = loopCount;
    this.bodies = new Quota(limits.sizes().bodies());
    this.doorkeeper = new Doorkeeper(limits, this::loop);
    this.vertx =
        Vertx.builder().with(options(loopCount)).withTransport(transport(doorkeeper)).build();
    this.handshakes =
        Executors.newFixedThreadPool(
            loopCount, Thread.ofPlatform().name("handshake-", 0).daemon().factory());
    this.clients = new OutboundClients(vertx, vaults);
  }

  /// One event loop per core.
  public static Edge open(EdgeLimits limits) {
    return open(limits, Runtime.getRuntime().availableProcessors());
  }

  public static Edge open(EdgeLimits limits, int loops) {
    return new Edge(limits, loops);
  }

  private static VertxOptions options(int loops) {
    return new VertxOptions()
        .setEventLoopPoolSize(loops)
        .setWorkerPoolSize(2)
        .setInternalBlockingPoolSize(2)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  /// The fastest transport there is, with the doorkeeper at every server socket.
  private static Transport transport(Doorkeeper doorkeeper) {
    var epoll = Transport.EPOLL;
    if (epoll != null && epoll.available()) {
      var guarded =
          new EpollTransport() {
            @Override
            public void configure(
                TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
              super.configure(config, domainSocket, bootstrap);
              attend(doorkeeper, bootstrap);
            }
          };
      return new TransportInternal("epoll", true, null, guarded);
    }
    var guarded =
        new NioTransport() {
          @Override
          public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(config, domainSocket, bootstrap);
            attend(doorkeeper, bootstrap);
          }
        };
    return new TransportInternal("nio", true, null, guarded);
  }

  private static void attend(Doorkeeper doorkeeper, ServerBootstrap bootstrap) {
    bootstrap.handler(doorkeeper);
    var entrance = Entrance.opening();
    if (entrance != null) {
      bootstrap.attr(Entrance.KEY, entrance);
    }
  }

  EdgeLimits limits() {
    return limits;
  }

  int loopCount() {
    return loopCount;
  }

  Vertx vertx() {
    return vertx;
  }

  VaultWatch vaults() {
    return vaults;
  }

  /// Where the arithmetic of handshakes is done, which would hold up a loop for milliseconds.
  Executor handshakes() {
    return handshakes;
  }

  OutboundClients clients() {
    return clients;
  }

  Tenures tenures() {
    return tenures;
  }

  Ports ports() {
    return ports;
  }

  /// Connections that are open now, of all listeners.
  public int connections() {
    return doorkeeper.inside();
  }

  private Loop loop(Channel channel) {
    return loop(channel.eventLoop());
  }

  private Loop loop(EventLoop on) {
    return loops.computeIfAbsent(on, eventLoop -> new Loop(eventLoop, limits, loopCount, bodies));
  }

  /// All event loops, always in the same order.
  List<Loop> loops() {
    var all = new ArrayList<Loop>();
    for (var executor : ((VertxInternal) vertx).nettyEventLoopGroup()) {
      all.add(loop((EventLoop) executor));
    }
    return all;
  }

  /// How sockets are made on these event loops.
  io.vertx.core.spi.transport.Transport sockets() {
    return ((VertxInternal) vertx).transport();
  }

  /// Waits, bounded, for something that an event loop does. Never call it on one.
  static <T> T await(Future<T> future, long seconds) throws ExecutionException, TimeoutException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new TimeoutException("interrupted");
    }
  }

  /// A client that uses the event loops is closed before them, lest somebody waits for ever.
  void uses(OutboundCalls client) {
    clientsOfOthers.add(client);
  }

  void usesNoMore(OutboundCalls client) {
    clientsOfOthers.remove(client);
  }

  @Override
  public void close() {
    clientsOfOthers.forEach(OutboundCalls::close);
    try {
      await(vertx.close(), CLOSE_SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      LOG.atWarn().setCause(failed).log("the event loops did not end in time");
    }
    handshakes.shutdownNow();
    vaults.close();
  }
}
