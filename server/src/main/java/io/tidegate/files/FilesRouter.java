package io.tidegate.files;

import io.tidegate.http.Handler;
import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import io.tidegate.plan.FileMapping;
import io.tidegate.plan.Guarded;
import io.tidegate.plan.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// Finds which route of an `http-filesystem` binding answers a request: the first whose guards
/// accept the caller and one of whose `when` matches. The query is no part of the path.
///
/// Routing happens on the event loop; disks are touched by the workers alone.
public final class FilesRouter implements Router {
  private static final List<FileMapping.When> ALWAYS =
      List.of(new FileMapping.When(Optional.empty(), Optional.empty()));

  private record Candidate(FileMapping.Route route, Folder folder) {}

  private final List<Candidate> candidates;
  private final Executor workers;

  /// @param workers a few threads, bounded: what is too much is refused
  public FilesRouter(FileMapping mapping, Executor workers) {
    var made = new ArrayList<Candidate>();
    mapping.routes().forEach(it -> made.add(new Candidate(it, Folder.of(it.folder()))));
    this.candidates = List.copyOf(made);
    this.workers = workers;
  }

  @Override
  public Handler route(Request head) {
    boolean isFound = false;
    boolean isForbidden = false;
    boolean isUnknown = false;
    for (var candidate : candidates) {
      var clauses = candidate.route.when().isEmpty() ? ALWAYS : candidate.route.when();
      for (var when : clauses) {
        var params = params(when, head.path());
        if (params == null) {
          continue;
        }
        isFound = true;
        if (!reads(when, head.method())) {
          continue;
        }
        if (admits(candidate.route.guarded(), head)) {
          return new Chosen(candidate, params);
        }
        isForbidden = true;
        isUnknown |= lacksSession(candidate.route.guarded(), head);
      }
    }
    throw refusal(head.method(), isFound, isForbidden, isUnknown).refuse();
  }

  private static @Nullable Map<String, String> params(FileMapping.When when, String path) {
    return when.path().isEmpty() ? Map.of() : when.path().get().match(path).orElse(null);
  }

  /// A HEAD goes where a GET goes.
  private static boolean reads(FileMapping.When when, String method) {
    return (method.equals("GET") || method.equals("HEAD"))
        && (when.method().isEmpty()
            || when.method().get().equals(method)
            || when.method().get().equals("GET"));
  }

  private static boolean admits(List<Guarded> demands, Request head) {
    return demands.stream()
        .allMatch(demand -> {
          var session = head.sessions().get(demand.guard());
          return session != null && session.roles().containsAll(demand.roles());
        });
  }

  private static boolean lacksSession(List<Guarded> demands, Request head) {
    return demands.stream().anyMatch(demand -> !head.sessions().containsKey(demand.guard()));
  }

  private static Problem refusal(
      String method, boolean isFound, boolean isForbidden, boolean isUnknown) {
    if (isUnknown) {
      return Problem.of(401, "credentials_missing", "This needs credentials.")
          .with("www-authenticate", "Bearer");
    }
    if (isForbidden) {
      return Problem.of(403, "forbidden", "The caller lacks a role that is needed here.");
    }
    return isFound
        ? Problem.of(405, "method_not_allowed", "This path does not take " + method + ".")
            .with("allow", "GET, HEAD")
        : Problem.of(404, "no_such_route", "Nothing is served at this path.");
  }

  /// A route chosen for one request.
  private final class Chosen implements Handler {
    private final Candidate candidate;
    private final Map<String, String> params;

    Chosen(Candidate candidate, Map<String, String> params) {
      this.candidate = candidate;
      this.params = params;
    }

    @Override
    public void handle(Request request, Responder responder) {
      var rendered = candidate.route.target().path().render(this::value);
      var path = SafePath.of(rendered).orElseThrow(() -> FileAnswer.notFound().refuse());
      var answer = new FileAnswer(candidate.folder, workers, request, responder);
      try {
        workers.execute(
            switch (candidate.route.target()) {
              case FileMapping.Target.File _ -> () -> answer.file(path);
              case FileMapping.Target.Listing _ -> () -> answer.listing(path);
            });
      } catch (RejectedExecutionException full) {
        throw Problem.of(503, "overloaded", "Too many files are being read just now.")
            .retryAfter(Duration.ofSeconds(1))
            .refuse();
      }
    }

    private Optional<String> value(Template.Part place) {
      return place instanceof Template.Part.Param(var name)
          ? Optional.ofNullable(params.get(name))
          : Optional.empty();
    }
  }
}
