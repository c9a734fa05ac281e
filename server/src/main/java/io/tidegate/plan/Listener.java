package io.tidegate.plan;

import java.util.List;
import java.util.Optional;

/// One folded chain of server bindings: sockets and what is spoken on them.
///
/// @param name `namespace:binding` of the `tcp` binding; the identity across reloads
/// @param proxied a load balancer in front says who calls, by the PROXY protocol
/// @param tls what is spoken is inside TLS
public record Listener(
    String name,
    String host,
    List<Integer> ports,
    boolean proxied,
    Optional<TlsServer> tls,
    Service service) {
  public Listener {
    ports = List.copyOf(ports);
  }

  /// In clear text.
  public Listener(String name, String host, List<Integer> ports, Service service) {
    this(name, host, ports, false, Optional.empty(), service);
  }

  /// What a listener speaks.
  public sealed interface Service {

    /// HTTP/1.1 and HTTP/2.
    record Http(HttpService http) implements Service {}

    /// Every byte goes back as it came.
    record Echo() implements Service {}
  }
}
