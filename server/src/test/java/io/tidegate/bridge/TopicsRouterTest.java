package io.tidegate.bridge;

import static io.tidegate.bridge.Gateway.ID;
import static io.tidegate.bridge.Gateway.fetchOne;
import static io.tidegate.bridge.Gateway.oneWay;
import static io.tidegate.bridge.Gateway.request;
import static io.tidegate.bridge.Gateway.session;
import static io.tidegate.bridge.Gateway.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.plan.Guarded;
import io.tidegate.plan.KafkaMapping.Route;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicsRouterTest {
  private static final List<Guarded> WRITERS = List.of(new Guarded("test:g", List.of("write")));

  private final Gateway gateway = new Gateway();

  @Test
  void takesTheFirstRouteThatMatches() {
    gateway.route("POST", "/items/{id}/lines", oneWay("lines", ID));
    gateway.route("POST", "/items/{id}", oneWay("items", ID));
    gateway.route("POST", "/*", oneWay("rest", null));

    gateway.send("POST", "/items/1/lines", "");
    gateway.send("POST", "/items/1", "");
    gateway.send("POST", "/other", "");

    assertThat(gateway.cluster.entries)
        .extracting(entry -> entry.topic())
        .containsExactly("lines", "items", "rest");
  }

  @Test
  void takesAnyOfSeveralConditions() {
    gateway.route(
        new Route(List.of(), List.of(when("PUT", "/a"), when("POST", "/b")), oneWay("t", null)));

    assertThat(gateway.send("PUT", "/a", "").status()).isEqualTo(204);
    assertThat(gateway.send("POST", "/b", "").status()).isEqualTo(204);
    assertThat(gateway.send("POST", "/a", "").status()).isEqualTo(405);
  }

  @Test
  void takesEverythingWhereThereIsNoCondition() {
    gateway.route(new Route(List.of(), List.of(), oneWay("t", null)));

    assertThat(gateway.send("PATCH", "/any/where?x", "").status()).isEqualTo(204);
  }

  @Test
  void findsNothingOnAnUnknownPath() {
    gateway.route("POST", "/t", oneWay("t", null));

    assertThat(gateway.send("POST", "/nope", "").status()).isEqualTo(404);
  }

  @Test
  void namesTheMethodsThatAPathTakes() {
    gateway.route("PUT", "/items/{id}", oneWay("items", ID));
    gateway.route("GET", "/items/{id}", fetchOne("items", ID));
    gateway.route("POST", "/items", oneWay("items", null));

    var caller = gateway.send("PATCH", "/items/1", "");

    assertThat(caller.status()).isEqualTo(405);
    assertThat(caller.header("allow")).contains("GET, HEAD, PUT");
  }

  @Test
  void fallsThroughARouteWhoseGuardDoesNotAccept() {
    gateway.route(WRITERS, "POST", "/t", oneWay("guarded", null));
    gateway.route("POST", "/t", oneWay("open", null));

    gateway.send("POST", "/t", "");
    gateway.send(new Caller(), as("write", "read"));
    gateway.send(new Caller(), as("read"));

    assertThat(gateway.cluster.entries)
        .extracting(entry -> entry.topic())
        .containsExactly("open", "guarded", "open");
  }

  @Test
  void asksForCredentialsWhereOnlyAGuardStandsInTheWay() {
    gateway.route(WRITERS, "POST", "/t", oneWay("guarded", null));

    assertThat(gateway.send("POST", "/t", "").status()).isEqualTo(401);
    assertThat(gateway.send("GET", "/t", "").status()).isEqualTo(404);
  }

  @Test
  void refusesOneWhoLacksTheRole() {
    gateway.route(WRITERS, "POST", "/t", oneWay("guarded", null));

    assertThat(gateway.send(new Caller(), as("read")).status()).isEqualTo(403);
    assertThat(gateway.send(new Caller(), as("write")).status()).isEqualTo(204);
  }

  private static io.tidegate.http.Request as(String... roles) {
    return request("POST", "/t", "")
        .withSessions(Map.of("test:g", session("test:g", "alice", roles)));
  }
}
