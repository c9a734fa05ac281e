package io.tidegate.admin;

import io.tidegate.admin.OutboxRouter.Route;
import io.tidegate.admin.OutboxRouter.Scope;
import java.util.ArrayList;
import java.util.List;

/// What can be asked about what happened. Tenants see what is theirs.
final class LedgerRoutes {
  private static final String OF_DESTINATION = "/tenants/{}/destinations/{}/attempts";

  private LedgerRoutes() {}

  /// These behind others.
  static List<Route> and(Route... others) {
    var routes = new ArrayList<>(List.of(others));
    routes.add(Route.of("GET", "/events", Scope.TENANTS, EventsApi::list));
    routes.add(Route.of("GET", "/events/{}", Scope.TENANTS, EventsApi::read));
    routes.add(Route.of("GET", "/events/{}/raw", Scope.TENANTS, EventsApi::raw));
    routes.add(Route.of("GET", "/attempts", Scope.TENANTS, AttemptsApi::list));
    routes.add(Route.of("GET", "/attempts/{}", Scope.TENANTS, AttemptsApi::read));
    routes.add(Route.of("GET", OF_DESTINATION, Scope.OWNER, AttemptsApi::listOfDestination));
    routes.add(
        Route.of("GET", OF_DESTINATION + "/{}", Scope.OWNER, AttemptsApi::readOfDestination));
    routes.add(Route.of("POST", "/retry", Scope.TENANTS, RetryApi::one));
    routes.add(Route.of("POST", "/retries", Scope.TENANTS, RetryApi::many));
    routes.add(Route.of("GET", "/metrics/events", Scope.TENANTS, MetricsApi::events));
    routes.add(Route.of("GET", "/metrics/attempts", Scope.TENANTS, MetricsApi::attempts));
    return List.copyOf(routes);
  }
}
