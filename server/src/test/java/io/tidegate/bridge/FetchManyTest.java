package io.tidegate.bridge;

import static io.tidegate.bridge.Gateway.ID;
import static io.tidegate.bridge.Gateway.fetchMany;
import static io.tidegate.bridge.Gateway.oneWay;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.plan.HeaderTemplate;
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
import tools.jackson.databind.json.JsonMapper;

class FetchManyTest {
  private static final Headers AT_TWO =
      Headers.of("content-type", "application/json", "etag", "AQIABA==");

  private final Gateway gateway = new Gateway();

  @BeforeEach
  void serveOrders() {
    gateway.route("GET", "/orders", fetchMany("orders"));
    gateway.route("PUT", "/orders/{id}", oneWay("orders", ID));
  }

  private void store(String key, String value, Header... headers) {
    var bytes = value == null ? null : Bytes.utf8(value);
    var entry = new Entry("orders", Bytes.utf8(key), List.of(headers), bytes);
    gateway.cluster.topic("orders").append(entry);
  }

  private void storeThree() {
    store("k1", "{\"a\":1}");
    store("k2", "{\"b\":2}");
    store("k1", "{\"a\":3}");
  }

  @Test
  void joinsTheNewestValuesInOrder() {
    storeThree();

    var caller = gateway.get("/orders");

    assertThat(caller.status()).isEqualTo(200);
    assertThat(caller.reply().headers()).isEqualTo(AT_TWO);
    assertThat(caller.body()).isEqualTo("[{\"b\":2},{\"a\":3}]");
  }

  @Test
  void isAnEmptyArrayWhereNothingIs() {
    var caller = gateway.get("/orders");

    assertThat(caller.body()).isEqualTo("[]");
    assertThat(caller.header("etag")).contains("AQIAAQ==");
  }

  @Test
  void tellsTheLatestOffsetOfEachPartition() {
    gateway.cluster.topic("orders", 3, true);
    store("k1", "1");

    var partition = gateway.cluster.topic("orders").partitionOf(Bytes.utf8("k1"));
    var expected = new java.util.HashMap<>(java.util.Map.of(0, -1L, 1, -1L, 2, -1L));
    expected.put(partition, 0L);
    assertThat(gateway.get("/orders").header("etag"))
        .contains(ProgressTag.encode(io.tidegate.view.Progress.of(expected)));
  }

  @Test
  void holdsEveryRecordOfATopicThatIsNotCompacted() {
    gateway.cluster.topic("orders", 1, false);
    storeThree();

    assertThat(gateway.get("/orders").body()).isEqualTo("[{\"a\":1},{\"b\":2},{\"a\":3}]");
  }

  @Test
  void leavesOutWhatIsEmptyOrDeleted() {
    storeThree();
    store("k3", "");
    store("k2", null);

    assertThat(gateway.get("/orders").body()).isEqualTo("[{\"a\":3}]");
  }

  @Test
  void filtersByHeader() {
    var color = new Template(List.of(new Part.Param("color")));
    gateway.route(
        "GET",
        "/colors/{color}",
        fetchMany(
            "orders", new Filter(Optional.empty(), List.of(new HeaderTemplate("color", color)))));
    store("1", "1", Header.of("color", "red"));
    store("2", "2", Header.of("color", "blue"));

    assertThat(gateway.get("/colors/red").body()).isEqualTo("[1]");
    assertThat(gateway.get("/colors/blue").body()).isEqualTo("[2]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AQIABA==", "\"AQIABA==\"", "W/\"AQIABA==\"", "AQIAAA==, AQIABA==", "*"})
  void saysThatNothingChanged(String tag) {
    storeThree();

    var caller = gateway.get("/orders", "if-none-match", tag);

    assertThat(caller.status()).isEqualTo(304);
    assertThat(caller.reply().headers()).isEqualTo(AT_TWO);
    assertThat(caller.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"AQIAAg==", "AQQABAIA", "xx", "AQIA"})
  void givesTheWholeArrayToOneWhoHasAnother(String tag) {
    storeThree();

    assertThat(gateway.get("/orders", "if-none-match", tag).body())
        .isEqualTo("[{\"b\":2},{\"a\":3}]");
  }

  @Test
  void givesNothingOlderThanTheCallerHasSeenElsewhere() {
    storeThree();
    gateway.cluster.topic("orders").lags();
    store("k1", null);

    var caller = gateway.get("/orders", "if-none-match", "AQIABg==");
    assertThat(caller.isAnswered()).isFalse();
    gateway.cluster.topic("orders").catchUp();

    assertThat(caller.status()).isEqualTo(304);
    assertNobodyWaits();
  }

  @Test
  void waitsNoLongerThanASecondForWhatTheTopicDoesNotHave() {
    storeThree();

    var caller = gateway.get("/orders", "if-none-match", "AQIABg==");
    assertThat(caller.isAnswered()).isFalse();
    gateway.time.advance(Duration.ofSeconds(1));

    assertThat(caller.body()).isEqualTo("[{\"b\":2},{\"a\":3}]");
    assertNobodyWaits();
  }

  @Test
  void scansATopicOnceWhileItDoesNotChange() {
    storeThree();

    var first = gateway.get("/orders");
    var second = gateway.get("/orders");
    assertThat(gateway.cluster.topic("orders").scans).isEqualTo(1);
    assertThat(second.reply().body()).isSameAs(first.reply().body());

    store("k4", "4");
    assertThat(gateway.get("/orders").body()).isEqualTo("[{\"b\":2},{\"a\":3},4]");
    assertThat(gateway.cluster.topic("orders").scans).isEqualTo(2);
  }

  @Test
  void keepsOneWhoHasTheArrayWaitingForAChange() {
    storeThree();

    var caller = gateway.get("/orders", "if-none-match", "AQIABA==", "prefer", "wait=30");
    assertThat(caller.isAnswered()).isFalse();
    store("k2", null);

    assertThat(caller.status()).isEqualTo(200);
    assertThat(caller.body()).isEqualTo("[{\"a\":3}]");
    assertThat(caller.reply().headers())
        .isEqualTo(
            Headers.of(
                "content-type",
                "application/json",
                "etag",
                "AQIABg==",
                "preference-applied",
                "wait=30"));
    assertNobodyWaits();
  }

  @Test
  void saysThatNothingChangedInTime() {
    storeThree();
    var caller = gateway.get("/orders", "if-none-match", "AQIABA==", "prefer", "wait=30");

    gateway.time.advance(Duration.ofSeconds(30));

    assertThat(caller.status()).isEqualTo(304);
    assertThat(caller.header("preference-applied")).contains("wait=30");
    assertNobodyWaits();
  }

  @Test
  void doesNotKeepOneWaitingWhoHasAnOlderArrayOrNone() {
    storeThree();

    assertThat(gateway.get("/orders", "prefer", "wait=30").status()).isEqualTo(200);
    assertThat(gateway.get("/orders", "if-none-match", "AQIAAg==", "prefer", "wait=30").status())
        .isEqualTo(200);
    assertNobodyWaits();
  }

  @Test
  void wakesAReaderOfSomeRecordsOnlyForTheseAndForDeletions() {
    var red = new HeaderTemplate("color", Template.text("red"));
    gateway.route("GET", "/red", fetchMany("orders", new Filter(Optional.empty(), List.of(red))));
    store("1", "1", Header.of("color", "red"));

    var caller = gateway.get("/red", "if-none-match", "AQIAAA==", "prefer", "wait=30");
    store("2", "2", Header.of("color", "blue"));
    assertThat(caller.isAnswered()).isFalse();
    store("1", null);

    assertThat(caller.body()).isEqualTo("[]");
    assertNobodyWaits();
  }

  @Test
  void forgetsACallerWhoHangsUp() {
    gateway.get("/orders", "if-none-match", "*", "prefer", "wait=30").hangUp();

    assertNobodyWaits();
  }

  @Test
  void saysLaterWhileTheTopicCannotBeRead() {
    gateway.cluster.topic("orders").unready(true);
    assertThat(gateway.get("/orders").status()).isEqualTo(503);
    assertThat(gateway.get("/orders", "prefer", "wait=2").status()).isEqualTo(503);

    gateway.cluster.topic("orders").unready(false);
    assertThat(gateway.get("/orders").status()).isEqualTo(200);
  }

  @Test
  void readsItsOwnWrite() {
    gateway.cluster.topic("orders").lags();
    gateway.send("PUT", "/orders/1", "1");

    var caller = gateway.get("/orders");
    assertThat(caller.isAnswered()).isFalse();
    gateway.cluster.topic("orders").catchUp();

    assertThat(caller.body()).isEqualTo("[1]");
  }

  @Test
  void streamsALargeArrayAsFastAsItIsRead() {
    storeMegabytes(10);
    var caller = new Caller().reads(true);

    gateway.send(caller, Gateway.request("GET", "/orders", ""));

    assertThat(caller.reply().headers().first("etag")).isPresent();
    int pauses = 0;
    while (caller.drain()) {
      pauses++;
    }
    assertThat(pauses).isGreaterThan(5);
    assertThat(caller.mostQueued()).isLessThan(2 << 20);
    assertThat(caller.isEnded()).isTrue();
    assertThat(JsonMapper.shared().readTree(caller.streamed()).size()).isEqualTo(100);
    assertNobodyWaits();
  }

  @Test
  void streamsToFastReadersInOneGo() {
    storeMegabytes(5);

    var caller = gateway.get("/orders");

    assertThat(caller.isEnded()).isTrue();
    assertThat(JsonMapper.shared().readTree(caller.streamed()).size()).isEqualTo(50);
  }

  @Test
  void doesNotStreamToOneWhoHasItOrWantsTheHeadAlone() {
    storeMegabytes(5);
    var tag = gateway.get("/orders").header("etag").orElseThrow();

    assertThat(gateway.get("/orders", "if-none-match", tag).status()).isEqualTo(304);
    var head = gateway.send("HEAD", "/orders", "");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.streamed()).isEmpty();
    assertThat(head.isEnded()).isTrue();
  }

  @Test
  void breaksOffWhereACallerTakesNothing() {
    storeMegabytes(6);
    var caller = gateway.send(new Caller().reads(true), Gateway.request("GET", "/orders", ""));

    gateway.time.advance(Duration.ofMinutes(1));

    assertThat(caller.isAborted()).isTrue();
    assertNobodyWaits();
  }

  @Test
  void stopsReadingForOneWhoHangsUp() {
    storeMegabytes(6);
    var caller = gateway.send(new Caller().reads(true), Gateway.request("GET", "/orders", ""));
    var scans = gateway.cluster.topic("orders").scans;

    caller.hangUp();
    caller.drain();

    assertThat(gateway.cluster.topic("orders").scans).isEqualTo(scans);
    assertThat(caller.isEnded()).isFalse();
  }

  @Test
  void forgetsTheArraysAskedForLeast() {
    storeMegabytes(3);
    gateway.route(
        "GET", "/all/{id}", fetchMany("orders", new Filter(Optional.empty(), List.of()), byKey()));
    gateway.get("/all/first");
    for (int i = 0; i < 10; i++) {
      gateway.get("/all/" + i);
    }
    var scans = gateway.cluster.topic("orders").scans;

    gateway.get("/all/9");
    assertThat(gateway.cluster.topic("orders").scans).isEqualTo(scans);
    gateway.get("/all/first");
    assertThat(gateway.cluster.topic("orders").scans).isGreaterThan(scans);
  }

  private static Filter byKey() {
    return new Filter(Optional.of(ID), List.of());
  }

  private void storeMegabytes(int count) {
    var text = "\"" + "x".repeat((1 << 20) / 10) + "\"";
    for (int i = 0; i < count * 10; i++) {
      store("k" + i, text);
    }
  }

  private void assertNobodyWaits() {
    assertThat(gateway.time.pending()).isZero();
    assertThat(gateway.cluster.topic("orders").watchers()).isZero();
  }
}
