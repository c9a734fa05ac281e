package io.tidegate.bridge;

import io.tidegate.base.Time;
import io.tidegate.http.Handler;
import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import io.tidegate.plan.KafkaMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds which route of an `http-kafka` binding answers a request: the first whose guards accept
/// the caller and one of whose `when` matches method and path. The query is no part of the path. A
/// HEAD goes where a GET goes.
///
/// Any thread.
public final class TopicsRouter implements Router {
  private static final int MOST_WAITING = 20_000;

  private final List<Candidate> candidates;

  /// @param clusters by the names that the plan gives them
  public TopicsRouter(KafkaMapping mapping, Function<String, Topics> clusters, Time time) {
    var room = new WaitingRoom(time, MOST_WAITING);
    var made = new ArrayList<Candidate>();
    for (var route : mapping.routes()) {
      var topics = clusters.apply(route.action().cluster());
      made.add(new Candidate(route, action(route.action(), topics, room, time)));
    }
    this.candidates = List.copyOf(made);
  }

  private static TopicAction action(
      KafkaMapping.Action action, Topics topics, WaitingRoom room, Time time) {
    return switch (action) {
      case KafkaMapping.Produce produce ->
          produce
              .correlation()
              .<TopicAction>map(reply -> new RequestReply(produce, reply, topics, room))
              .orElseGet(() -> new OneWay(produce, topics));
      case KafkaMapping.Fetch fetch ->
          fetch
              .merge()
              .<TopicAction>map(_ -> new FetchMany(fetch, topics, room, time))
              .orElseGet(() -> new FetchOne(fetch, topics, room));
    };
  }

  @Override
  public Handler route(Request head) {
    for (var candidate : candidates) {
      for (var when : candidate.clauses()) {
        if (!acceptsMethod(when, head.method())) {
          continue;
        }
        var params = params(when, head.path());
        if (params != null && candidate.admits(head)) {
          var limit = candidate.action.bodyLimit(head, params);
          return new Chosen(candidate.action, params, limit, candidate.storesAsGet(when));
        }
      }
    }
    throw refusal(head);
  }

  private static boolean acceptsMethod(KafkaMapping.When when, String method) {
    if (when.method().isEmpty()) {
      return true;
    }
    var wanted = when.method().get();
    return wanted.equals(method) || (wanted.equals("GET") && method.equals("HEAD"));
  }

  private static @Nullable Map<String, String> params(KafkaMapping.When when, String path) {
    return when.path().isEmpty() ? Map.of() : when.path().get().match(path).orElse(null);
  }

  /// Why no route was found. Off the path that is taken most: it may look at everything again.
  private Problem.Refusal refusal(Request head) {
    var allowed = new TreeSet<String>();
    var isForbidden = false;
    for (var candidate : candidates) {
      for (var when : candidate.clauses()) {
        if (params(when, head.path()) == null) {
          continue;
        }
        if (!acceptsMethod(when, head.method())) {
          when.method().filter(_ -> candidate.admits(head)).ifPresent(allowed::add);
        } else if (candidate.lacksSession(head)) {
          return Admission.unauthenticated().refuse();
        } else {
          isForbidden = true;
        }
      }
    }
    if (isForbidden) {
      return Admission.forbidden().refuse();
    }
    return (allowed.isEmpty() ? Admission.notFound() : notAllowed(head.method(), allowed)).refuse();
  }

  private static Problem notAllowed(String method, Set<String> allowed) {
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    return Admission.notAllowed(method, allowed);
  }

  private record Candidate(KafkaMapping.Route route, TopicAction action) {
    private static final List<KafkaMapping.When> ALWAYS =
        List.of(new KafkaMapping.When(Optional.empty(), Optional.empty()));

    List<KafkaMapping.When> clauses() {
      return route.when().isEmpty() ? ALWAYS : route.when();
    }

    /// A HEAD that gets in where GET is meant is a GET to whoever reads the record.
    boolean storesAsGet(KafkaMapping.When when) {
      return when.method().isPresent()
          && when.method().get().equals("GET")
          && route.action() instanceof KafkaMapping.Produce;
    }

    boolean admits(Request request) {
      return Admission.admits(route.guarded(), request);
    }

    boolean lacksSession(Request request) {
      return Admission.lacksSession(route.guarded(), request);
    }
  }

  /// A route chosen for one request, before its body is there.
  ///
  /// @param asGet a HEAD is handled as the GET that it stands for; the listener keeps the body
  private record Chosen(
      TopicAction action, Map<String, String> params, long bodyLimit, boolean asGet)
      implements Handler {

    @Override
    public void handle(Request request, Responder responder) {
      action.handle(asGet ? request.withMethod("GET") : request, params, responder);
    }
  }
}
