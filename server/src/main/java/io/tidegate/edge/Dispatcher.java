package io.tidegate.edge;

import io.tidegate.http.Handler;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Router;
import io.tidegate.plan.HttpService;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes each request through the house's door: origin, guard, route, body, handler; and is the one
/// place where a refusal or a bug becomes a reply.
///
/// Runs on the event loop.
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private static final int JUDGED_AT_ONCE = 32 << 10;

  private volatile RouteTable table;

  Dispatcher(RouteTable table) {
    this.table = table;
  }

  /// From the next request on, these routes hold.
  void swap(RouteTable next) {
    table = next;
  }

  void dispatch(Exchange exchange) {
    Request request;
    try {
      request = exchange.begin();
      checkVersion(exchange);
    } catch (Problem.Refusal refusal) {
      exchange.refuseAndClose(refusal.problem());
      return;
    }
    guardedly(exchange, request, () -> enter(exchange, request));
  }

  private void checkVersion(Exchange exchange) {
    var version = exchange.http1() ? HttpService.Version.HTTP_1_1 : HttpService.Version.HTTP_2;
    if (!table.speaks(version)) {
      throw Problem.of(505, "version_not_supported", "this version of HTTP is not spoken here")
          .refuse();
    }
  }

  private void guardedly(Exchange exchange, Request request, Runnable step) {
    try {
      step.run();
    } catch (Problem.Refusal refusal) {
      exchange.refuse(refusal.problem());
    } catch (RuntimeException bug) {
      LOG.atError()
          .addKeyValue("request", request.id())
          .addKeyValue("method", request.method())
          .addKeyValue("path", request.shownPath())
          .setCause(bug)
          .log("request failed");
      exchange.refuse(Problem.of(500, "internal", "error " + request.id()));
    }
  }

  private void enter(Exchange exchange, Request request) {
    var routes = table;
    if (request.path().equals("*") || request.method().equals("CONNECT")) {
      exchange.reply(serverWide(request));
      return;
    }
    var origin = exchange.head().origin;
    if (origin != null) {
      OriginPolicy.@Nullable Grant grant = routes.origins().check(request, origin);
      if (OriginPolicy.preflight(request)) {
        exchange.reply(grant == null ? Reply.of(204) : grant.preflight(request));
        return;
      }
      exchange.grant(grant);
    }
    var caller = routes.gate().judge(request, exchange.log());
    if (Tenures.isRenewal(request) && !(caller instanceof Gate.Caller.Unasked)) {
      exchange.reply(renewed(exchange, routes, caller));
      return;
    }
    go(exchange, routes, caller, Gate.admit(request, caller));
  }

  private static Reply renewed(Exchange exchange, RouteTable routes, Gate.Caller caller) {
    if (caller instanceof Gate.Caller.Known(var proved)) {
      return exchange.renew(proved);
    }
    throw routes.gate().noRoute(caller, false).refuse();
  }

  private static Reply serverWide(Request request) {
    if (request.method().equals("OPTIONS")) {
      return Reply.of(204, Headers.of("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
    }
    throw Problem.of(400, "bad_request_target", "this target is for OPTIONS alone").refuse();
  }

  /// HEAD goes where it is wanted; elsewhere it is a GET whose body is dropped on the way out.
  private void go(Exchange exchange, RouteTable routes, Gate.Caller caller, Request request) {
    if (!request.method().equals("HEAD")) {
      serve(exchange, routes, caller, request);
      return;
    }
    try {
      serve(exchange, routes, caller, request);
    } catch (Problem.Refusal refusal) {
      int status = refusal.problem().status();
      if (status != 404 && status != 405) {
        throw refusal;
      }
      serve(exchange, routes, caller, Overrides.method(request, "GET"));
    }
  }

  private void serve(Exchange exchange, RouteTable routes, Gate.Caller caller, Request request) {
    var choice =
        routes
            .choose(request)
            .orElseThrow(() -> routes.gate().noRoute(caller, routes.forbidden(request)).refuse());
    if (exchange.head().webSocket
        && !(choice.destination() instanceof RouteTable.Destination.ToWebSocket)) {
      choice = choice.with(WebSockets.plain(choice.request()));
    }
    var rule = rule(exchange, routes, choice, request);
    switch (choice.destination()) {
      case RouteTable.Destination.ToRouter(var router) ->
          toRouter(exchange, router, choice.request(), rule);
      case RouteTable.Destination.ToEcho() -> {
        exchange.accepted(choice.request());
        if (rule == null || !rule.hasContent()) {
          Echo.answer(exchange, choice.request());
        } else {
          whole(exchange, choice.request(), rule, it -> exchange.reply(Echo.reply(it)));
        }
      }
      case RouteTable.Destination.ToWebSocket(var sockets) -> {
        exchange.accepted(choice.request());
        sockets.answer(exchange, choice.request());
      }
      case RouteTable.Destination.ToUpstream(var upstream) -> {
        exchange.accepted(choice.request());
        if (rule == null || !rule.hasContent()) {
          upstream.answer(exchange, choice.request(), rule);
        } else {
          whole(exchange, choice.request(), rule, it -> upstream.answer(exchange, it, rule));
        }
      }
    }
  }

  /// What the request must look like, as it came; its head is judged here.
  private static RequestRules.@Nullable Rule rule(
      Exchange exchange, RouteTable routes, RouteTable.Choice choice, Request request) {
    boolean hasBody = exchange.head().length > 0 || exchange.head().chunked;
    var rule = routes.rules().judge(request, hasBody);
    return rule == null && choice.destination() instanceof RouteTable.Destination.ToUpstream(var it)
        ? it.rules().judge(request, hasBody)
        : rule;
  }

  private void toRouter(
      Exchange exchange, Router router, Request request, RequestRules.@Nullable Rule rule) {
    var handler = router.route(request);
    exchange.accepted(request);
    Consumer<Request> handle = whole -> handler.handle(whole, exchange);
    collect(
        exchange,
        request,
        handler.bodyLimit(),
        usual -> handler.tooLarge(request, usual),
        rule == null || !rule.hasContent()
            ? handle
            : whole -> judged(exchange, whole, rule, handle));
  }

  /// Reads the body and judges it first.
  private void whole(
      Exchange exchange, Request request, RequestRules.Rule rule, Consumer<Request> then) {
    collect(
        exchange,
        request,
        Handler.DEFAULT_BODY_LIMIT,
        usual -> usual,
        whole -> judged(exchange, whole, rule, then));
  }

  private void collect(
      Exchange exchange,
      Request request,
      long limit,
      UnaryOperator<Problem> tooLarge,
      Consumer<Request> then) {
    var body = exchange.body();
    if (body == null) {
      then.accept(request);
      return;
    }
    if (exchange.head().length > limit) {
      exchange.refuseAndClose(tooLarge.apply(BodyReader.tooLarge(limit)));
      return;
    }
    exchange.invite();
    body.collect(
        limit,
        bytes -> {
          if (!exchange.answered()) {
            var whole = bytes.isEmpty() ? request : request.withBody(bytes);
            guardedly(exchange, request, () -> then.accept(whole));
          }
        },
        tooLarge);
  }

  /// A large body is judged beside the loop.
  private void judged(
      Exchange exchange, Request request, RequestRules.Rule rule, Consumer<Request> then) {
    if (request.body().size() <= JUDGED_AT_ONCE) {
      rule.judge(request.body()).ifPresentOrElse(exchange::refuse, () -> then.accept(request));
      return;
    }
    Thread.startVirtualThread(() -> {
      var problem = rule.judge(request.body());
      exchange
          .loop()
          .submit(() ->
              guardedly(
                  exchange,
                  request,
                  () -> problem.ifPresentOrElse(exchange::refuse, () -> then.accept(request))));
    });
  }
}
