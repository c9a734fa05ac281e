package io.tidegate.plan;

import io.tidegate.plan.HttpService.Version;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An `http client` binding and what is behind it, for requests whose target is named by what is
/// sent and not by the file.
///
/// @param name `namespace:binding` of the http client
/// @param fixed where every connection goes, when the tcp client says so
/// @param tls how `https` is spoken; empty: such targets are refused
/// @param headers forced on every request
/// @param authorization the guard that gives credentials, and the header that carries them
/// @param proxy the server that makes the connections for us
public record OutboundHttp(
    String name,
    Optional<Fixed> fixed,
    Optional<TlsClient> tls,
    Set<Version> versions,
    List<HeaderTemplate> headers,
    Optional<Authorization> authorization,
    Addresses addresses,
    Optional<ProxyServer> proxy) {
  public OutboundHttp {
    versions = Set.copyOf(versions);
    headers = List.copyOf(headers);
  }

  /// True when the file leaves open who gets the credentials.
  boolean wouldGiveAway() {
    return authorization.isPresent() && fixed.isEmpty();
  }

  /// @param host a name or an address; one of those in `addresses.allow`, since the file names it
  public record Fixed(String host, int port) {}

  /// @param guard `namespace:guard`
  /// @param header in lower case
  /// @param pattern holds `{credentials}`
  public record Authorization(String guard, String header, String pattern) {}

  /// Which addresses may be connected to. Those that are not public are refused unless allowed.
  ///
  /// @param allow networks such as `10.0.0.0/8` and names such as `*.internal.example`
  /// @param deny the same; wins over `allow`
  public record Addresses(List<String> allow, List<String> deny) {
    public static final Addresses PUBLIC = new Addresses(List.of(), List.of());

    public Addresses {
      allow = List.copyOf(allow);
      deny = List.copyOf(deny);
    }
  }

  /// A proxy that is asked by `CONNECT` for https and by absolute URLs for http.
  public record ProxyServer(String host, int port) {}
}
