package io.tidegate.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Secret;
import io.tidegate.http.Reply;
import io.tidegate.inbox.Sender.Change;
import io.tidegate.log.Appended;
import io.tidegate.log.Appended.Reason;
import io.tidegate.plan.WebhookMapping;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What senders are told: the table of statuses, line by line.
class StatusTest {
  private Sender sender = new Sender();

  @AfterEach
  void close() {
    sender.close();
  }

  private void restart(WebhookMapping mapping) {
    sender.close();
    sender = new Sender(mapping);
  }

  @Test
  void saysTheEventIdOnceItIsStored() {
    var answer = sender.with(Sender.endpoint()).post("{}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"id\":\"" + Sender.header(sender.stored().getFirst(), "tidegate-event-id") + "\"}");
  }

  @Test
  void takesNamedTopicsOfTheListAlone() {
    assertThat(sender.send("POST", "/topics/webhooks.test", "1").status()).isEqualTo(200);
    assertThat(sender.send("POST", "/topics/other", "1").status()).isEqualTo(404);
    assertThat(sender.send("POST", "/topics/", "1").status()).isEqualTo(404);
    assertThat(sender.send("POST", "/topics/webhooks.a%20b", "1").status()).isEqualTo(404);
    assertThat(sender.send("POST", "/topics/webhooks.a/b", "1").status()).isEqualTo(404);
    assertThat(sender.send("POST", "/topics/webhooks.test", "1").header("content-type"))
        .isEqualTo("application/json");
    assertThat(sender.stored()).hasSize(2);
  }

  @Test
  void neverWritesToTopicsOfTheHouse() {
    restart(Sender.mapping("*"));

    assertThat(sender.send("POST", "/topics/tidegate.commands", "1").status()).isEqualTo(404);
    assertThat(sender.send("POST", "/topics/__consumer_offsets", "1").status()).isEqualTo(404);
    assertThat(sender.send("POST", "/topics/..", "1").status()).isEqualTo(404);
  }

  @Test
  void makesATopicWhenItsFirstEventComes() {
    assertThat(sender.send("POST", "/topics/webhooks.fresh", "1").status()).isEqualTo(200);

    assertThat(sender.log.stored("webhooks.fresh")).hasSize(1);
  }

  @Test
  void wantsTheTokenBeforeItSaysWhichTopicsThereAre() {
    var mapping = Sender.mapping();
    restart(
        new WebhookMapping(
            mapping.name(),
            mapping.cluster(),
            mapping.topics(),
            Optional.of(new Secret("sesame")),
            mapping.publicUrl(),
            mapping.named(),
            mapping.endpoints(),
            mapping.registry(),
            mapping.memory()));

    assertThat(sender.send("POST", "/topics/other", "1").status()).isEqualTo(401);
    assertThat(sender.send("POST", "/topics/webhooks.test", "1").status()).isEqualTo(401);
    assertThat(
            sender
                .send("POST", "/topics/webhooks.test", "1", "authorization", "Bearer sesam")
                .status())
        .isEqualTo(401);
    assertThat(
            sender
                .send("POST", "/topics/webhooks.test", "1", "authorization", "bearer sesame")
                .status())
        .isEqualTo(200);
    assertThat(sender.stored()).hasSize(1);
  }

  @Test
  void cannotTellUnknownFromRevokedFromExpiredFromMalformed() {
    var expired = "1".repeat(32);
    sender.with(Change.of(Sender.endpoint()).revoked().endpoint());
    var old = Change.of(Sender.endpoint()).expires(Instant.now().minusSeconds(1)).endpoint();
    sender.registry.put(expired, old);
    var unknown = sender.send("POST", "/e/" + "f".repeat(32), "1").reply();

    assertThat(List.of("/e/" + Sender.ID, "/e/" + expired, "/e/", "/e/x", "/e/" + "F".repeat(32)))
        .allSatisfy(path -> assertThat(sender.send("POST", path, "1").reply()).isEqualTo(unknown));
    assertThat(sender.send("GET", "/e/" + Sender.ID, "").reply()).isEqualTo(unknown);
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(sender.stored()).isEmpty();
  }

  @Test
  void saysOneThingForEveryReasonWhyItIsNotVerified() {
    sender.with(Sender.github());
    var missing = sender.post("{}").reply();

    assertThat(sender.post("{}", "x-hub-signature-256", "sha256=00").reply()).isEqualTo(missing);
    assertThat(sender.post("{}", "x-hub-signature-256", "md5=00").reply()).isEqualTo(missing);
    assertThat(
            sender
                .post("{}", "x-hub-signature-256", "sha256=" + Sender.hmac("other", "{}"))
                .reply())
        .isEqualTo(missing);
    assertThat(missing.status()).isEqualTo(401);
    assertThat(missing.body().utf8()).contains("invalid_signature");
    assertThat(sender.stored()).isEmpty();
  }

  @Test
  void refusesEverythingAtAnEndpointThatIsNotAsItShouldBe() {
    sender.with(Change.of(Sender.endpoint()).verified("no-such-preset", "s").endpoint());

    assertThat(sender.post("{}").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void saysWhichMethodsItTakes(String method) {
    var answer = sender.with(Sender.endpoint()).send(method, "/e/" + Sender.ID, "");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("allow")).isEqualTo("POST");
  }

  @Test
  void letsTheMethodOfAHandshakeThroughForTheHandshakeAlone() {
    var meta = Change.of(Sender.endpoint()).handshake("meta", Map.of("verify_token", "t"));
    sender.with(meta.endpoint());
    var path = "/e/" + Sender.ID;

    var shaken =
        sender.send("GET", path + "?hub.mode=subscribe&hub.verify_token=t&hub.challenge=42", "");
    var refused =
        sender.send("GET", path + "?hub.mode=subscribe&hub.verify_token=x&hub.challenge=42", "");
    var ordinary = sender.send("GET", path, "");

    assertThat(shaken.body()).isEqualTo("42");
    assertThat(refused.status()).isEqualTo(403);
    assertThat(ordinary.status()).isEqualTo(405);
    assertThat(sender.stored()).isEmpty();
  }

  @Test
  void answersHandshakesOnlyWhereTheyAreSwitchedOn() {
    sender.with(Sender.endpoint());

    sender.send("POST", "/e/" + Sender.ID + "?validationToken=x", "").status();

    assertThat(sender.stored()).hasSize(1);
  }

  @Test
  void takesOnlyTheContentTypesThatAreWanted() {
    sender.with(Change.of(Sender.endpoint()).types("application/json", "text/*").endpoint());

    assertThat(sender.post("1", "content-type", "application/xml").status()).isEqualTo(415);
    assertThat(sender.post("1").status()).isEqualTo(415);
    assertThat(sender.post("1", "content-type", "Application/JSON; charset=utf-8").status())
        .isEqualTo(200);
    assertThat(sender.post("1", "content-type", "text/csv").status()).isEqualTo(200);
  }

  @Test
  void slowsASenderDownToItsQuota() {
    sender.with(
        Change.of(Sender.endpoint()).limits(1024, OptionalInt.of(1), 2, Duration.ZERO).endpoint());
    sender.post("1");
    sender.post("2");

    var third = sender.post("3");
    sender.clock.advance(Duration.ofSeconds(1));

    assertThat(third.status()).isEqualTo(429);
    assertThat(third.header("retry-after")).isEqualTo("1");
    assertThat(third.body()).contains("rate_limited");
    assertThat(sender.post("4").status()).isEqualTo(200);
  }

  @Test
  void saysLaterWhenTheLogIsFull() {
    sender.with(Sender.endpoint());
    sender.log.failNext(new Appended.Unavailable(Reason.OVERLOADED, "full"));

    var answer = sender.post("1");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("overloaded");
    assertThat(Integer.parseInt(answer.header("retry-after"))).isBetween(1, 5);
  }

  @Test
  void saysSoWhenNobodyKnowsWhetherItIsStored() {
    sender.with(Sender.endpoint());
    sender.log.failNext(new Appended.Unknown("late"));

    assertThat(sender.post("1").body()).contains("outcome_unknown");
  }

  @Test
  void saysTooLargeWhenTheTopicDoes() {
    sender.with(Sender.endpoint());
    sender.log.failNext(new Appended.Refused(Reason.TOO_LARGE, "1 MB"));

    assertThat(sender.post("1").status()).isEqualTo(413);
  }

  @Test
  void closesSecretUrlsWhileRevocationsMayBeMissing() {
    sender.with(Sender.endpoint());
    sender.standing = Endpoints.Standing.UNAVAILABLE;
    var stale = sender.post("1");
    sender.standing = Endpoints.Standing.DEGRADED;
    var degraded = sender.post("1");

    assertThat(stale.status()).isEqualTo(503);
    assertThat(stale.header("retry-after")).isEqualTo("5");
    assertThat(stale.body()).contains("registry_stale");
    assertThat(degraded.status()).isEqualTo(200);
    assertThat(sender.send("POST", "/topics/webhooks.test", "1").status()).isEqualTo(200);
  }

  @Test
  void canCloseSecretUrlsAsSoonAsTheRegistryFallsBehind() {
    var mapping = Sender.mapping();
    restart(
        new WebhookMapping(
            mapping.name(),
            mapping.cluster(),
            mapping.topics(),
            mapping.token(),
            mapping.publicUrl(),
            mapping.named(),
            mapping.endpoints(),
            new WebhookMapping.Registry(true, true, Optional.empty()),
            mapping.memory()));
    sender.with(Sender.endpoint()).standing = Endpoints.Standing.DEGRADED;

    assertThat(sender.post("1").status()).isEqualTo(503);
    assertThat(sender.send("GET", "/health", "").body()).isEqualTo("{\"status\":\"degraded\"}");
  }

  @Test
  void sendsEveryoneAwayWhileItCloses() {
    sender.with(Sender.endpoint());
    sender.inbox.close();

    assertThat(sender.post("1").body()).contains("shutting_down");
    assertThat(sender.send("GET", "/health", "").status()).isEqualTo(503);
  }

  @Test
  void answersAsTheEndpointWantsIt() {
    sender.with(Change.of(Sender.endpoint()).answers(201, "text/plain", "ok").endpoint());

    Reply reply = sender.post("1").reply();

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.body().utf8()).isEqualTo("ok");
    assertThat(reply.headers().first("content-type")).contains("text/plain");
  }

  @Test
  void adoptsAnotherConfigurationWithTheNextRequest() {
    sender.inbox.adopt(Sender.mapping("other.*"));

    assertThat(sender.send("POST", "/topics/webhooks.test", "1").status()).isEqualTo(404);
    assertThat(sender.send("POST", "/topics/other.x", "1").status()).isEqualTo(200);
  }
}
