package io.tidegate.edge;

import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.TlsClient;
import io.tidegate.vault.ClientTls;
import io.tidegate.vault.Watched;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http1ClientConfig;
import io.vertx.core.http.Http2ClientConfig;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Connections to one other server: a bounded pool, bounded waits, no redirects followed.
///
/// Used on event loops; what it calls back, it calls on the loop of the caller.
final class OutboundClient {
  static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
  private static final int HTTP1_CONNECTIONS = 256;
  private static final int HTTP2_CONNECTIONS = 4;
  private static final int WAITING = 1024;
  private static final int WEB_SOCKETS = 10_000;
  private static final Duration AGREEMENT = Duration.ofSeconds(15);
  private static final int LONGEST_LINE = 16 << 10;
  private static final int LARGEST_HEAD = 64 << 10;

  /// Whom to connect to, and how.
  record Target(String host, int port, Optional<TlsClient> tls, Set<Version> versions) {}

  private final Target target;
  private final HttpClient client;
  private final WebSocketClient sockets;
  private final Optional<Watched<ClientTls>> material;
  private final String name;
  private @Nullable ClientTls shown;
  private @Nullable ClientSSLOptions ssl;

  OutboundClient(Vertx vertx, Target target, Optional<Watched<ClientTls>> material) {
    this.target = target;
    this.material = material;
    this.name = target.tls().flatMap(TlsClient::serverName).orElse(target.host());
    this.sockets = vertx.createWebSocketClient(sockets());
    this.client =
        vertx
            .httpClientBuilder()
            .with(config(target))
            .with(
                new PoolOptions()
                    .setHttp1MaxSize(HTTP1_CONNECTIONS)
                    .setHttp2MaxSize(HTTP2_CONNECTIONS)
                    .setMaxWaitQueueSize(WAITING))
            .build();
  }

  private static WebSocketClientOptions sockets() {
    return new WebSocketClientOptions()
        .setMaxConnections(WEB_SOCKETS)
        .setMaxFrameSize(WebSockets.LARGEST_FRAME)
        .setMaxMessageSize(WebSockets.LARGEST_FRAME)
        .setConnectTimeout((int) CONNECT.toMillis());
  }

  private static HttpClientConfig config(Target target) {
    return new HttpClientConfig()
        .setConnectTimeout(CONNECT)
        .setSsl(target.tls().isPresent())
        .setVersions(versions(target))
        .setHttp1Config(
            new Http1ClientConfig()
                .setKeepAliveTimeout(KEEP_ALIVE)
                .setMaxInitialLineLength(LONGEST_LINE)
                .setMaxHeaderSize(LARGEST_HEAD))
        .setHttp2Config(
            new Http2ClientConfig().setKeepAliveTimeout(KEEP_ALIVE).setClearTextUpgrade(false));
  }

  /// In clear text nothing negotiates: HTTP/2 is spoken only where HTTP/1.1 is not offered.
  private static List<HttpVersion> versions(Target target) {
    boolean http1 = speaks(target, Version.HTTP_1_1, "http/1.1");
    boolean http2 = speaks(target, Version.HTTP_2, "h2");
    if (http2 && (target.tls().isPresent() || !http1)) {
      return http1
          ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)
          : List.of(HttpVersion.HTTP_2);
    }
    return List.of(HttpVersion.HTTP_1_1);
  }

  private static boolean speaks(Target target, Version version, String protocol) {
    var agreed = target.tls().map(TlsClient::protocols).orElse(List.of());
    return target.versions().contains(version) && (agreed.isEmpty() || agreed.contains(protocol));
  }

  /// The certificates as they are now; connections that are open stay as they are.
  private synchronized @Nullable ClientSSLOptions ssl() {
    if (material.isEmpty() || target.tls().isEmpty()) {
      return null;
    }
    var current = material.get().current();
    if (ssl == null || !current.equals(shown)) {
      shown = current;
      ssl = options(target.tls().get(), current);
    }
    return ssl;
  }

  private static ClientSSLOptions options(TlsClient plan, ClientTls material) {
    var options = new ClientSSLOptions();
    options
        .setHostnameVerificationAlgorithm("HTTPS")
        .setTrustOptions(TrustOptions.wrap(material.trust()))
        .setSslHandshakeTimeout(CONNECT.toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setEnabledSecureTransportProtocols(
            plan.versions().stream().map(Object::toString).collect(Collectors.toSet()));
    material.keys().ifPresent(keys -> options.setKeyCertOptions(KeyCertOptions.wrap(keys)));
    return options;
  }

  /// A WebSocket of the other server, once it has agreed.
  Future<WebSocket> webSocket(String uri, MultiMap headers, List<String> protocols) {
    return sockets.connect(
        new WebSocketConnectOptions()
            .setHost(target.host())
            .setPort(target.port())
            .setSsl(target.tls().isPresent())
            .setSslOptions(ssl())
            .setURI(uri)
            .setHeaders(headers)
            .setAllowOriginHeader(false)
            .setSubProtocols(protocols)
            .setTimeout(AGREEMENT.toMillis()));
  }

  /// A request whose head has not been sent yet.
  Future<HttpClientRequest> request(String method, String uri) {
    return client.request(
        new RequestOptions()
            .setServer(SocketAddress.inetSocketAddress(target.port(), target.host()))
            .setHost(name)
            .setPort(target.port())
            .setSsl(target.tls().isPresent())
            .setSslOptions(ssl())
            .setMethod(HttpMethod.valueOf(method))
            .setURI(uri)
            .setConnectTimeout(CONNECT.toMillis())
            .setFollowRedirects(false));
  }
}
