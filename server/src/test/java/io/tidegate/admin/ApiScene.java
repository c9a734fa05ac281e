package io.tidegate.admin;

import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.http.Router;
import io.tidegate.ledger.Ledger;
import io.tidegate.log.MemoryLog;
import io.tidegate.outbox.Outbox;
import io.tidegate.outbox.OutboxScene;
import io.tidegate.outbox.TopicPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The API of event destinations, and those who ask it: operators and tenants.
abstract class ApiScene {
  static final String KEY = "the operator's key";
  static final Duration LIMIT = OutboxScene.LIMIT;
  static final TopicPolicy STRICT = new TopicPolicy(List.of("order.*", "user.created"), true);
  static final JsonMapper JSON = new JsonMapper();

  final MemoryLog log;
  final Outbox outbox;
  final Health health = new Health(Duration.ofMinutes(1));

  final OutboxParts parts;

  /// Operators' and tenants' listeners.
  final Router api;

  final Router forTenants;

  Optional<Ledger> ledger = Optional.empty();

  private final OutboxScene scene;

  ApiScene(TopicPolicy topics, int destinations) {
    scene = new OutboxScene(topics, destinations);
    log = scene.log;
    outbox = scene.outbox;
    parts =
        new OutboxParts(
                outbox,
                new TenantTokens(scene.key.derived("tenant tokens"), Time.system()),
                Optional.of(URI.create("https://portal.test/?a=b")),
                health,
                Time.system())
            .with(() -> ledger);
    var gate = new OperatorGate(new Secret(KEY), Set.of());
    Executor workers = Executors.newVirtualThreadPerTaskExecutor();
    var routes = new OutboxRouter(gate, () -> Optional.of(parts), workers);
    api = new ApiRouter(gate, Optional::empty, List::of, routes, workers);
    forTenants = OutboxRouter.forTenants(() -> Optional.of(parts), workers);
  }

  /// Has to be called before anything is asked. Events wait for `outbox.start()`.
  void open() {
    scene.open();
    health.running();
  }

  void close() {
    scene.close();
    health.close();
  }

  /// As the operator.
  final Reply ask(String method, String path, String body) {
    return call(method, path, body, KEY);
  }

  final Reply call(String method, String path, String body, String bearer) {
    return call(api, method, path, body, bearer);
  }

  /// @param bearer empty for nobody
  static Reply call(Router router, String method, String path, String body, String bearer) {
    Headers headers = Caller.bearer(bearer);
    return Caller.ask(router, Caller.request(method, "/api/v1" + path, body, headers));
  }

  final String token(String tenant) {
    return json(ask("GET", "/tenants/" + tenant + "/token", "")).path("token").asString();
  }

  static JsonNode json(Reply reply) {
    return JSON.readTree(reply.body().array());
  }
}
