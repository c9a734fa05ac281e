package io.tidegate.edge;

import io.tidegate.base.AddressRules;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.OutboundHttp;
import java.util.Optional;

/// How connections of one client are made.
///
/// @param engines empty: `https` is not spoken
record OutboundWay(
    Edge edge,
    OutboundHttp plan,
    AddressRules rules,
    Optional<TlsEngines> engines,
    Pooling pooling) {

  /// Whether what is spoken there could be HTTP/2, where many calls share a connection.
  boolean mayShare(Destination destination) {
    return destination.secure()
        ? engines.isPresent() && engines.get().offersHttp2()
        : priorKnowledge();
  }

  /// In clear text nothing negotiates: HTTP/2 is spoken only where HTTP/1.1 is not offered.
  boolean priorKnowledge() {
    return plan.versions().contains(Version.HTTP_2) && !plan.versions().contains(Version.HTTP_1_1);
  }

  /// Requests in clear text are given to a proxy as they are, with the whole URL.
  boolean asksProxy(Destination destination) {
    return plan.proxy().isPresent() && plan.fixed().isEmpty() && !destination.secure();
  }

  /// What is encrypted goes through a proxy without being seen.
  boolean tunnels(Destination destination) {
    return plan.proxy().isPresent() && plan.fixed().isEmpty() && destination.secure();
  }
}
