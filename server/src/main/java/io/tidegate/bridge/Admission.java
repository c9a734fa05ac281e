package io.tidegate.bridge;

import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.tidegate.plan.Guarded;
import java.util.List;
import java.util.Set;

/// Who may take a route, and what those are told who may not.
final class Admission {
  private Admission() {}

  /// All of these guards know the caller, with all of these roles.
  static boolean admits(List<Guarded> demands, Request request) {
    for (var demand : demands) {
      var session = request.sessions().get(demand.guard());
      if (session == null || !session.roles().containsAll(demand.roles())) {
        return false;
      }
    }
    return true;
  }

  /// One of these guards does not know the caller at all.
  static boolean lacksSession(List<Guarded> demands, Request request) {
    for (var demand : demands) {
      if (!request.sessions().containsKey(demand.guard())) {
        return true;
      }
    }
    return false;
  }

  static Problem unauthenticated() {
    return Problem.of(401, "credentials_missing", "This needs credentials.")
        .with("www-authenticate", "Bearer");
  }

  static Problem forbidden() {
    return Problem.of(403, "forbidden", "The caller lacks a role that is needed here.");
  }

  static Problem notFound() {
    return Problem.of(404, "no_such_route", "Nothing is served at this path.");
  }

  static Problem notAllowed(String method, Set<String> allowed) {
    return Problem.of(405, "method_not_allowed", "This path does not take " + method + ".")
        .with("allow", String.join(", ", allowed));
  }
}
