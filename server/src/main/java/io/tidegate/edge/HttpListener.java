package io.tidegate.edge;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.tidegate.http.Problem;
import io.tidegate.http.Router;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.HttpService.AccessControl;
import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.HttpService.HttpRoute;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.KafkaMapping;
import io.tidegate.plan.Listener;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2ServerConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.WebSocketServerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A folded chain of server bindings that speaks HTTP: sockets on every event loop, and the routes
/// of all requests that come in through them.
///
///     socket → Peer → Dispatcher → (OriginPolicy, Gate, RouteTable) → Handler → Exchange → socket
///
/// `start`, `update`, `drain` and `close` may be called from any thread, but not on an event loop.
public final class HttpListener implements AutoCloseable {
  private static final int RESET_WINDOW_SECONDS = 30;
  private static final int CONNECTION_WINDOW = 1 << 20;

  private final Edge edge;
  private final Traffic traffic;
  private final Dispatcher dispatcher;
  private final Entrance entrance;
  private final Sockets sockets;
  private volatile Backends backends;

  private HttpListener(Edge edge, Listener listener, HttpService service, Backends backends) {
    this.edge = edge;
    this.backends = backends;
    this.traffic = new Traffic(backends, edge.tenures());
    this.dispatcher = new Dispatcher(new RouteTable(service, backends, edge.clients()));
    this.entrance = Entrance.open(edge, listener, backends.guards());
    this.sockets = new Sockets(edge, listener, entrance, () -> server(service));
  }

  /// Opens the listener's ports; fails with a `BindFailure` when one cannot be had.
  public static HttpListener start(Edge edge, Listener listener, Backends backends) {
    if (!(listener.service() instanceof Listener.Service.Http(var service))) {
      throw new IllegalArgumentException(listener.name() + " does not speak HTTP");
    }
    var started = new HttpListener(edge, listener, service, backends);
    started.sockets.open();
    return started;
  }

  /// A listener with one answerer for everything; a port of 0 takes a free one.
  public static HttpListener start(Edge edge, String name, String host, int port, Router router) {
    var everything =
        new HttpRoute(
            List.of(), List.of(), List.of(), new Exit.Topics(new KafkaMapping(name, List.of())));
    var service =
        new HttpService(
            name,
            Set.of(Version.values()),
            new AccessControl.SameOrigin(),
            Optional.empty(),
            List.of(everything));
    var listener = new Listener(name, host, List.of(port), new Listener.Service.Http(service));
    return start(edge, listener, Backends.of(_ -> router));
  }

  /// From the next request on, these routes hold, on connections that are open too. What belongs to
  /// the sockets (`versions` before the first byte) stays as it was.
  public void update(HttpService service) {
    update(service, backends);
  }

  /// The same, with other guards, answerers and observers.
  public void update(HttpService service, Backends behind) {
    backends = behind;
    traffic.swap(behind);
    dispatcher.swap(new RouteTable(service, behind, edge.clients()));
  }

  /// The same, with other certificates. Fails with a `VaultFault`, having changed nothing.
  public void update(Listener listener, Backends behind) {
    if (listener.service() instanceof Listener.Service.Http(var service)) {
      entrance.update(listener, behind.guards());
      update(service, behind);
    }
  }

  /// The ports that are listened on, in the order of the plan.
  public List<Integer> ports() {
    return sockets.ports();
  }

  /// Takes no more connections, lets requests in work end, and closes; at the latest after `limit`.
  public void drain(Duration limit) {
    traffic.close();
    sockets.close(limit);
  }

  /// Closes at once.
  @Override
  public void close() {
    drain(Duration.ZERO);
  }

  private Sockets.Server server(HttpService service) {
    var server =
        edge.vertx()
            .createHttpServer(config(service))
            .connectionHandler(HttpListener::connected)
            .invalidRequestHandler(HttpListener::invalid)
            .exceptionHandler(_ -> {}) // what strangers do to their connections is not our trouble
            .requestHandler(this::handle);
    return new Sockets.Server(
        address -> server.listen(address).map(_ -> server.actualPort()), server::shutdown);
  }

  private HttpServerConfig config(HttpService service) {
    var limits = edge.limits();
    var http2 =
        new Http2ServerConfig()
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(limits.counts().streams())
                    .setMaxHeaderListSize(limits.sizes().head()))
            .setConnectionWindowSize(CONNECTION_WINDOW)
            .setRstFloodMaxRstFramePerWindow(limits.counts().resets())
            .setRstFloodWindowDuration(Duration.ofSeconds(RESET_WINDOW_SECONDS));
    var config =
        new HttpServerConfig()
            .setVersions(
                service.versions().contains(Version.HTTP_2)
                    ? Set.of(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)
                    : Set.of(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1))
            .setStrictThreadMode(true)
            .setHttp1Config(StrictHttp1.config(limits.sizes()))
            .setHttp2Config(http2)
            .setWebSocketConfig(
                new WebSocketServerConfig()
                    .setMaxFrameSize(WebSockets.LARGEST_FRAME)
                    .setMaxMessageSize(WebSockets.LARGEST_FRAME)
                    .setUsePerFrameCompression(false)
                    .setUsePerMessageCompression(false));
    config.getTcpConfig().getTransportConfig().setSoKeepAlive(true);
    return config;
  }

  private static void connected(HttpConnection connection) {
    if (connection.protocolVersion() == HttpVersion.HTTP_2) {
      Peer.of(connection).http2();
    }
  }

  private void handle(HttpServerRequest wire) {
    dispatcher.dispatch(new Exchange(traffic, Peer.of(wire.connection()), wire));
  }

  /// The decoder gave up: what came is no HTTP, or too much of it.
  private static void invalid(HttpServerRequest wire) {
    var problem = problem(wire.decoderResult().cause());
    Peer.of(wire.connection()).inputUnread();
    wire.response()
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end(Buffer.buffer(problem.json()));
  }

  private static Problem problem(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ ->
          Problem.of(414, "request_line_too_long", "the request line is too long");
      case TooLongHttpHeaderException _ ->
          Problem.of(431, "header_too_large", "the header fields are too large");
      case TooLongFrameException _ -> Problem.of(413, "too_large", "that is too much");
      case StrictHttp1.UnspokenVersion _ ->
          Problem.of(505, "version_not_supported", "this version of HTTP is not spoken here");
      default -> Problem.of(400, "malformed", "this is not a well-formed HTTP request");
    };
  }
}
