package io.tidegate.admin;

import io.tidegate.http.Handler;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import io.tidegate.ledger.NotNow;
import io.tidegate.log.RecordLog.LogUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of `/api/v1/…` that Outpost's clients speak: tenants, destinations, topics, types,
/// publishing, and what happened (`LedgerRoutes`). For operators with their key, and for tenants
/// with a token of theirs, who reach what is theirs and nothing else. Judged by the head on the
/// event loop, answered on a virtual thread if answering may wait.
public final class OutboxRouter {
  private static final Logger LOG = LoggerFactory.getLogger(OutboxRouter.class);
  private static final String BASE = ApiRouter.BASE + "/";
  private static final String TENANT = "/tenants/{}";
  private static final String DESTINATION = "/tenants/{}/destinations/{}";
  private static final long LARGEST_EVENT = 2 << 20;
  private static final long LARGEST_BATCH = 8 << 20;

  /// Who may ask.
  enum Scope {
    EVERYBODY,
    OPERATOR,
    /// The operator, and the tenant that the path names.
    OWNER,
    /// The operator, and any tenant.
    TENANTS
  }

  /// One thing that can be asked for.
  ///
  /// @param path with `{}` where a name stands
  /// @param isCostly answers take so much time and memory that only few are made at a time
  record Route(
      String method, String path, Scope scope, long bodyLimit, boolean isCostly, Answer answer) {

    Route(String method, String path, Scope scope, long bodyLimit, Answer answer) {
      this(method, path, scope, bodyLimit, false, answer);
    }

    static Route of(String method, String path, Scope scope, Function<OutboxCall, Reply> answer) {
      return new Route(method, path, scope, ApiJson.BODY_LIMIT, waiting(answer));
    }

    Route costly() {
      return new Route(method, path, scope, bodyLimit, true, answer);
    }
  }

  /// Answers on the event loop, now or later; what waits goes to a worker.
  interface Answer {
    CompletableFuture<Reply> to(OutboxCall call, Executor workers);
  }

  private static Answer waiting(Function<OutboxCall, Reply> answer) {
    return (call, workers) -> CompletableFuture.supplyAsync(() -> answer.apply(call), workers);
  }

  /// Begun by a worker.
  static <T> CompletableFuture<T> by(Executor workers, Supplier<CompletableFuture<T>> answer) {
    return CompletableFuture.completedFuture(true).thenComposeAsync(_ -> answer.get(), workers);
  }

  static final List<Route> ROUTES =
      LedgerRoutes.and(
          Route.of("GET", "/healthz", Scope.EVERYBODY, OutboxPages::health),
          Route.of("GET", "/tenants", Scope.TENANTS, TenantsApi::list),
          Route.of("PUT", TENANT, Scope.OPERATOR, TenantsApi::upsert),
          Route.of("GET", TENANT, Scope.OWNER, TenantsApi::read),
          Route.of("DELETE", TENANT, Scope.OWNER, TenantsApi::delete),
          Route.of("GET", TENANT + "/token", Scope.OPERATOR, TenantsApi::token),
          Route.of("GET", TENANT + "/portal", Scope.OPERATOR, TenantsApi::portal),
          Route.of("GET", TENANT + "/destinations", Scope.OWNER, DestinationsApi::list),
          Route.of("POST", TENANT + "/destinations", Scope.OWNER, DestinationsApi::create),
          Route.of("GET", DESTINATION, Scope.OWNER, DestinationsApi::read),
          Route.of("PATCH", DESTINATION, Scope.OWNER, DestinationsApi::update),
          Route.of("DELETE", DESTINATION, Scope.OWNER, DestinationsApi::delete),
          Route.of("PUT", DESTINATION + "/enable", Scope.OWNER, DestinationsApi::enable),
          Route.of("PUT", DESTINATION + "/disable", Scope.OWNER, DestinationsApi::disable),
          Route.of("POST", DESTINATION + "/test", Scope.OWNER, TrialsApi::send),
          Route.of("GET", "/topics", Scope.TENANTS, OutboxPages::topics),
          Route.of("GET", "/destination-types", Scope.TENANTS, OutboxPages::types),
          Route.of("GET", "/destination-types/{}", Scope.TENANTS, OutboxPages::type),
          Route.of("GET", "/config", Scope.OPERATOR, OutboxPages::config),
          Route.of("GET", "/openapi.json", Scope.EVERYBODY, OpenApiDocument::read),
          Route.of("GET", "/sources", Scope.OPERATOR, SourcesApi::list),
          new Route("POST", "/publish", Scope.OPERATOR, LARGEST_EVENT, PublishApi::publish),
          new Route(
              "POST", "/publish/batch", Scope.OPERATOR, LARGEST_BATCH, waiting(PublishApi::batch)),
          new Route(
              "POST",
              "/publish/dry-run",
              Scope.OPERATOR,
              LARGEST_EVENT,
              waiting(PublishApi::dryRun)),
          Route.of("GET", DESTINATION + "/queue", Scope.OWNER, QueueApi::read),
          Route.of("GET", "/audit", Scope.OPERATOR, AuditApi::list),
          Route.of("GET", TENANT + "/audit", Scope.OPERATOR, AuditApi::listOfTenant));

  /// Nothing but a 404 for those who may ask.
  public static final OutboxRouter NONE =
      new OutboxRouter(
          new OperatorGate(new io.tidegate.base.Secret(""), java.util.Set.of()),
          Optional::empty,
          Runnable::run);

  private final Optional<OperatorGate> gate;
  private final Supplier<Optional<OutboxParts>> parts;
  private final Executor workers;
  private final Answers answers = new Answers(Answers.Bounds.USUAL);

  /// What this listener has, by the first segment of the path.
  private final Map<String, List<Place>> places;

  /// A route, and its path cut into segments.
  private record Place(Route route, List<String> segments) {
    Place(Route route) {
      this(route, OutboxRouter.segments(route.path()));
    }
  }

  /// @param parts nothing while there are no event destinations
  /// @param workers runs what may wait, each on a thread of its own
  public OutboxRouter(OperatorGate gate, Supplier<Optional<OutboxParts>> parts, Executor workers) {
    this(Optional.of(gate), parts, workers);
  }

  private OutboxRouter(
      Optional<OperatorGate> gate, Supplier<Optional<OutboxParts>> parts, Executor workers) {
    this.gate = gate;
    this.parts = parts;
    this.workers = workers;
    this.places =
        ROUTES.stream()
            .filter(route -> gate.isPresent() || isForTenants(route))
            .map(Place::new)
            .collect(Collectors.groupingBy(place -> place.segments().getFirst()));
  }

  /// For a listener that everybody reaches: what tenants may ask for, and nothing else. No key
  /// opens it. What browsers may do is for the listener to say; a token is never sent by itself, so
  /// pages of strangers cannot use it.
  public static Router forTenants(Supplier<Optional<OutboxParts>> parts, Executor workers) {
    var router = new OutboxRouter(Optional.empty(), parts, workers);
    return head -> {
      if (router.serves(head)) {
        return router.route(head);
      }
      var reply = OutpostJson.error(404, "not found");
      return (_, responder) -> responder.reply(reply);
    };
  }

  static boolean isForTenants(Route route) {
    return route.scope() == Scope.OWNER || route.scope() == Scope.TENANTS;
  }

  /// True when it is a request for this one.
  boolean serves(Request head) {
    var path = head.path();
    if (!path.startsWith(BASE) || parts.get().isEmpty()) {
      return false;
    }
    int end = path.indexOf('/', BASE.length());
    return places.containsKey(path.substring(BASE.length(), end < 0 ? path.length() : end));
  }

  /// Of a path that begins with a slash.
  private static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }

  /// What is refused here is refused in words that Outpost's clients read.
  Handler route(Request head) {
    try {
      return found(head);
    } catch (Problem.Refusal refusal) {
      var reply = OutpostJson.error(refusal.problem());
      return (_, responder) -> responder.reply(reply);
    }
  }

  private Handler found(Request head) {
    gate.ifPresent(each -> each.checkPlace(head));
    var present = parts.get().orElseThrow(OutboxCall::notFound);
    var method = head.method().equals("HEAD") ? "GET" : head.method();
    var path = segments(head.path().substring(ApiRouter.BASE.length()));
    var methods = new ArrayList<String>();
    for (var place : places.getOrDefault(path.getFirst(), List.of())) {
      var route = place.route();
      var names = match(place.segments(), path);
      if (names.isPresent()) {
        methods.add(route.method());
        if (route.method().equals(method)) {
          var caller = admit(route.scope(), names.get(), present, head);
          return answering(route, request -> new OutboxCall(present, request, names.get(), caller));
        }
      }
    }
    var caller = admit(Scope.TENANTS, List.of(), present, head);
    throw (methods.isEmpty() || caller.isPresent()
            ? Problem.of(404, "not_found", "not found")
            : Problem.of(405, "method_not_allowed", "only " + String.join(", ", methods))
                .with("allow", String.join(", ", methods)))
        .refuse();
  }

  private static Optional<List<String>> match(List<String> wanted, List<String> path) {
    var names = new ArrayList<String>();
    if (wanted.size() != path.size()) {
      return Optional.empty();
    }
    for (int i = 0; i < path.size(); i++) {
      if (wanted.get(i).equals("{}")) {
        names.add(OutboxCall.decoded(path.get(i).replace("+", "%2B")));
      } else if (!wanted.get(i).equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }

  /// Who asks: nobody for the operator.
  private Optional<String> admit(
      Scope scope, List<String> names, OutboxParts present, Request head) {
    checkReplayed(scope, present);
    if (scope == Scope.EVERYBODY || gate.filter(each -> each.isOperator(head)).isPresent()) {
      return Optional.empty();
    }
    var claims =
        OperatorGate.bearer(head)
            .flatMap(present.tokens()::verify)
            .filter(each -> isAlive(each, present))
            .orElseThrow(OutboxRouter::unauthorized);
    boolean may =
        switch (scope) {
          case EVERYBODY, TENANTS -> true;
          case OPERATOR -> false;
          case OWNER -> names.getFirst().equals(claims.tenant());
        };
    if (!may) {
      throw Problem.of(403, "forbidden", "forbidden").refuse();
    }
    return Optional.of(claims.tenant());
  }

  /// Before that nobody can tell who is there and who is not.
  private static void checkReplayed(Scope scope, OutboxParts present) {
    if ((scope == Scope.OWNER || scope == Scope.TENANTS)
        && !present.outbox().directory().isReplayed()) {
      throw Problem.of(503, "starting", "tenants and destinations are still being read").refuse();
    }
  }

  /// A token ends with the life of its tenant.
  private static boolean isAlive(TenantTokens.Claims claims, OutboxParts present) {
    return present
        .outbox()
        .directory()
        .tenant(claims.tenant())
        .map(tenant -> claims.life().map(life -> life == tenant.value().life()).orElse(true))
        .orElse(false);
  }

  private static Problem.Refusal unauthorized() {
    return Problem.of(
            401, "unauthorized", "the operator's key or a tenant's token is needed, as a bearer")
        .with("www-authenticate", "Bearer realm=\"tidegate\"")
        .refuse();
  }

  private Handler answering(Route route, Function<Request, OutboxCall> call) {
    return new Handler() {
      @Override
      public void handle(Request request, Responder responder) {
        var asked = call.apply(request);
        if (route.isCostly()) {
          var who = asked.tenant().orElse("");
          workers.execute(() -> answers.answer(who, () -> answer(route, asked).join(), responder));
        } else {
          var _ = answer(route, asked).thenAccept(responder::reply);
        }
      }

      @Override
      public long bodyLimit() {
        return route.bodyLimit();
      }
    };
  }

  private CompletableFuture<Reply> answer(Route route, OutboxCall call) {
    CompletableFuture<Reply> answer;
    try {
      answer = route.answer().to(call, workers);
    } catch (RuntimeException failed) {
      answer = CompletableFuture.failedFuture(failed);
    }
    return answer.exceptionally(failed -> reply(route, failed));
  }

  private static Reply reply(Route route, Throwable failed) {
    var cause = failed instanceof CompletionException ? failed.getCause() : failed;
    return switch (Objects.requireNonNullElse(cause, failed)) {
      case Problem.Refusal refusal -> OutpostJson.error(refusal.problem());
      case NotNow away -> OutpostJson.error(503, String.valueOf(away.getMessage()));
      case LogUnavailable away -> OutpostJson.error(503, String.valueOf(away.getMessage()));
      case Throwable bug -> {
        var id = UUID.randomUUID().toString();
        LOG.atError()
            .addKeyValue("error", id)
            .addKeyValue("route", route.path())
            .setCause(bug)
            .log("a request about event destinations failed");
        yield OutpostJson.error(500, "internal error " + id, List.of(), Headers.NONE);
      }
    };
  }
}
