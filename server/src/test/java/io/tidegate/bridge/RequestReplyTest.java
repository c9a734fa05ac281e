package io.tidegate.bridge;

import static io.tidegate.bridge.Gateway.ID;
import static io.tidegate.bridge.Gateway.produce;
import static io.tidegate.bridge.Gateway.replyTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.log.Appended;
import io.tidegate.log.Appended.Reason;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReplyTest {
  private static final String ID_OF_UPDATE = "k-0001-fc36494f1f5eb3d7c0df6fddd1a74073";

  private final Gateway gateway = new Gateway();

  @BeforeEach
  void serveOrders() {
    var produce =
        produce(
            Template.text("orders-requests"),
            ID,
            List.of(),
            List.of(),
            replyTo("orders-responses"));
    gateway.route(null, "/orders/{id}", produce);
    gateway.cluster.topic("orders-responses", 1, false);
  }

  private Caller update(String... more) {
    var headers =
        new ArrayList<>(
            List.of(
                "accept",
                "*/*",
                "idempotency-key",
                "k-0001",
                "content-type",
                "application/json",
                "content-length",
                "13"));
    headers.addAll(List.of(more));
    return gateway.send("PUT", "/orders/o-17", "{\"state\":\"P\"}", headers.toArray(String[]::new));
  }

  private void answer(String correlationId, String body, String... headers) {
    var all = new ArrayList<Header>();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(Header.of(headers[i], headers[i + 1]));
    }
    all.add(Header.of("zilla:correlation-id", correlationId));
    var value = body == null ? null : Bytes.utf8(body);
    gateway
        .cluster
        .topic("orders-responses")
        .append(new Entry("orders-responses", Bytes.utf8("o-17"), all, value));
  }

  private List<Entry> requests() {
    return gateway.cluster.entries;
  }

  private String lastId() {
    return requests().getLast().headers().getLast().value().utf8();
  }

  @Test
  void storesTheWholeRequest() {
    update("if-match", "AQIACg==/rev=4", "prefer", "wait=5", "host", "shop.example:7114");

    var record = requests().getFirst();
    assertThat(record.topic()).isEqualTo("orders-requests");
    assertThat(record.key()).isEqualTo(Bytes.utf8("o-17"));
    assertThat(record.value()).isEqualTo(Bytes.utf8("{\"state\":\"P\"}"));
    assertThat(record.headers().subList(0, 9))
        .containsExactly(
            Header.of(":scheme", "http"),
            Header.of(":method", "PUT"),
            Header.of(":path", "/orders/o-17"),
            Header.of(":authority", "shop.example:7114"),
            Header.of("accept", "*/*"),
            Header.of("idempotency-key", "k-0001"),
            Header.of("content-type", "application/json"),
            Header.of("if-match", "rev=4"),
            Header.of("zilla:reply-to", "orders-responses"));
    assertThat(record.headers()).hasSize(10);
    assertThat(record.headers().getLast().name()).isEqualTo("zilla:correlation-id");
  }

  @Test
  void namesTheRequestAsOthersDo() {
    update();

    assertThat(lastId()).isEqualTo(ID_OF_UPDATE);
  }

  @Test
  void appendsOverridesBeforeTheCorrelationId() {
    var produce =
        produce(
            Template.text("orders-requests"),
            null,
            List.of(new HeaderTemplate("accept", Template.text("other"))),
            List.of(),
            replyTo("orders-responses"));
    gateway.route("POST", "/over", produce);

    gateway.send("POST", "/over?q=1", "", "accept", "a");

    assertThat(requests().getLast().headers())
        .extracting(header -> header.name() + "=" + header.value().utf8())
        .startsWith(":scheme=http", ":method=POST", ":path=/over?q=1")
        .containsSubsequence("accept=a", "zilla:reply-to=orders-responses", "accept=other");
    assertThat(requests().getLast().headers().getLast().name()).isEqualTo("zilla:correlation-id");
  }

  @ParameterizedTest
  @CsvSource({
    "AQIACg==/rev=4,rev=4",
    "\"AQIACg==/rev=4\",rev=4",
    "W/\"AQIACg==/rev=4\",rev=4",
    "AQIACg==/a/b,a/b",
    "AQIACg==/,''",
  })
  void handsTheServiceItsOwnTag(String given, String expected) {
    assertThat(RequestRecord.serviceTag(given)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AQIACg==", "\"xx\"", "*", "W/\"xx\"", "W/\"", "\""})
  void dropsATagThatIsNotTheServices(String given) {
    assertThat(RequestRecord.serviceTag(given)).isEmpty();
  }

  @Test
  void storesNoBodyAsAnEmptyValue() {
    gateway.send("DELETE", "/orders/o-17", "");

    assertThat(requests().getLast().value()).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void answersWithTheReplyOfTheService() {
    var caller = update();
    assertThat(caller.isAnswered()).isFalse();

    answer("k-0001-other", "no");
    assertThat(caller.isAnswered()).isFalse();
    answer(
        ID_OF_UPDATE,
        "{\"ok\":true}",
        ":status",
        "201",
        "content-type",
        "application/json",
        "etag",
        "rev=5");

    assertThat(caller.status()).isEqualTo(201);
    assertThat(caller.body()).isEqualTo("{\"ok\":true}");
    assertThat(caller.reply().headers())
        .isEqualTo(Headers.of("content-type", "application/json", "etag", "rev=5"));
    assertNobodyWaits();
  }

  @Test
  void answersAlsoWhenTheReplyOvertakesTheAcknowledgement() {
    gateway.cluster.holdAppends();
    var caller = update();

    answer(ID_OF_UPDATE, "fast");
    assertThat(caller.body()).isEqualTo("fast");
    gateway.cluster.confirmAppends();

    assertNobodyWaits();
  }

  @Test
  void answersARepeatedRequestFromTheTopicAndStoresNothing() {
    update();
    answer(ID_OF_UPDATE, "once");

    var again = update("prefer", "wait=9");

    assertThat(again.body()).isEqualTo("once");
    assertThat(again.header("preference-applied")).contains("wait=9");
    assertThat(requests()).hasSize(1);
    assertNobodyWaits();
  }

  @Test
  void makesOneRecordOfEqualRequestsAtTheSameTime() {
    gateway.cluster.holdAppends();
    var first = update();
    var second = update();
    gateway.cluster.confirmAppends();
    var third = update();

    answer(ID_OF_UPDATE, "for all");

    assertThat(Stream.of(first, second, third)).extracting(Caller::body).containsOnly("for all");
    assertThat(requests()).hasSize(1);
    assertNobodyWaits();
  }

  @Test
  void onlyWaitsWhenARequestIsRepeatedWhileItsReplyIsOwed() {
    update();
    gateway.time.advance(Duration.ofSeconds(30));

    var again = update();

    assertThat(requests()).hasSize(1);
    answer(ID_OF_UPDATE, "late");
    assertThat(again.body()).isEqualTo("late");
    assertNobodyWaits();
  }

  @Test
  void asksAgainWhenTheReplyIsOwedForLong() {
    update();
    gateway.time.advance(Duration.ofSeconds(30));
    gateway.time.advance(Duration.ofSeconds(30));

    update();

    assertThat(requests()).hasSize(2);
  }

  @Test
  void looksForRepliesOnlyInTopicsThatExist() {
    var correlation =
        new io.tidegate.plan.KafkaMapping.Correlation(
            ID,
            "zilla:reply-to",
            "zilla:correlation-id",
            "zilla:correlation-id",
            Duration.ofSeconds(30),
            List.of());
    gateway.route(
        "POST",
        "/chosen/{id}",
        produce(Template.text("orders-requests"), null, List.of(), List.of(), correlation));

    assertThat(gateway.send("POST", "/chosen/none", "").status()).isEqualTo(404);
    assertThat(gateway.cluster.topics).doesNotContainKey("none");
    assertThat(gateway.send("POST", "/chosen/orders-responses", "").isAnswered()).isFalse();
    assertThat(requests()).hasSize(1);
  }

  @Test
  void takesRequestsWithoutIdempotencyKeyForDifferentOnes() {
    gateway.send("PUT", "/orders/o-17", "x");
    gateway.send("PUT", "/orders/o-17", "x");

    assertThat(requests()).hasSize(2);
    assertThat(lastId()).matches("[0-9a-f-]{36}-[0-9a-f]{32}");
  }

  @Test
  void givesUpWaitingAfterTheLimit() {
    var caller = update();

    gateway.time.advance(Duration.ofSeconds(29));
    assertThat(caller.isAnswered()).isFalse();
    gateway.time.advance(Duration.ofSeconds(1));

    assertThat(caller.status()).isEqualTo(504);
    assertThat(caller.body()).contains("\"code\":\"no_reply\"", ID_OF_UPDATE);
    assertNobodyWaits();
  }

  @ParameterizedTest
  @CsvSource({"5,5", "60,30"})
  void letsACallerShortenTheLimit(int preferred, int applied) {
    var caller = update("prefer", "wait=" + preferred);

    gateway.time.advance(Duration.ofSeconds(applied));

    assertThat(caller.status()).isEqualTo(504);
    assertThat(caller.header("preference-applied")).contains("wait=" + applied);
  }

  @Test
  void letsOneGoWhileOthersWait() {
    var hasty = update("prefer", "wait=5");
    var patient = update();

    gateway.time.advance(Duration.ofSeconds(5));
    assertThat(hasty.status()).isEqualTo(504);
    answer(ID_OF_UPDATE, "late");

    assertThat(patient.body()).isEqualTo("late");
    assertNobodyWaits();
  }

  @Test
  void forgetsACallerWhoHangsUp() {
    var caller = update();

    caller.hangUp();

    assertNobodyWaits();
    answer(ID_OF_UPDATE, "x");
    assertThat(caller.isAnswered()).isFalse();
  }

  @Test
  void storesARequestWhoseCallerHangsUpMeanwhile() {
    gateway.cluster.holdAppends();
    var caller = update();

    caller.hangUp();
    gateway.cluster.confirmAppends();

    assertThat(requests()).hasSize(1);
    assertNobodyWaits();
  }

  @Test
  void saysLaterWhenTheReplyTopicCannotBeRead() {
    gateway.cluster.topic("orders-responses").unready(true);

    var caller = update();

    assertThat(caller.status()).isEqualTo(503);
    assertThat(requests()).isEmpty();
    assertNobodyWaits();
  }

  @ParameterizedTest
  @CsvSource({"TOO_LARGE,413", "INVALID,400", "NOT_AUTHORIZED,502"})
  void saysWhyTheRequestWasNotStored(Reason reason, int status) {
    gateway.cluster.endAppendsWith(new Appended.Refused(reason, ""));

    assertThat(update().status()).isEqualTo(status);
    assertNobodyWaits();
  }

  @Test
  void saysThatTheOutcomeIsNotKnown() {
    gateway.cluster.endAppendsWith(new Appended.Unknown(""));

    assertThat(update().body()).contains("outcome_unknown");
    assertNobodyWaits();
  }

  @Test
  void repliesWithoutStatusAreOk() {
    var caller = update();
    answer(ID_OF_UPDATE, "x");
    assertThat(caller.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"100", "199", "600", "99", "2000", "ok", "", "-200", "٢٠٠"})
  void doesNotPassOnAStatusThatIsNone(String status) {
    var caller = update();
    answer(ID_OF_UPDATE, "x", ":status", status);
    assertThat(caller.status()).isEqualTo(502);
  }

  @Test
  void repliesToAFailedConditionComeThrough() {
    var caller = update("if-match", "AQIACg==/rev=4");
    answer(lastId(), null, ":status", "412");
    assertThat(caller.status()).isEqualTo(412);
    assertThat(caller.reply().body()).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void leavesOutWhatWouldDamageTheConnection() {
    var caller = update();
    answer(
        ID_OF_UPDATE,
        "x",
        ":status",
        "204",
        ":path",
        "/",
        "Connection",
        "close",
        "transfer-encoding",
        "chunked",
        "Content-Length",
        "99",
        "x-split",
        "a\r\nset-cookie: b",
        "bad name",
        "a",
        "",
        "a",
        "X-Good",
        "yes");
    assertThat(caller.reply().headers()).isEqualTo(Headers.of("x-good", "yes"));
    assertThat(caller.reply().body()).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void passesAGetOnToTheServiceAndAHeadAsGetWhereThatIsAllTheRouteKnows() {
    var produce =
        produce(
            Template.text("orders-requests"),
            null,
            List.of(),
            List.of(),
            replyTo("orders-responses"));
    gateway.route("GET", "/report", produce);

    gateway.send("GET", "/orders/o-17", "");
    gateway.send("HEAD", "/orders/o-17", "");
    gateway.send("HEAD", "/report", "");

    assertThat(requests())
        .extracting(entry -> entry.headers().get(1).value().utf8())
        .containsExactly("GET", "HEAD", "GET");
  }

  private void assertNobodyWaits() {
    assertThat(gateway.time.pending()).isZero();
    assertThat(gateway.cluster.topic("orders-responses").watchers()).isZero();
    assertThat(gateway.topics.exchanges().underWay()).isZero();
  }
}
