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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of `/api/v1/…` that Outpost's clients speak: tenants, destinations, topics, types,
/// publishing, and what happened (`LedgerRoutes`). For operators with their key, and for tenants
/// with a token of theirs, who reach what is theirs and nothing else. Judged by the head on the
/// event loop, answered on a virtual thread.
public final class OutboxRouter {
  /// Nothing but a 404 for those who may ask.
  public static final OutboxRouter NONE =
      new OutboxRouter(
          new OperatorGate(new io.tidegate.base.Secret(""), java.util.Set.of()),
          Optional::empty,
          Runnable::run);

  private static final Logger LOG = LoggerFactory.getLogger(OutboxRouter.class);
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
  record Route(
      String method, String path, Scope scope, long bodyLimit, Function<OutboxCall, Reply> answer) {

    static Route of(String method, String path, Scope scope, Function<OutboxCall, Reply> answer) {
      return new Route(method, path, scope, ApiJson.BODY_LIMIT, answer);
    }
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
          new Route("POST", "/publish/batch", Scope.OPERATOR, LARGEST_BATCH, PublishApi::batch),
          new Route("POST", "/publish/dry-run", Scope.OPERATOR, LARGEST_EVENT, PublishApi::dryRun),
          Route.of("GET", DESTINATION + "/queue", Scope.OWNER, QueueApi::read),
          Route.of("GET", "/audit", Scope.OPERATOR, AuditApi::list),
          Route.of("GET", TENANT + "/audit", Scope.OPERATOR, AuditApi::listOfTenant));

  private final Optional<OperatorGate> gate;
  private final Supplier<Optional<OutboxParts>> parts;
  private final Executor workers;

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

  /// What this listener has.
  private List<Route> routes() {
    return gate.isPresent() ? ROUTES : ROUTES.stream().filter(OutboxRouter::isForTenants).toList();
  }

  static boolean isForTenants(Route route) {
    return route.scope() == Scope.OWNER || route.scope() == Scope.TENANTS;
  }

  /// True when it is a request for this one.
  boolean serves(Request head) {
    var path = head.path();
    return path.startsWith(ApiRouter.BASE + "/")
        && parts.get().isPresent()
        && routes().stream()
            .anyMatch(route ->
                first(route.path()).equals(first(path.substring(ApiRouter.BASE.length()))));
  }

  private static String first(String path) {
    int slash = path.indexOf('/', 1);
    return slash < 0 ? path : path.substring(0, slash);
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
    var path = head.path().substring(ApiRouter.BASE.length()).split("/", -1);
    var methods = new ArrayList<String>();
    for (var route : routes()) {
      var names = match(route.path().split("/", -1), path);
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

  private static Optional<List<String>> match(String[] wanted, String[] path) {
    var names = new ArrayList<String>();
    if (wanted.length != path.length) {
      return Optional.empty();
    }
    for (int i = 0; i < path.length; i++) {
      if (wanted[i].equals("{}")) {
        names.add(OutboxCall.decoded(path[i].replace("+", "%2B")));
      } else if (!wanted[i].equals(path[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }

  /// Who asks: nobody for the operator.
  private Optional<String> admit(
      Scope scope, List<String> names, OutboxParts present, Request head) {
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
        workers.execute(() -> responder.reply(safely(route, call.apply(request))));
      }

      @Override
      public long bodyLimit() {
        return route.bodyLimit();
      }
    };
  }

  private static Reply safely(Route route, OutboxCall call) {
    try {
      return route.answer().apply(call);
    } catch (Problem.Refusal refusal) {
      return OutpostJson.error(refusal.problem());
    } catch (NotNow | LogUnavailable away) {
      return OutpostJson.error(503, String.valueOf(away.getMessage()));
    } catch (RuntimeException bug) {
      var id = UUID.randomUUID().toString();
      LOG.atError()
          .addKeyValue("error", id)
          .addKeyValue("route", route.path())
          .setCause(bug)
          .log("a request about event destinations failed");
      return OutpostJson.error(500, "internal error " + id, List.of(), Headers.NONE);
    }
  }
}
