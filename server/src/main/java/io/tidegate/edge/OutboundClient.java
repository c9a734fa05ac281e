package io.tidegate.edge;

import io.tidegate.plan.HttpService.Version;
import io.vertx.core.Future;
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
import io.vertx.core.net.ClientSSLOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Connections to one other server: a bounded pool, bounded waits, no redirects followed.
///
/// Used on event loops; what it calls back, it calls on the loop of the caller.
final class OutboundClient {
  static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
  private static final int HTTP1_CONNECTIONS = 256;
  private static final int HTTP2_CONNECTIONS = 4;
  private static final int WAITING = 1024;
  private static final int LONGEST_LINE = 16 << 10;
  private static final int LARGEST_HEAD = 64 << 10;

  /// Whom to connect to, and how.
  record Target(String host, int port, boolean tls, Set<Version> versions) {}

  private final Target target;
  private final HttpClient client;

  OutboundClient(Vertx vertx, Target target) {
    this.target = target;
    this.client =
        vertx
            .httpClientBuilder()
            .with(config(target))
            .with(
                new PoolOptions()
                    .setHttp1MaxSize(HTTP1_CONNECTIONS)
                    .setHttp2MaxSize(HTTP2_CONNECTIONS)
                    .setMaxWaitQueueSize(WAITING))
            .with(new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS"))
            .build();
  }

  private static HttpClientConfig config(Target target) {
    return new HttpClientConfig()
        .setConnectTimeout(CONNECT)
        .setSsl(target.tls())
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
    boolean http1 = target.versions().contains(Version.HTTP_1_1);
    boolean http2 = target.versions().contains(Version.HTTP_2);
    if (http2 && (target.tls() || !http1)) {
      return http1
          ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)
          : List.of(HttpVersion.HTTP_2);
    }
    return List.of(HttpVersion.HTTP_1_1);
  }

  /// A request whose head has not been sent yet.
  Future<HttpClientRequest> request(String method, String uri) {
    return client.request(
        new RequestOptions()
            .setHost(target.host())
            .setPort(target.port())
            .setSsl(target.tls())
            .setMethod(HttpMethod.valueOf(method))
            .setURI(uri)
            .setConnectTimeout(CONNECT.toMillis())
            .setFollowRedirects(false));
  }
}
