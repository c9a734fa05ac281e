package io.tidegate.edge;

import io.tidegate.guard.Guard;
import io.tidegate.guard.Guards;
import io.tidegate.guard.Verdict;
import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.tidegate.http.Session;
import io.tidegate.plan.Guarded;
import io.tidegate.plan.HttpService.Authorization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets a listener's guard judge each caller once, and says what a caller is told for whom no route
/// was found.
final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  /// A caller, judged.
  sealed interface Caller {
    /// There is no guard.
    record Unasked() implements Caller {}

    record Unknown() implements Caller {}

    record Refused() implements Caller {}

    record Known(Session session) implements Caller {}
  }

  private static final Caller UNASKED = new Caller.Unasked();
  private static final Caller UNKNOWN = new Caller.Unknown();
  private static final Caller REFUSED = new Caller.Refused();

  private final Optional<Credentials> credentials;
  private final Optional<Guard> guard;

  Gate(Optional<Authorization> authorization, Guards guards) {
    this.credentials = authorization.map(Credentials::new);
    this.guard = authorization.flatMap(where -> guards.find(where.guard()));
  }

  Caller judge(Request request, AccessLog log) {
    if (credentials.isEmpty()) {
      return UNASKED;
    }
    var shown = credentials.get().of(request);
    if (shown.isEmpty()) {
      return UNKNOWN;
    }
    if (guard.isEmpty()) {
      return REFUSED;
    }
    return switch (guard.get().judge(shown.get())) {
      case Verdict.Accepted(var session) -> new Caller.Known(session);
      case Verdict.Rejected(var reason) -> {
        LOG.atInfo()
            .addKeyValue("guard", guard.get().name())
            .addKeyValue("request", request.id())
            .addKeyValue("remote", request.remote())
            .addKeyValue("reason", reason)
            .log("credentials were rejected");
        log.rejected(request, guard.get(), reason);
        yield REFUSED;
      }
    };
  }

  static Request admit(Request request, Caller caller) {
    return caller instanceof Caller.Known(var session)
        ? request.withSessions(both(request.sessions(), session))
        : request;
  }

  /// What the connection proved, and what the request did.
  private static Map<String, Session> both(Map<String, Session> proved, Session session) {
    if (proved.isEmpty()) {
      return Map.of(session.guard(), session);
    }
    var all = new HashMap<>(proved);
    all.put(session.guard(), session);
    return all;
  }

  static boolean accepts(List<Guarded> guarded, Request request) {
    return accepts(guarded, request.sessions());
  }

  /// All of these guards know the caller, with all of these roles.
  static boolean accepts(List<Guarded> guarded, Map<String, Session> sessions) {
    for (var demand : guarded) {
      var session = sessions.get(demand.guard());
      if (session == null || !session.roles().containsAll(demand.roles())) {
        return false;
      }
    }
    return true;
  }

  /// @param forbidden a route would have matched, had its guards accepted the caller
  Problem noRoute(Caller caller, boolean forbidden) {
    return switch (caller) {
      case Caller.Unknown() ->
          Problem.of(401, "credentials_missing", "this needs credentials")
              .with("www-authenticate", credentials.map(Credentials::challenge).orElse("Bearer"));
      case Caller.Refused() ->
          Problem.of(403, "credentials_rejected", "these credentials are not accepted");
      case Caller.Known(var _) when forbidden ->
          Problem.of(403, "forbidden", "the caller lacks a role that is needed here");
      case Caller.Known(var _) -> notFound();
      case Caller.Unasked() -> notFound();
    };
  }

  private static Problem notFound() {
    return Problem.of(404, "not_found", "nothing is here");
  }
}
