package io.tidegate.bridge;

import io.tidegate.base.Time;
import io.tidegate.http.Handler;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import io.tidegate.plan.Guarded;
import io.tidegate.plan.Pattern;
import io.tidegate.plan.StreamMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds which stream answers a request: the first branch of an `sse` binding whose guards accept
/// the caller and whose paths match, and in it the first route of which both are true. The query is
/// no part of the path.
///
/// Any thread.
public final class StreamsRouter implements Router {
  private static final Set<String> METHODS = new TreeSet<>(Set.of("GET", "HEAD", "OPTIONS"));

  private final List<Branch> branches;

  /// @param clusters by the names that the plan gives them
  /// @param challenges how long before its end a session of a guard is asked to be renewed
  public StreamsRouter(
      StreamMapping mapping,
      Function<String, Topics> clusters,
      LiveStreams live,
      Function<String, Optional<Duration>> challenges,
      Time time) {
    var made = new ArrayList<Branch>();
    for (var branch : mapping.branches()) {
      var routes = new ArrayList<Route>();
      for (var route : branch.routes()) {
        var topics = clusters.apply(route.cluster());
        var action = new StreamTopic(route, mapping.manner(), topics, live, challenges, time);
        routes.add(new Route(route.guarded(), route.paths(), action));
      }
      made.add(new Branch(branch.guarded(), branch.paths(), List.copyOf(routes)));
    }
    this.branches = List.copyOf(made);
  }

  private record Branch(List<Guarded> guarded, List<Pattern> paths, List<Route> routes) {}

  private record Route(List<Guarded> guarded, List<Pattern> paths, StreamTopic action) {}

  @Override
  public Handler route(Request head) {
    for (var branch : branches) {
      if (params(branch.paths, head.path()) != null && Admission.admits(branch.guarded, head)) {
        return route(head, branch);
      }
    }
    throw refusal(head, branches.stream().map(it -> new Demand(it.guarded, it.paths)).toList());
  }

  private static Handler route(Request head, Branch branch) {
    for (var route : branch.routes) {
      var params = params(route.paths, head.path());
      if (params != null && Admission.admits(route.guarded, head)) {
        return answer(head, route, params);
      }
    }
    throw refusal(
        head, branch.routes.stream().map(it -> new Demand(it.guarded, it.paths)).toList());
  }

  private static Handler answer(Request head, Route route, Map<String, String> params) {
    return switch (head.method()) {
      case "GET", "HEAD" -> new Chosen(route.action, params);
      case "OPTIONS" ->
          (_, responder) ->
              responder.reply(Reply.of(204, Headers.of("allow", String.join(", ", METHODS))));
      default -> throw Admission.notAllowed(head.method(), METHODS).refuse();
    };
  }

  private static @Nullable Map<String, String> params(List<Pattern> paths, String path) {
    for (var pattern : paths) {
      var params = pattern.match(path);
      if (params.isPresent()) {
        return params.get();
      }
    }
    return paths.isEmpty() ? Map.of() : null;
  }

  private record Demand(List<Guarded> guarded, List<Pattern> paths) {}

  /// Why nothing was found. The guards of whatever matches the path did not accept the caller.
  private static Problem.Refusal refusal(Request head, List<Demand> demands) {
    var matching = demands.stream().filter(it -> params(it.paths, head.path()) != null).toList();
    if (matching.isEmpty()) {
      return Admission.notFound().refuse();
    }
    return matching.stream().anyMatch(it -> Admission.lacksSession(it.guarded, head))
        ? Admission.unauthenticated().refuse()
        : Admission.forbidden().refuse();
  }

  /// A route chosen for one request.
  private record Chosen(StreamTopic action, Map<String, String> params) implements Handler {
    @Override
    public void handle(Request request, Responder responder) {
      action.handle(request, params, responder);
    }
  }
}
