package io.tidegate.edge;

import io.tidegate.guard.Guard;
import io.tidegate.guard.Guards;
import io.tidegate.http.Request;
import io.tidegate.http.SessionWatch;
import io.tidegate.plan.HttpService.Exit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Another HTTP server to which a route leads.
final class Upstream {
  private final Exit.Proxy exit;
  private final OutboundClient client;
  private final Guards guards;
  private final RequestRules rules;

  Upstream(Exit.Proxy exit, OutboundClient client, Guards guards) {
    this.exit = exit;
    this.client = client;
    this.guards = guards;
    this.rules = new RequestRules(exit.checks());
  }

  RequestRules rules() {
    return rules;
  }

  /// @param rule what request and reply must look like; if it is about the body, the request has
  ///   all of it
  void answer(Exchange exchange, Request request, RequestRules.@Nullable Rule rule) {
    var forced =
        exit.headers().isEmpty() ? request : Overrides.apply(exit.headers(), request, Map.of());
    var session =
        exit.events()
            ? SessionWatch.of(
                request, exchange, guard -> guards.find(guard).flatMap(Guard::challenge))
            : null;
    new Relay(exchange, forced, client, rule, session).start();
  }
}
