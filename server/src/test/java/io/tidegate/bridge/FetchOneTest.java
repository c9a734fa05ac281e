package io.tidegate.bridge;

import static io.tidegate.bridge.Gateway.ID;
import static io.tidegate.bridge.Gateway.fetchOne;
import static io.tidegate.bridge.Gateway.oneWay;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.plan.HeaderTemplate;
import io.tidegate.plan.KafkaMapping.Fetch;
import io.tidegate.plan.KafkaMapping.Filter;
import io.tidegate.plan.Template;
import io.tidegate.plan.Template.Part;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchOneTest {
  private final Gateway gateway = new Gateway();

  @BeforeEach
  void serveOrders() {
    gateway.route("GET", "/orders/{id}", fetchOne("orders", ID));
    gateway.route("PUT", "/orders/{id}", oneWay("orders", ID));
  }

  private void store(String key, String value, Header... headers) {
    var bytes = value == null ? null : Bytes.utf8(value);
    gateway
        .cluster
        .topic("orders")
        .append(new Entry("orders", Bytes.utf8(key), List.of(headers), bytes));
  }

  private void fill(int records) {
    for (int i = 0; i < records; i++) {
      store("filler", "x");
    }
  }

  @Test
  void answersWithTheNewestRecordOfTheKey() {
    fill(3);
    store("o-17", "old");
    store(
        "o-17",
        "{\"ok\":true}",
        Header.of("etag", "rev=5"),
        Header.of("content-type", "application/json"),
        Header.of("secret", "stays"));

    var caller = gateway.get("/orders/o-17");

    assertThat(caller.status()).isEqualTo(200);
    assertThat(caller.body()).isEqualTo("{\"ok\":true}");
    assertThat(caller.reply().headers())
        .isEqualTo(Headers.of("content-type", "application/json", "etag", "AQIACg==/rev=5"));
  }

  @Test
  void tellsTheProgressAloneWhenTheRecordHasNoTag() {
    store("a", "x");

    assertThat(gateway.get("/orders/a").reply().headers())
        .isEqualTo(Headers.of("etag", "AQIAAg=="));
  }

  @Test
  void listsOnlyThePartitionOfTheRecord() {
    var topic = gateway.cluster.topic("orders", 8, true);
    store("o-17", "x");
    var partition = topic.partitionOf(Bytes.utf8("o-17"));

    assertThat(gateway.get("/orders/o-17").header("etag"))
        .contains(ProgressTag.encode(partition, 1));
  }

  @Test
  void answersAnEmptyValueWithoutContent() {
    store("o-17", "", Header.of("content-type", "text/plain"));

    var caller = gateway.get("/orders/o-17");

    assertThat(caller.status()).isEqualTo(204);
    assertThat(caller.reply().headers())
        .isEqualTo(Headers.of("content-type", "text/plain", "etag", "AQIAAg=="));
  }

  @Test
  void findsNeitherADeletedNorAnUnknownKey() {
    store("gone", "x");
    store("gone", null);

    assertThat(gateway.get("/orders/gone").status()).isEqualTo(404);
    assertThat(gateway.get("/orders/none").status()).isEqualTo(404);
  }

  @Test
  void servesAHeadLikeAGet() {
    store("o-17", "x");

    assertThat(gateway.send("HEAD", "/orders/o-17", "").status()).isEqualTo(200);
  }

  @Test
  void ignoresTheQueryAndABody() {
    store("o-17", "x");

    assertThat(gateway.send("GET", "/orders/o-17?x=1", "body").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AQIACg==",
        "\"AQIACg==\"",
        "W/\"AQIACg==\"",
        "\"none\", AQIACg==",
        "AQIAAg==,AQIACg=="
      })
  void saysThatNothingIsNewerThanTheTag(String tag) {
    fill(4);
    store("o-17", "x");

    var caller = gateway.get("/orders/o-17", "if-none-match", tag);

    assertThat(caller.status()).isEqualTo(304);
    assertThat(caller.reply().headers()).isEqualTo(Headers.of("etag", "AQIACg=="));
    assertThat(caller.body()).isEmpty();
  }

  @Test
  void echoesTheTagOfTheCaller() {
    store("o-17", "x", Header.of("etag", "new"));

    assertThat(gateway.get("/orders/o-17", "if-none-match", "AQIAAg==/old").header("etag"))
        .contains("AQIAAg==/old");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AQIAAg==", "\"xx\"", "AQIA", "AQICCg=="})
  void answersWithTheRecordWhenTheTagDoesNotCoverIt(String tag) {
    fill(4);
    store("o-17", "x");

    assertThat(gateway.get("/orders/o-17", "if-none-match", tag).status()).isEqualTo(200);
  }

  @Test
  void understandsTheStar() {
    store("o-17", "x");

    assertThat(gateway.get("/orders/o-17", "if-none-match", "*").status()).isEqualTo(304);
    assertThat(gateway.get("/orders/o-17", "if-none-match", "*").header("etag"))
        .contains("AQIAAg==");
    assertThat(gateway.get("/orders/none", "if-none-match", "*").status()).isEqualTo(404);
  }

  @Test
  void saysNothingNewToAConditionOnAKeyThatHasNoRecord() {
    var caller = gateway.get("/orders/none", "if-none-match", "AQIACg==");

    assertThat(caller.status()).isEqualTo(304);
    assertThat(caller.header("etag")).contains("AQIACg==");
  }

  @Test
  void saysThatARecordIsGoneToOneWhoHasIt() {
    store("o-17", "x");
    store("o-17", null);

    assertThat(gateway.get("/orders/o-17", "if-none-match", "AQIAAg==").status()).isEqualTo(404);
  }

  @Test
  void keepsACallerWaitingForNews() {
    fill(4);
    store("o-17", "old");

    var caller = gateway.get("/orders/o-17", "if-none-match", "AQIACg==", "prefer", "wait=30");

    assertThat(caller.isAnswered()).isFalse();
    store("other", "x");
    assertThat(caller.isAnswered()).isFalse();
    store("o-17", "new", Header.of("etag", "rev=6"));
    assertThat(caller.status()).isEqualTo(200);
    assertThat(caller.body()).isEqualTo("new");
    assertThat(caller.reply().headers())
        .isEqualTo(Headers.of("etag", "AQIADg==/rev=6", "preference-applied", "wait=30"));
    assertNobodyWaits();
  }

  @Test
  void doesNotKeepOneWaitingForWhatIsThere() {
    store("o-17", "x");

    assertThat(gateway.get("/orders/o-17", "prefer", "wait=30").status()).isEqualTo(200);
    assertThat(
            gateway.get("/orders/o-17", "prefer", "wait=30", "if-none-match", "AQIAAA==").status())
        .isEqualTo(200);
    assertNobodyWaits();
  }

  @Test
  void saysThatNothingCameInTime() {
    store("o-17", "x");
    var unchanged = gateway.get("/orders/o-17", "if-none-match", "AQIAAg==", "prefer", "wait=2");
    var absent = gateway.get("/orders/none", "prefer", "wait=2");

    gateway.time.advance(Duration.ofSeconds(2));

    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.reply().headers())
        .isEqualTo(Headers.of("etag", "AQIAAg==", "preference-applied", "wait=2"));
    assertThat(absent.status()).isEqualTo(404);
    assertThat(absent.header("preference-applied")).contains("wait=2");
    assertNobodyWaits();
  }

  @Test
  void waitsForAValueWhereThereIsATombstone() {
    store("o-17", "x");
    store("o-17", null);

    var caller = gateway.get("/orders/o-17", "prefer", "wait=2");

    assertThat(caller.isAnswered()).isFalse();
    store("o-17", null);
    assertThat(caller.isAnswered()).isFalse();
    store("o-17", "again");
    assertThat(caller.body()).isEqualTo("again");
  }

  @Test
  void takesADeletionForNewsWhenTheCallerHasTheRecord() {
    store("o-17", "x");
    var caller = gateway.get("/orders/o-17", "if-none-match", "AQIAAg==", "prefer", "wait=2");

    store("o-17", null);

    assertThat(caller.status()).isEqualTo(404);
  }

  @Test
  void waitsForTheNextRecordOfOneWhoHasAnything() {
    store("o-17", "x");
    var caller = gateway.get("/orders/o-17", "if-none-match", "*", "prefer", "wait=2");

    assertThat(caller.isAnswered()).isFalse();
    store("o-17", "y");
    assertThat(caller.body()).isEqualTo("y");
  }

  @Test
  void forgetsACallerWhoHangsUp() {
    var caller = gateway.get("/orders/none", "prefer", "wait=30");

    caller.hangUp();

    assertNobodyWaits();
    assertThat(caller.isAnswered()).isFalse();
  }

  @Test
  void holdsAWaitToFiveMinutes() {
    var caller = gateway.get("/orders/none", "prefer", "wait=86400");

    gateway.time.advance(Duration.ofMinutes(5));

    assertThat(caller.status()).isEqualTo(404);
    assertThat(caller.header("preference-applied")).contains("wait=300");
  }

  @ParameterizedTest
  @ValueSource(strings = {"return=minimal", "wait=30"})
  void saysLaterWhileTheTopicCannotBeRead(String preference) {
    gateway.cluster.topic("orders").unready(true);

    var caller = gateway.get("/orders/o-17", "prefer", preference);

    assertThat(caller.status()).isEqualTo(503);
    assertThat(caller.header("retry-after").orElseThrow()).matches("[1-5]");
    assertNobodyWaits();
  }

  @Test
  void readsItsOwnWrite() {
    gateway.cluster.topic("orders").lags();
    gateway.send("PUT", "/orders/o-17", "mine");

    var caller = gateway.get("/orders/o-17");

    assertThat(caller.isAnswered()).isFalse();
    gateway.cluster.topic("orders").catchUp();
    assertThat(caller.body()).isEqualTo("mine");
    assertNobodyWaits();
  }

  @Test
  void waitsForItsOwnWriteButASecond() {
    gateway.cluster.topic("orders").lags();
    gateway.send("PUT", "/orders/o-17", "mine");
    var caller = gateway.get("/orders/o-17");

    gateway.time.advance(Duration.ofSeconds(1));

    assertThat(caller.status()).isEqualTo(404);
    assertThat(gateway.get("/orders/o-17").status()).isEqualTo(404);
    assertNobodyWaits();
  }

  @Test
  void doesNotWaitForTheWritesOfOtherPartitions() {
    var topic = gateway.cluster.topic("orders", 2, true);
    var own = keyIn(0);
    topic.lags();
    gateway.send("PUT", "/orders/" + own, "mine");

    assertThat(gateway.get("/orders/" + keyIn(1)).status()).isEqualTo(404);
  }

  private String keyIn(int partition) {
    var topic = gateway.cluster.topic("orders");
    int i = 0;
    while (topic.partitionOf(Bytes.utf8("k" + i)) != partition) {
      i++;
    }
    return "k" + i;
  }

  @Test
  void filtersByHeadersAndByAnyOfSeveralFilters() {
    var red = new HeaderTemplate("color", new Template(List.of(new Part.Query("color"))));
    var fetch =
        new Fetch(
            "embedded",
            Template.text("orders"),
            List.of(
                new Filter(Optional.of(ID), List.of(red)),
                new Filter(Optional.of(Template.text("other")), List.of())),
            Optional.empty());
    gateway.route("GET", "/colored/{id}", fetch);
    store("1", "red one", Header.of("color", "red"));
    store("2", "blue one", Header.of("color", "blue"));

    assertThat(gateway.get("/colored/1?color=red").body()).isEqualTo("red one");
    assertThat(gateway.get("/colored/1?color=blue").status()).isEqualTo(404);
    store("other", "any");
    assertThat(gateway.get("/colored/1?color=blue").body()).isEqualTo("any");
  }

  @Test
  void opensNoViewOfATopicThatACallerMadeUp() {
    var fetch = new Fetch("embedded", ID, List.of(), Optional.empty());
    gateway.route("GET", "/topics/{id}", fetch);
    store("1", "there");

    assertThat(gateway.get("/topics/none").status()).isEqualTo(404);
    assertThat(gateway.cluster.topics).containsOnlyKeys("orders");
    assertThat(gateway.get("/topics/orders").body()).isEqualTo("there");
    assertThat(gateway.get("/topics/__offsets").status()).isEqualTo(404);
  }

  @Test
  void leavesOutHeaderValuesThatWouldSplitTheReply() {
    store("o-17", "x", Header.of("content-type", "a\r\nset-cookie: b"), Header.of("etag", "c\nd"));

    assertThat(gateway.get("/orders/o-17").reply().headers())
        .isEqualTo(Headers.of("etag", "AQIAAg=="));
  }

  private void assertNobodyWaits() {
    assertThat(gateway.time.pending()).isZero();
    assertThat(gateway.cluster.topic("orders").watchers()).isZero();
  }
}
