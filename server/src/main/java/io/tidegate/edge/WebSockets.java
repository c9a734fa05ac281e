package io.tidegate.edge;

import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.tidegate.plan.HttpService.Exit;
import io.tidegate.plan.WsService;
import io.vertx.core.MultiMap;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// WebSockets (RFC 6455) at the end of a route: an echo, or for each that comes in one to another
/// server. Frames pass one by one as they came; nothing is put together.
///
/// Runs on the event loop.
final class WebSockets {
  static final int SWITCHED = 101;

  /// More in one frame closes the socket with 1009.
  static final int LARGEST_FRAME = 256 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(WebSockets.class);
  private static final String PROTOCOL = "sec-websocket-protocol";

  private final WsService service;
  private final Map<Exit.Proxy, OutboundClient> clients = new HashMap<>();

  WebSockets(WsService service, OutboundClients outbound) {
    this.service = service;
    for (var route : service.routes()) {
      if (route.target() instanceof WsService.Target.Server(var server, var _)) {
        clients.computeIfAbsent(server, outbound::to);
      }
    }
  }

  /// The request for those who do not care that a WebSocket was wanted.
  static Request plain(Request request) {
    return new Request(
        request.id(),
        request.scheme(),
        request.authority(),
        request.method(),
        request.path(),
        request.query(),
        request.headers().without(name -> name.equals("upgrade")),
        request.body(),
        request.remote(),
        request.sessions());
  }

  void answer(Exchange exchange, Request request) {
    check(exchange, request);
    var offered = offered(request.headers());
    var route =
        service.routes().stream()
            .filter(it -> takes(it, request, offered))
            .findFirst()
            .orElseThrow(
                () -> Problem.of(404, "not_found", "no route takes this websocket").refuse());
    switch (route.target()) {
      case WsService.Target.Echo() -> echo(exchange, agreed(route, request, offered));
      case WsService.Target.Server(var server, var usual) ->
          connect(exchange, request, server, offered.isEmpty() ? usual.stream().toList() : offered);
    }
  }

  private static void check(Exchange exchange, Request request) {
    if (!exchange.head().webSocket) {
      throw Problem.of(426, "websocket_expected", "only a websocket can be opened here")
          .with("upgrade", "websocket")
          .refuse();
    }
    var headers = request.headers();
    if (!headers.first("sec-websocket-version").equals(Optional.of("13"))) {
      throw Problem.of(426, "websocket_version", "version 13 of websockets is spoken here")
          .with("sec-websocket-version", "13")
          .refuse();
    }
    var key = headers.first("sec-websocket-key").orElse("");
    if (!request.method().equals("GET") || key.length() != 24 || exchange.body() != null) {
      throw Problem.of(400, "bad_websocket", "this is no websocket handshake").refuse();
    }
  }

  private static List<String> offered(Headers headers) {
    var offered = new ArrayList<String>();
    for (var name : headers.joined(PROTOCOL).orElse("").split(",", -1)) {
      if (!name.isBlank()) {
        offered.add(name.strip());
      }
    }
    return offered;
  }

  private static boolean takes(WsService.Route route, Request request, List<String> offered) {
    return Gate.accepts(route.guarded(), request)
        && (route.when().isEmpty()
            || route.when().stream().anyMatch(when -> matches(when, request, offered)));
  }

  private static boolean matches(WsService.Match when, Request request, List<String> offered) {
    return (when.protocol().isEmpty() || offered.contains(when.protocol().get()))
        && (when.scheme().isEmpty() || when.scheme().get().match(request.scheme()).isPresent())
        && (when.authority().isEmpty()
            || when.authority().get().match(request.authority()).isPresent())
        && (when.path().isEmpty() || when.path().get().match(request.path()).isPresent());
  }

  /// The protocol that the route was taken for, or the one that the caller likes best.
  private static String agreed(WsService.Route route, Request request, List<String> offered) {
    return route.when().stream()
        .filter(when -> matches(when, request, offered))
        .flatMap(when -> when.protocol().stream())
        .findFirst()
        .orElse(offered.isEmpty() ? "" : offered.getFirst());
  }

  private static void echo(Exchange exchange, String protocol) {
    exchange.upgrade(protocol).onSuccess(socket -> WsLine.between(exchange.loop(), socket, socket));
  }

  private void connect(
      Exchange exchange, Request request, Exit.Proxy server, List<String> protocols) {
    var client = clients.get(server);
    if (client == null) {
      throw new IllegalStateException("no client for " + server.name());
    }
    exchange.wire().pause(); // a request that has ended can become nothing else any more
    var forced = Overrides.apply(server.headers(), request, Map.of());
    var headers = MultiMap.caseInsensitiveMultiMap();
    headers.set("host", forced.authority());
    for (var field : forced.headers()) {
      if (passes(field.name())) {
        headers.add(field.name(), FieldText.sent(field.value()));
      }
    }
    client
        .webSocket(forced.target(), headers, protocols)
        .onSuccess(far -> join(exchange, far))
        .onFailure(cause -> exchange.refuseAndClose(problem(request, cause)));
  }

  private static boolean passes(String name) {
    return !name.startsWith("sec-websocket-") && !name.equals("upgrade");
  }

  private static void join(Exchange exchange, WebSocket far) {
    far.pause();
    var protocol = Optional.ofNullable(far.subProtocol()).orElse("");
    exchange
        .upgrade(protocol)
        .onSuccess(near -> WsLine.between(exchange.loop(), near, far))
        .onFailure(_ -> far.close(WsLine.GOING_AWAY));
  }

  private static Problem problem(Request request, Throwable cause) {
    LOG.atWarn()
        .addKeyValue("request", request.id())
        .addKeyValue("upstream", request.authority())
        .addKeyValue("cause", cause.toString())
        .log("the websocket of the upstream server could not be had");
    if (cause instanceof UpgradeRejectedException rejected
        && rejected.getStatus() >= 400
        && rejected.getStatus() < 500) {
      return Problem.of(
          rejected.getStatus(), "websocket_refused", "the server behind this one refused it");
    }
    return Problem.of(502, "bad_gateway", "the server behind this one did not answer");
  }
}
