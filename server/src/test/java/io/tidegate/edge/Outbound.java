package io.tidegate.edge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Call;
import io.tidegate.http.Client.Failure;
import io.tidegate.http.Client.Limits;
import io.tidegate.http.Headers;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.OutboundHttp;
import io.tidegate.plan.OutboundHttp.Addresses;
import io.tidegate.plan.TlsClient;
import io.tidegate.plan.TlsServer;
import io.tidegate.plan.VaultStore;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Plans and calls of outbound clients, as tests want them.
final class Outbound {
  static final Addresses LOCAL = new Addresses(List.of("127.0.0.0/8"), List.of());
  static final Limits LIMITS =
      new Limits(
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          1024);

  private Outbound() {}

  /// Short only where a time limit is what ends the call, so that a busy machine meets no other.
  static Limits limits(Failure expected) {
    return switch (expected) {
      case FIRST_BYTE_TIMEOUT -> limits(Duration.ofMillis(300), Duration.ofSeconds(20));
      case TOTAL_TIMEOUT -> limits(Duration.ofSeconds(20), Duration.ofSeconds(2));
      default -> LIMITS;
    };
  }

  private static Limits limits(Duration firstByte, Duration total) {
    return new Limits(Duration.ofSeconds(5), LIMITS.tls(), firstByte, total, LIMITS.replyBytes());
  }

  static OutboundHttp plan(Addresses addresses) {
    return new OutboundHttp(
        "demo:west_http_client",
        Optional.empty(),
        Optional.empty(),
        Set.of(Version.HTTP_1_1),
        List.of(),
        Optional.empty(),
        addresses,
        Optional.empty());
  }

  static OutboundHttp plan() {
    return plan(LOCAL);
  }

  static OutboundHttp with(OutboundHttp plan, TlsClient tls, Version... versions) {
    return new OutboundHttp(
        plan.name(),
        plan.fixed(),
        Optional.of(tls),
        Set.of(versions),
        plan.headers(),
        plan.authorization(),
        plan.addresses(),
        plan.proxy());
  }

  static OutboundHttp speaking(OutboundHttp plan, Version... versions) {
    return new OutboundHttp(
        plan.name(),
        plan.fixed(),
        plan.tls(),
        Set.of(versions),
        plan.headers(),
        plan.authorization(),
        plan.addresses(),
        plan.proxy());
  }

  static OutboundHttp fixed(OutboundHttp plan, int port) {
    return new OutboundHttp(
        plan.name(),
        Optional.of(new OutboundHttp.Fixed("127.0.0.1", port)),
        plan.tls(),
        plan.versions(),
        plan.headers(),
        plan.authorization(),
        plan.addresses(),
        plan.proxy());
  }

  static OutboundHttp proxied(OutboundHttp plan, int port) {
    return new OutboundHttp(
        plan.name(),
        plan.fixed(),
        plan.tls(),
        plan.versions(),
        plan.headers(),
        plan.authorization(),
        plan.addresses(),
        Optional.of(new OutboundHttp.ProxyServer("127.0.0.1", port)));
  }

  static OutboundHttp forcing(OutboundHttp plan, HeaderTemplate... headers) {
    return new OutboundHttp(
        plan.name(),
        plan.fixed(),
        plan.tls(),
        plan.versions(),
        List.of(headers),
        plan.authorization(),
        plan.addresses(),
        plan.proxy());
  }

  static TlsClient tls(Optional<VaultStore> trust, Optional<VaultStore> keys) {
    return new TlsClient(
        Set.of(TlsServer.Version.values()),
        trust,
        trust.isEmpty(),
        keys,
        Optional.empty(),
        List.of());
  }

  static Call call(String method, String url, Headers headers, String body) {
    var uri = URI.create(url);
    var host = uri.getHost().replaceAll("[\\[\\]]", "");
    int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new Call(
        method,
        new Call.Target(uri.getScheme(), host, port, path + query),
        headers,
        Bytes.utf8(body));
  }

  static Call post(String url, String body) {
    return call("POST", url, Headers.NONE, body);
  }

  static Call get(String url) {
    return call("GET", url, Headers.NONE, "");
  }
}
