package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.admin.OutboxRouter.Route;
import io.tidegate.admin.OutboxRouter.Scope;
import io.tidegate.http.Reply;
import io.tidegate.http.Router;
import io.tidegate.outbox.TopicPolicy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Walks every route there is with the token of one tenant and the names of another: nothing of the
/// other's is seen, and nothing of it changes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignTenantTest extends ApiScene {
  private static final String MARK = "https://victim.test/secret-path";
  private static final String QUERY =
      "?tenant_id=victim&tenant_id[]=victim&id=victim&destination_id=d";

  private String token = "";

  ForeignTenantTest() {
    super(TopicPolicy.OPEN, 5);
  }

  @BeforeAll
  void start() {
    open();
    outbox.start();
    ask("PUT", "/tenants/victim", "");
    ask("PUT", "/tenants/thief", "");
    var body =
        "{\"id\":\"d\",\"type\":\"webhook\",\"topics\":\"*\",\"config\":{\"url\":\""
            + MARK
            + "\"}}";
    assertThat(ask("POST", "/tenants/victim/destinations", body).status()).isEqualTo(201);
    token = token("thief");
  }

  @AfterAll
  void stop() {
    close();
  }

  static Stream<Route> routes() {
    return OutboxRouter.ROUTES.stream();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void letsNoTenantTouchWhatIsAnothers(Route route) {
    var before = outbox.directory().destination("victim", "d").orElseThrow();

    var asOperator = call(api, token, route);
    var asTenant = call(forTenants, token, route);

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
    var nobody = call(forTenants, "", route);
    var operator = call(forTenants, KEY, route);

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

  private static Reply call(Router router, String bearer, Route route) {
    return call(router, route.method(), path(route) + QUERY, body(route), bearer);
  }
}
