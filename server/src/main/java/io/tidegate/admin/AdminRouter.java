package io.tidegate.admin;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.http.Handler;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Router;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// The operator's listener: `/health/live`, `/health/ready`, `/health` with the reasons, `/metrics`
/// in Prometheus' text form, which need no key; and `/api/`, which does. Meant for the loopback
/// interface.
public final class AdminRouter implements Router {
  private static final JsonMapper JSON = new JsonMapper();

  private final Health health;
  private final PrometheusMeterRegistry metrics;
  private final Router api;

  /// @param api answers what begins with `/api/`
  public AdminRouter(Health health, PrometheusMeterRegistry metrics, Router api) {
    this.health = health;
    this.metrics = metrics;
    this.api = api;
  }

  /// Pages to read, and no API.
  public AdminRouter(Health health, PrometheusMeterRegistry metrics) {
    this(
        health,
        metrics,
        _ -> {
          throw noSuchPage();
        });
  }

  private static Problem.Refusal noSuchPage() {
    return Problem.of(404, "not_found", "no such page").refuse();
  }

  @Override
  public Handler route(Request head) {
    if (head.path().startsWith("/api/")) {
      return api.route(head);
    }
    Supplier<Reply> page =
        switch (head.path()) {
          case "/health/live" -> () -> health(200);
          case "/health/ready", "/health" -> () -> health(health.isReady() ? 200 : 503);
          case "/metrics" -> () -> metrics(metrics);
          default -> throw noSuchPage();
        };
    return answer(head, page);
  }

  /// The metrics, whatever the path: for a listener that serves nothing else.
  public Handler metricsPage(Request head) {
    return answer(head, () -> metrics(metrics));
  }

  private static Handler answer(Request head, Supplier<Reply> page) {
    if (!head.method().equals("GET")) {
      throw Problem.of(405, "method_not_allowed", "only GET and HEAD are answered here")
          .with("allow", "GET, HEAD")
          .refuse();
    }
    return (_, responder) -> responder.reply(page.get());
  }

  private static Reply metrics(PrometheusMeterRegistry metrics) {
    return new Reply(
        200,
        Headers.of("content-type", "text/plain; version=0.0.4; charset=utf-8"),
        Bytes.utf8(metrics.scrape()));
  }

  private Reply health(int status) {
    var body = JSON.createObjectNode();
    body.put("status", word());
    var troubles = body.putObject("troubles");
    new TreeMap<>(health.troubles()).forEach(troubles::put);
    return new Reply(
        status, Headers.of("content-type", "application/json"), Bytes.utf8(body.toString()));
  }

  private String word() {
    return switch (health.phase()) {
      case STARTING -> "starting";
      case DRAINING -> "draining";
      case RUNNING -> health.troubles().isEmpty() ? "healthy" : "degraded";
    };
  }
}
