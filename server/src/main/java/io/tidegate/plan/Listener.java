package io.tidegate.plan;

import java.util.List;

/// One folded chain of server bindings: sockets and what is spoken on them.
///
/// @param name `namespace:binding` of the `tcp` binding; the identity across reloads
public record Listener(String name, String host, List<Integer> ports, Service service) {
  public Listener {
    ports = List.copyOf(ports);
  }

  /// What a listener speaks.
  public sealed interface Service {

    /// HTTP/1.1 and HTTP/2 in clear text.
    record Http(HttpService http) implements Service {}

    /// Every byte goes back as it came.
    record Echo() implements Service {}
  }
}
