package io.tidegate.admin;

import io.tidegate.http.Handler;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Router;
import io.tidegate.inbox.RegisteredEndpoint;
import io.tidegate.registry.Snapshot;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/// `/api/v1/…` for operators. Judged by its head on the event loop: key, host, origin, path,
/// method; answered on a virtual thread.
public final class ApiRouter implements Router {
  static final String BASE = "/api/v1";

  private static final String ENDPOINTS = BASE + "/endpoints";
  private static final String CONFIG = BASE + "/webhooks/config";

  private final OperatorGate gate;
  private final Supplier<Optional<EndpointsApi>> endpoints;
  private final ApiWork work;
  private final PumpsRouter pumps;
  private final OutboxRouter outbox;

  /// Without event destinations.
  public ApiRouter(
      OperatorGate gate,
      Supplier<Optional<EndpointParts>> parts,
      Supplier<List<PumpDesk>> pumps,
      Executor workers) {
    this(gate, parts, pumps, OutboxRouter.NONE, workers);
  }

  /// @param gate who may ask
  /// @param parts what there is to manage; nothing while no registry runs
  /// @param pumps those that run
  /// @param outbox answers about event destinations, when there are any
  /// @param workers runs what may wait, each on a thread of its own
  public ApiRouter(
      OperatorGate gate,
      Supplier<Optional<EndpointParts>> parts,
      Supplier<List<PumpDesk>> pumps,
      OutboxRouter outbox,
      Executor workers) {
    this.gate = gate;
    this.outbox = outbox;
    this.work = new ApiWork(workers);
    this.endpoints = new Remembered(parts);
    this.pumps = new PumpsRouter(work, pumps);
  }

  @Override
  public Handler route(Request head) {
    if (outbox.serves(head)) {
      return outbox.route(head);
    }
    gate.check(head);
    var path = head.path();
    if (path.equals(ENDPOINTS)) {
      return switch (head.method()) {
        case "GET" -> answering(request -> api().list(request));
        case "POST" -> answering(request -> api().create(request));
        default -> throw ApiWork.notAllowed("GET, POST");
      };
    }
    if (path.equals(CONFIG)) {
      return switch (head.method()) {
        case "GET" -> answering(_ -> api().config().read());
        case "PATCH" -> answering(request -> api().config().update(request));
        default -> throw ApiWork.notAllowed("GET, PATCH");
      };
    }
    if (path.equals(PumpsRouter.BASE) || path.startsWith(PumpsRouter.BASE + "/")) {
      return pumps.route(head);
    }
    if (path.startsWith(ENDPOINTS + "/")) {
      return one(List.of(path.substring(ENDPOINTS.length() + 1).split("/", -1)), head.method());
    }
    throw ApiWork.notFound();
  }

  private Handler one(List<String> segments, String method) {
    var handle = segments.getFirst();
    if (segments.size() == 1) {
      return switch (method) {
        case "GET" -> answering(_ -> api().read(found(handle)));
        case "PATCH" -> answering(request -> api().update(found(handle), request));
        case "DELETE" ->
            answering(
                request -> api().revoke(found(handle), reasonInQuery(request.query()), request));
        default -> throw ApiWork.notAllowed("GET, PATCH, DELETE");
      };
    }
    if (segments.get(1).equals("requests")) {
      return requests(handle, segments.subList(2, segments.size()), method);
    }
    if (segments.size() != 2) {
      throw ApiWork.notFound();
    }
    Function<Request, Reply> action =
        switch (segments.getLast()) {
          case "revoke" -> request -> api().revoke(found(handle), reasonInBody(request), request);
          case "rotate-secret" -> request -> api().rotateSecret(found(handle), request);
          case "rotate-url" -> request -> api().rotateUrl(found(handle), request);
          case "verify" -> request -> api().verify(found(handle), request);
          default -> throw ApiWork.notFound();
        };
    if (!method.equals("POST")) {
      throw ApiWork.notAllowed("POST");
    }
    return answering(action);
  }

  private Handler requests(String handle, List<String> segments, String method) {
    if (segments.size() > 2 || (segments.size() == 2 && !segments.getLast().equals("replay"))) {
      throw ApiWork.notFound();
    }
    var wanted = segments.size() == 2 ? "POST" : "GET";
    if (!method.equals(wanted)) {
      throw ApiWork.notAllowed(wanted);
    }
    return answering(_ -> {
      var id = found(handle).id();
      var requests = api().requests();
      return switch (segments.size()) {
        case 0 -> requests.list(id);
        case 1 -> requests.read(id, segments.getFirst());
        default -> requests.replay(id, segments.getFirst());
      };
    });
  }

  private static String reasonInBody(Request request) {
    return SampleRequest.text(ApiJson.body(request), "reason", "");
  }

  private static String reasonInQuery(String query) {
    try {
      return query.startsWith("reason=")
          ? URLDecoder.decode(query.substring("reason=".length()), StandardCharsets.UTF_8)
          : "";
    } catch (IllegalArgumentException malformed) {
      throw Problem.of(400, "malformed", "reason: a text was expected").refuse();
    }
  }

  private EndpointsApi api() {
    return endpoints
        .get()
        .orElseThrow(() ->
            Problem.of(
                    503,
                    "no_registry",
                    "endpoints cannot be managed: no registry runs (see the health page)")
                .refuse());
  }

  private Snapshot<RegisteredEndpoint> found(String handle) {
    return api().find(handle).orElseThrow(ApiWork::notFound);
  }

  private Handler answering(Function<Request, Reply> answer) {
    return work.answering(answer);
  }

  /// One API for the same parts, since it remembers what endpoints are called.
  private static final class Remembered implements Supplier<Optional<EndpointsApi>> {
    private final Supplier<Optional<EndpointParts>> parts;
    private Optional<EndpointParts> last = Optional.empty();
    private Optional<EndpointsApi> api = Optional.empty();

    Remembered(Supplier<Optional<EndpointParts>> parts) {
      this.parts = parts;
    }

    @Override
    public synchronized Optional<EndpointsApi> get() {
      var now = parts.get();
      if (!now.equals(last)) {
        last = now;
        api = now.map(EndpointsApi::new);
      }
      return api;
    }
  }
}
