package io.tidegate.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminRouterTest {
  private final Health health = new Health(Duration.ofMinutes(1));
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AdminRouter admin = new AdminRouter(health, metrics);

  @AfterEach
  void stopProbing() {
    health.close();
  }

  @Test
  void isAliveButNotReadyWhileStarting() {
    assertThat(ask("/health/live").status()).isEqualTo(200);
    assertThat(ask("/health/ready").status()).isEqualTo(503);
    assertThat(ask("/health/ready").body().utf8())
        .isEqualTo("{\"status\":\"starting\",\"troubles\":{}}");
  }

  @Test
  void isReadyOnceRunning() {
    health.running();

    assertThat(ask("/health/ready").status()).isEqualTo(200);
    assertThat(ask("/health/ready").body().utf8()).contains("\"healthy\"");
  }

  @Test
  void namesWhatIsIll() {
    health.running();
    health.watch("log:embedded", () -> Optional.of("no broker answers"));

    var reply = ask("/health");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.body().utf8())
        .isEqualTo(
            "{\"status\":\"degraded\",\"troubles\":{\"log:embedded\":\"no broker answers\"}}");
  }

  @Test
  void aCheckThatFailsIsATroubleToo() {
    health.running();

    health.watch(
        "views",
        () -> {
          throw new IllegalStateException("broken");
        });

    assertThat(health.troubles()).containsEntry("views", "the check itself failed: broken");
  }

  @Test
  void forgetsTheTroublesOfAPartThatIsGone() {
    health.running();
    health.watch("log:old", () -> Optional.of("away"));

    health.forget("log:old");

    assertThat(health.isReady()).isTrue();
  }

  @Test
  void servesMetrics() {
    metrics.counter("tidegate.tests").increment();

    assertThat(ask("/metrics").body().utf8()).contains("tidegate_tests_total 1.0");
  }

  @Test
  void refusesOtherMethodsAndPages() {
    assertThatThrownBy(() -> admin.route(request("POST", "/metrics")))
        .isInstanceOfSatisfying(
            Problem.Refusal.class,
            refusal -> {
              assertThat(refusal.problem().status()).isEqualTo(405);
              assertThat(refusal.problem().headers().first("allow")).hasValue("GET, HEAD");
            });
    assertThatThrownBy(() -> admin.route(request("GET", "/secrets")))
        .isInstanceOfSatisfying(
            Problem.Refusal.class,
            refusal -> assertThat(refusal.problem().status()).isEqualTo(404));
  }

  private Reply ask(String path) {
    return Caller.ask(admin, request("GET", path));
  }

  private static Request request(String method, String path) {
    return Caller.request(method, path, "", Headers.NONE);
  }
}
