package io.tidegate.edge;

import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.TlsClient;
import io.tidegate.vault.ClientTls;
import io.tidegate.vault.VaultWatch;
import io.tidegate.vault.Watched;
import io.vertx.core.Vertx;
import java.util.concurrent.ConcurrentHashMap;

/// The outbound clients of the process. A reload that leaves a target alone finds its connections
/// again. Any thread; fails with a `VaultFault` when certificates cannot be had.
final class OutboundClients {
  private final Vertx vertx;
  private final VaultWatch vaults;
  private final ConcurrentHashMap<OutboundClient.Target, OutboundClient> byTarget =
      new ConcurrentHashMap<>();

  OutboundClients(Vertx vertx, VaultWatch vaults) {
    this.vertx = vertx;
    this.vaults = vaults;
  }

  OutboundClient to(Exit.Proxy exit) {
    var target = new OutboundClient.Target(exit.host(), exit.port(), exit.tls(), exit.versions());
    return byTarget.computeIfAbsent(
        target,
        wanted ->
            new OutboundClient(vertx, wanted, exit.tls().map(tls -> watch(exit.name(), tls))));
  }

  private Watched<ClientTls> watch(String name, TlsClient tls) {
    return vaults.watch(name, ClientTls.stores(tls), () -> ClientTls.load(tls));
  }
}
