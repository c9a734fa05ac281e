package io.tidegate.bridge;

import static io.tidegate.bridge.Gateway.ID;
import static io.tidegate.bridge.Gateway.produce;
import static io.tidegate.bridge.Gateway.replyTo;
import static io.tidegate.bridge.Gateway.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.log.Appended;
import io.tidegate.log.Appended.Reason;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.KafkaMapping.Route;
import io.tidegate.plan.Template;
import io.tidegate.plan.Template.Part;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RespondAsyncTest {
  private static final String ID_OF_UPDATE = "k-0001-fc36494f1f5eb3d7c0df6fddd1a74073";
  private static final String LOCATION = "/orders/o-17;cid=" + ID_OF_UPDATE;

  private final Gateway gateway = new Gateway();

  @BeforeEach
  void serveOrders() {
    var location =
        new Template(
            List.of(
                new Part.Text("/orders/"),
                new Part.Param("id"),
                new Part.Text(";cid="),
                new Part.CorrelationId()));
    var produce =
        produce(
            Template.text("orders-requests"),
            ID,
            List.of(),
            List.of(),
            replyTo("orders-responses", new HeaderTemplate("location", location)));
    var conditions =
        List.of(when("PUT", "/orders/{id}"), when("GET", "/orders/{id};cid={correlationId}"));
    gateway.route(new Route(List.of(), conditions, produce));
    gateway.cluster.topic("orders-responses", 1, false);
  }

  private Caller update(String key, String prefer) {
    return gateway.send(
        "PUT",
        "/orders/o-17",
        "{\"state\":\"P\"}",
        "accept",
        "*/*",
        "idempotency-key",
        key,
        "content-type",
        "application/json",
        "prefer",
        prefer);
  }

  private void answer(String status, String body) {
    var headers =
        List.of(Header.of(":status", status), Header.of("zilla:correlation-id", ID_OF_UPDATE));
    gateway
        .cluster
        .topic("orders-responses")
        .append(new Entry("orders-responses", null, headers, Bytes.utf8(body)));
  }

  @Test
  void tellsWhereToAskAsSoonAsTheRequestIsStored() {
    gateway.cluster.holdAppends();
    var caller = update("k-0001", "respond-async");
    assertThat(caller.isAnswered()).isFalse();

    gateway.cluster.confirmAppends();

    assertThat(caller.status()).isEqualTo(202);
    assertThat(caller.reply().headers())
        .isEqualTo(Headers.of("location", LOCATION, "preference-applied", "respond-async"));
    assertThat(caller.body()).isEmpty();
    assertNobodyWaits();
  }

  @Test
  void tellsTheSameAgainWithoutStoringWhatIsAnswered() {
    update("k-0001", "respond-async");
    answer("201", "done");

    var again = update("k-0001", "respond-async");

    assertThat(again.status()).isEqualTo(202);
    assertThat(again.header("location")).contains(LOCATION);
    assertThat(gateway.cluster.entries).hasSize(1);
  }

  @Test
  void waitsForTheReplyWhereThatIsPreferred() {
    var caller = update("k-0001", "respond-async, wait=5");
    assertThat(caller.isAnswered()).isFalse();

    answer("201", "wait5-ok");

    assertThat(caller.status()).isEqualTo(201);
    assertThat(caller.body()).isEqualTo("wait5-ok");
    assertThat(caller.header("preference-applied")).contains("wait=5");
    assertNobodyWaits();
  }

  @Test
  void tellsWhereToAskWhenThePreferredWaitIsOver() {
    var caller = update("k-0001", "respond-async; wait=5");

    gateway.time.advance(Duration.ofSeconds(5));

    assertThat(caller.status()).isEqualTo(202);
    assertThat(caller.header("location")).contains(LOCATION);
    assertNobodyWaits();
  }

  @Test
  void promisesNothingBeforeItIsStored() {
    gateway.cluster.holdAppends();
    var caller = update("k-0001", "respond-async, wait=1");

    gateway.time.advance(Duration.ofSeconds(1));
    assertThat(caller.isAnswered()).isFalse();
    gateway.cluster.confirmAppends();

    assertThat(caller.status()).isEqualTo(202);
    assertNobodyWaits();
  }

  @Test
  void doesNotWaitForEverForTheLog() {
    gateway.cluster.holdAppends();
    var caller = update("k-0001", "respond-async, wait=1");

    gateway.time.advance(Duration.ofSeconds(1));
    gateway.time.advance(Duration.ofSeconds(10));

    assertThat(caller.body()).contains("outcome_unknown");
    gateway.cluster.confirmAppends();
    assertNobodyWaits();
  }

  @Test
  void saysWhyTheRequestWasNotStored() {
    gateway.cluster.endAppendsWith(new Appended.Refused(Reason.INVALID, ""));

    assertThat(update("k-0001", "respond-async").status()).isEqualTo(400);
    assertNobodyWaits();
  }

  @Test
  void waitsForTheReplyOfOneWhoDoesNotPreferOtherwise() {
    var caller = update("k-0001", "return=minimal");

    answer("200", "sync-ok");

    assertThat(caller.body()).isEqualTo("sync-ok");
  }

  @Test
  void namesTheSameRequestTheSameWhicheverWayItIsAsked() {
    var caller = update("k-0001", "respond-async");
    update("k-0001", "wait=1");

    assertThat(caller.header("location")).contains(LOCATION);
    assertThat(gateway.cluster.entries).hasSize(1);
  }

  @Test
  void ignoresThePreferenceWhereTheRouteDoesNotAllowIt() {
    var produce =
        produce(
            Template.text("orders-requests"),
            null,
            List.of(),
            List.of(),
            replyTo("orders-responses"));
    gateway.route("POST", "/sync", produce);

    var caller = gateway.send("POST", "/sync", "", "prefer", "respond-async");

    assertThat(caller.isAnswered()).isFalse();
    gateway.time.advance(Duration.ofSeconds(30));
    assertThat(caller.status()).isEqualTo(504);
  }

  @Test
  void handsOutTheReplyToOneWhoAsks() {
    answer("409", "no");

    var caller = gateway.get(LOCATION);

    assertThat(caller.status()).isEqualTo(409);
    assertThat(caller.body()).isEqualTo("no");
    assertThat(gateway.cluster.entries).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"return=minimal", "respond-async"})
  void tellsOneWhoAsksTooEarlyToAskAgain(String prefer) {
    var caller = gateway.get(LOCATION, "prefer", prefer);

    assertThat(caller.status()).isEqualTo(202);
    assertThat(caller.reply().headers()).isEqualTo(Headers.of("location", LOCATION));
    assertThat(gateway.cluster.entries).isEmpty();
  }

  @Test
  void keepsOneWhoAsksWaitingForTheReply() {
    var caller = gateway.get(LOCATION, "prefer", "wait=10");
    assertThat(caller.isAnswered()).isFalse();

    answer("200", "done");

    assertThat(caller.body()).isEqualTo("done");
    assertThat(caller.header("preference-applied")).contains("wait=10");
    assertNobodyWaits();
  }

  @Test
  void doesNotKeepOneWaitingForAReplyThatIsThere() {
    answer("200", "done");

    assertThat(gateway.get(LOCATION, "prefer", "wait=10").body()).isEqualTo("done");
    assertNobodyWaits();
  }

  @Test
  void tellsOneWhoWaitedInVainToAskAgain() {
    var caller = gateway.get("/orders/o-17;cid=garbage", "prefer", "wait=2");

    gateway.time.advance(Duration.ofSeconds(2));

    assertThat(caller.status()).isEqualTo(202);
    assertThat(caller.reply().headers())
        .isEqualTo(
            Headers.of("location", "/orders/o-17;cid=garbage", "preference-applied", "wait=2"));
    assertNobodyWaits();
  }

  @Test
  void forgetsAPollerWhoHangsUp() {
    gateway.get(LOCATION, "prefer", "wait=2").hangUp();

    assertNobodyWaits();
  }

  @Test
  void asksLaterWhileTheReplyTopicCannotBeRead() {
    gateway.cluster.topic("orders-responses").unready(true);

    assertThat(gateway.get(LOCATION).status()).isEqualTo(503);
    assertThat(gateway.get(LOCATION, "prefer", "wait=2").status()).isEqualTo(503);
    assertNobodyWaits();
  }

  @Test
  void writesKeysThatDoNotFitIntoAPathSoThatTheyDo() {
    var caller = update("a b/ä?%41\r\nx: y", "respond-async");

    var location = caller.header("location").orElseThrow();
    assertThat(location).startsWith("/orders/o-17;cid=a%20b%2F%C3%A4%3F%2541%0D%0Ax:%20y-");
    var id = gateway.cluster.last().headers().getLast().value();
    gateway
        .cluster
        .topic("orders-responses")
        .append(
            new Entry(
                "orders-responses",
                null,
                List.of(new Header("zilla:correlation-id", id)),
                Bytes.utf8("found")));
    assertThat(gateway.get(location).body()).isEqualTo("found");
  }

  @Test
  void recognisesAddressesWithOriginAndQuery() {
    var template =
        new Template(
            List.of(new Part.Text("https://api.example/replies?cid="), new Part.CorrelationId()));
    var address = PollAddress.of(template);

    assertThat(address.match(Gateway.request("GET", "/replies?cid=1-2", "")))
        .hasValueSatisfying(poll -> assertThat(poll.correlationId()).isEqualTo("1-2"));
    assertThat(address.match(Gateway.request("GET", "/replies?cid=", ""))).isEmpty();
    assertThat(address.match(Gateway.request("GET", "/replies", ""))).isEmpty();
  }

  private void assertNobodyWaits() {
    assertThat(gateway.time.pending()).isZero();
    assertThat(gateway.cluster.topic("orders-responses").watchers()).isZero();
    assertThat(gateway.topics.exchanges().underWay()).isZero();
  }
}
