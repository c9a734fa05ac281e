package io.tidegate.edge;

import io.tidegate.http.Request;
import io.tidegate.plan.HttpService.Exit;
import java.util.Map;

/// Another HTTP server to which a route leads.
final class Upstream {
  private final Exit.Proxy exit;
  private final OutboundClient client;

  Upstream(Exit.Proxy exit, OutboundClient client) {
    this.exit = exit;
    this.client = client;
  }

  void answer(Exchange exchange, Request request) {
    var forced =
        exit.headers().isEmpty() ? request : Overrides.apply(exit.headers(), request, Map.of());
    new Relay(exchange, forced, client).start();
  }
}
