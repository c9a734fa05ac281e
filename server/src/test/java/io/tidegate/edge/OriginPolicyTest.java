package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.tidegate.plan.HttpService.AccessControl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OriginPolicyTest {
  private static final String PAGE = "https://app.example";

  private static Request request(String method, String... headers) {
    return new Request(
        "1",
        "http",
        "api.example:80",
        method,
        "/x",
        "",
        Headers.of(headers),
        Bytes.EMPTY,
        "::1",
        Map.of());
  }

  private static Request preflight(String method, String headers) {
    return request(
        "OPTIONS",
        "access-control-request-method",
        method,
        "access-control-request-headers",
        headers);
  }

  private static OriginPolicy anybody() {
    return new OriginPolicy(
        new AccessControl.CrossOrigin(
            List.of(), List.of(), List.of(), false, Optional.empty(), List.of()));
  }

  private static OriginPolicy strict() {
    return new OriginPolicy(
        new AccessControl.CrossOrigin(
            List.of(PAGE),
            List.of("GET", "PUT"),
            List.of("x-one", "content-type"),
            true,
            Optional.of(Duration.ofSeconds(10)),
            List.of("etag", "location")));
  }

  private static List<String> lines(List<Headers.Field> fields) {
    return fields.stream().map(field -> field.name() + ": " + field.value()).toList();
  }

  private static void assertRefused(Runnable check) {
    assertThatThrownBy(check::run)
        .isInstanceOfSatisfying(
            Problem.Refusal.class,
            refusal -> assertThat(refusal.problem().status()).isEqualTo(403));
  }

  @Test
  void theListenersOwnPagesNeedNoLeave() {
    var policy = new OriginPolicy(new AccessControl.SameOrigin());

    assertThat(policy.check(request("GET"), "http://api.example")).isNull();
    assertThat(policy.check(request("GET"), "http://api.example:80")).isNull();
    assertThat(strict().check(request("POST"), "http://API.example")).isNull();
    assertRefused(() -> policy.check(request("GET"), "https://api.example"));
    assertRefused(() -> policy.check(request("GET"), PAGE));
  }

  @Test
  void anOpenPolicyAnswersWithWildcards() {
    var grant = anybody().check(preflight("PUT", "x-any, x-other"), PAGE);

    var reply = grant.preflight(preflight("PUT", "x-any, x-other"));

    assertThat(reply.status()).isEqualTo(204);
    assertThat(lines(reply.headers().fields()))
        .containsExactly(
            "access-control-allow-origin: *",
            "access-control-allow-methods: *",
            "access-control-allow-headers: *");
    assertThat(lines(grant.fields(Headers.of("etag", "1"))))
        .containsExactly("access-control-allow-origin: *", "access-control-expose-headers: *");
  }

  @Test
  void aStrictPolicyNamesWhatItAllows() {
    var grant = strict().check(preflight("PUT", "Content-Type, x-one"), PAGE);

    var reply = grant.preflight(preflight("PUT", "Content-Type, x-one"));

    assertThat(lines(reply.headers().fields()))
        .containsExactly(
            "access-control-allow-origin: " + PAGE,
            "access-control-allow-credentials: true",
            "vary: origin",
            "access-control-allow-methods: PUT",
            "access-control-allow-headers: Content-Type, x-one",
            "access-control-max-age: 10");
    assertThat(lines(grant.fields(Headers.of("etag", "1"))))
        .containsExactly(
            "access-control-allow-origin: " + PAGE,
            "access-control-allow-credentials: true",
            "vary: origin",
            "access-control-expose-headers: etag",
            "access-control-expose-headers: location");
  }

  @Test
  void everyHeaderThatIsAskedForMustBeAllowed() {
    var asked = preflight("PUT", "x-one, x-two");
    var grant = strict().check(asked, PAGE);

    assertRefused(() -> grant.preflight(asked));
  }

  @Test
  void otherOriginsAndMethodsAreRefused() {
    assertRefused(() -> strict().check(request("GET"), "https://evil.example"));
    assertRefused(() -> strict().check(request("DELETE"), PAGE));
    var grant = strict().check(preflight("DELETE", "x-one"), PAGE);
    assertRefused(() -> grant.preflight(preflight("DELETE", "x-one")));
  }

  @Test
  void anApplicationsOwnAnswerStands() {
    var grant = anybody().check(request("GET"), PAGE);

    assertThat(lines(grant.fields(Headers.of("access-control-allow-origin", "https://x"))))
        .noneMatch(line -> line.startsWith("access-control-allow-origin"));
  }
}
