package io.tidegate.edge;

import io.tidegate.plan.HttpService.Exit;
import io.vertx.core.Vertx;
import java.util.concurrent.ConcurrentHashMap;

/// The outbound clients of the process. A reload that leaves a target alone finds its connections
/// again. Any thread.
final class OutboundClients {
  private final Vertx vertx;
  private final ConcurrentHashMap<OutboundClient.Target, OutboundClient> byTarget =
      new ConcurrentHashMap<>();

  OutboundClients(Vertx vertx) {
    this.vertx = vertx;
  }

  OutboundClient to(Exit.Proxy exit) {
    var target = new OutboundClient.Target(exit.host(), exit.port(), exit.tls(), exit.versions());
    return byTarget.computeIfAbsent(target, wanted -> new OutboundClient(vertx, wanted));
  }
}
