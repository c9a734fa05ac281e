package io.tidegate.edge;

import io.tidegate.http.Request;
import io.tidegate.http.Router;
import io.tidegate.plan.Guarded;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.HttpService.HttpRoute;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The routes of a listener, ready to be walked. Immutable: a reload puts another in its place
/// while connections live on.
final class RouteTable {

  /// Who answers at the end of a route.
  sealed interface Destination {
    record ToRouter(Router router) implements Destination {}

    record ToEcho() implements Destination {}

    record ToUpstream(Upstream upstream) implements Destination {}

    record ToWebSocket(WebSockets sockets) implements Destination {}
  }

  /// The request as the route changed it, and where it goes.
  record Choice(Request request, Destination destination) {
    Choice with(Request other) {
      return new Choice(other, destination);
    }
  }

  private record Route(
      List<Guarded> guarded,
      Condition when,
      List<HeaderTemplate> overrides,
      Destination destination) {}

  private final List<Route> routes;
  private final Gate gate;
  private final OriginPolicy origins;
  private final RequestRules rules;
  private final Set<HttpService.Version> versions;

  RouteTable(HttpService service, Backends backends, OutboundClients clients) {
    this.routes = service.routes().stream().map(route -> route(route, backends, clients)).toList();
    this.gate = new Gate(service.authorization(), backends.guards());
    this.origins = new OriginPolicy(service.accessControl());
    this.versions = service.versions();
    this.rules = new RequestRules(service.checks());
  }

  private static Route route(HttpRoute route, Backends backends, OutboundClients clients) {
    var destination =
        switch (route.exit()) {
          case Exit.Echo() -> new Destination.ToEcho();
          case Exit.Proxy proxy ->
              new Destination.ToUpstream(new Upstream(proxy, clients.to(proxy), backends.guards()));
          case Exit.WebSockets(var service) ->
              new Destination.ToWebSocket(new WebSockets(service, clients));
          case Exit.Answered house -> new Destination.ToRouter(backends.routers().apply(house));
        };
    return new Route(route.guarded(), new Condition(route.when()), route.overrides(), destination);
  }

  OriginPolicy origins() {
    return origins;
  }

  Gate gate() {
    return gate;
  }

  RequestRules rules() {
    return rules;
  }

  boolean speaks(HttpService.Version version) {
    return versions.contains(version);
  }

  /// The first route whose guards accept the caller and whose conditions hold.
  Optional<Choice> choose(Request request) {
    for (var route : routes) {
      if (Gate.accepts(route.guarded, request)) {
        var params = route.when.match(request);
        if (params.isPresent()) {
          var changed =
              route.overrides.isEmpty()
                  ? request
                  : Overrides.apply(route.overrides, request, params.get());
          return Optional.of(new Choice(changed, route.destination));
        }
      }
    }
    return Optional.empty();
  }

  /// A guard alone stands between this request and a route.
  boolean forbidden(Request request) {
    return routes.stream()
        .anyMatch(route -> !route.guarded.isEmpty() && route.when.match(request).isPresent());
  }
}
