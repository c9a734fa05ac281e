package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.admin.OutboxRouter.Route;
import io.tidegate.admin.OutboxRouter.Scope;
import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.Router;
import io.tidegate.log.MemoryLog;
import io.tidegate.outbox.DestinationTypes;
import io.tidegate.outbox.Outbox;
import io.tidegate.outbox.TopicPolicy;
import io.tidegate.outbox.WebhookType;
import io.tidegate.registry.Registries;
import io.tidegate.registry.SealingKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// Walks every route there is with the token of one tenant and the names of another: nothing of the
/// other's is seen, and nothing of it changes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignTenantTest {
  private static final String KEY = "the operator's key";
  private static final String MARK = "https://victim.test/secret-path";
  private static final JsonMapper JSON = new JsonMapper();

  private final MemoryLog log = new MemoryLog();
  private final SealingKey sealing = SealingKey.parse(SealingKey.generate());
  private final Outbox.Settings settings =
      new Outbox.Settings(
          TopicPolicy.OPEN,
          new DestinationTypes(List.of(new WebhookType(WebhookType.Signature.OUTPOST))),
          5);
  private final Registries registries =
      new Registries(log, Time.system(), new SimpleMeterRegistry());
  private final Outbox outbox = new Outbox(settings, registries, log, sealing, Time.system());
  private final Health health = new Health(Duration.ofMinutes(1));
  private final OperatorGate gate = new OperatorGate(new Secret(KEY), Set.of());
  private final OutboxParts parts =
      new OutboxParts(
          outbox,
          new TenantTokens(sealing.derived("tenant tokens"), Time.system()),
          Optional.empty(),
          health,
          Time.system());
  private final Router operators =
      new ApiRouter(
          gate,
          Optional::empty,
          List::of,
          new OutboxRouter(
              gate, () -> Optional.of(parts), Executors.newVirtualThreadPerTaskExecutor()),
          Executors.newVirtualThreadPerTaskExecutor());
  private final Router tenants =
      OutboxRouter.forTenants(
          () -> Optional.of(parts), Executors.newVirtualThreadPerTaskExecutor());

  private String token = "";

  @BeforeAll
  void start() {
    var limit = Duration.ofSeconds(10);
    log.create(Registries.topics(Outbox.kinds(settings, sealing)), limit);
    log.create(Outbox.topics(), limit);
    registries.start();
    assertThat(registries.awaitReplay(limit)).isTrue();
    outbox.start();
    health.running();
    ask(operators, KEY, "PUT", "/tenants/victim", "");
    ask(operators, KEY, "PUT", "/tenants/thief", "");
    var body =
        "{\"id\":\"d\",\"type\":\"webhook\",\"topics\":\"*\",\"config\":{\"url\":\""
            + MARK
            + "\"}}";
    assertThat(ask(operators, KEY, "POST", "/tenants/victim/destinations", body).status())
        .isEqualTo(201);
    token =
        JSON.readTree(ask(operators, KEY, "GET", "/tenants/thief/token", "").body().array())
            .path("token")
            .asString();
  }

  @AfterAll
  void stop() {
    outbox.close();
    registries.close();
    log.close();
    health.close();
  }

  static Stream<Route> routes() {
    return OutboxRouter.ROUTES.stream();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void letsNoTenantTouchWhatIsAnothers(Route route) {
    var before = outbox.directory().destination("victim", "d").orElseThrow();

    var asOperator = ask(operators, token, route.method(), path(route), body(route));
    var asTenant = ask(tenants, token, route.method(), path(route), body(route));

    if (route.scope() == Scope.OPERATOR || route.scope() == Scope.OWNER) {
      assertThat(asOperator.status()).isEqualTo(403);
    }
    assertThat(asTenant.status())
        .isIn(OutboxRouter.isForTenants(route) ? allowed(route) : List.of(401, 404, 405));
    for (var reply : List.of(asOperator, asTenant)) {
      assertThat(reply.body().utf8()).doesNotContain(MARK).doesNotContain("\"victim\"");
    }
    assertThat(outbox.directory().destination("victim", "d")).contains(before);
    assertThat(outbox.directory().tenant("victim")).isPresent();
  }

  /// What names somebody else is refused; what everybody has is shown without anything of others.
  private static List<Integer> allowed(Route route) {
    return route.scope() == Scope.OWNER
        ? List.of(403)
        : List.of(200, 202, 400, 403, 404, 409, 422, 501, 503);
  }

  @ParameterizedTest
  @MethodSource("routes")
  void letsNobodyInWithoutATokenOrWithTheOperatorsKeyOnTheTenantsListener(Route route) {
    var nobody = ask(tenants, "", route.method(), path(route), body(route));
    var operator = ask(tenants, KEY, route.method(), path(route), body(route));

    assertThat(nobody.status()).isIn(401, 404);
    assertThat(operator.status()).isIn(401, 404);
  }

  private static String path(Route route) {
    var path = route.path();
    for (var name : List.of("victim", "d", "x")) {
      path = path.replaceFirst("\\{}", name);
    }
    return path;
  }

  private static String body(Route route) {
    return route.method().equals("GET")
        ? ""
        : "{\"tenant_id\":\"victim\",\"topic\":\"x\",\"data\":{},\"destination_id\":\"d\","
            + "\"event_id\":\"e\",\"metadata\":{\"stolen\":\"yes\"}}";
  }

  private static Reply ask(Router router, String bearer, String method, String path, String body) {
    var request =
        new Request(
            "r-1",
            "http",
            "localhost:7115",
            method,
            "/api/v1" + path,
            "tenant_id=victim&tenant_id[]=victim&id=victim&destination_id=d",
            bearer.isEmpty() ? Headers.NONE : Headers.of("authorization", "Bearer " + bearer),
            Bytes.EMPTY,
            "127.0.0.1",
            Map.of());
    var handler = router.route(request);
    var reply = new CompletableFuture<Reply>();
    handler.handle(request.withBody(Bytes.utf8(body)), new Keep(reply));
    return reply.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private record Keep(CompletableFuture<Reply> answer) implements Responder {
    @Override
    public void reply(Reply reply) {
      answer.complete(reply);
    }

    @Override
    public Outflow open(int status, Headers headers) {
      throw new AssertionError("nothing here streams");
    }

    @Override
    public void onGone(Runnable action) {}
  }
}
