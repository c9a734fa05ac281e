package io.tidegate.admin;

import io.tidegate.admin.OutboxRouter.Route;
import io.tidegate.admin.OutboxRouter.Scope;
import java.util.List;
import java.util.stream.Stream;

/// What can be asked about what happened. Tenants see what is theirs.
final class LedgerRoutes {
  private static final String OF_DESTINATION = "/tenants/{}/destinations/{}/attempts";

  private LedgerRoutes() {}

  /// These behind others.
  static List<Route> and(Route... others) {
    return Stream.concat(Stream.of(others), own().map(Route::costly)).toList();
  }

  private static Stream<Route> own() {
    return Stream.of(
        Route.of("GET", "/events", Scope.TENANTS, EventsApi::list),
        Route.of("GET", "/events/{}", Scope.TENANTS, EventsApi::read),
        Route.of("GET", "/events/{}/raw", Scope.TENANTS, EventsApi::raw),
        Route.of("GET", "/attempts", Scope.TENANTS, AttemptsApi::list),
        Route.of("GET", "/attempts/{}", Scope.TENANTS, AttemptsApi::read),
        Route.of("GET", OF_DESTINATION, Scope.OWNER, AttemptsApi::listOfDestination),
        Route.of("GET", OF_DESTINATION + "/{}", Scope.OWNER, AttemptsApi::readOfDestination),
        Route.of("POST", "/retry", Scope.TENANTS, RetryApi::one),
        Route.of("POST", "/retries", Scope.TENANTS, RetryApi::many),
        Route.of("GET", "/metrics/events", Scope.TENANTS, MetricsApi::events),
        Route.of("GET", "/metrics/attempts", Scope.TENANTS, MetricsApi::attempts));
  }
}
