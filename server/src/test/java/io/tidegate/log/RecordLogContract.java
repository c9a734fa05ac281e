package io.tidegate.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.Bytes;
import io.tidegate.log.Appended.At;
import io.tidegate.log.Appended.Reason;
import io.tidegate.log.Appended.Refused;
import io.tidegate.log.Appended.Unavailable;
import io.tidegate.log.RecordLog.From;
import io.tidegate.log.RecordLog.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every record log does, whatever it is made of.
abstract class RecordLogContract {
  static final Duration LIMIT = Duration.ofSeconds(20);

  final String topic = "topic-" + UUID.randomUUID();
  final Seen seen = new Seen();
  RecordLog log;

  abstract RecordLog open();

  @BeforeEach
  void openLog() {
    log = open();
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  void create(int partitions, boolean compacted, Map<String, String> settings) {
    log.create(List.of(new TopicSpec(topic, partitions, compacted, settings)), LIMIT);
  }

  void create(int partitions) {
    create(partitions, false, Map.of());
  }

  Entry entry(@Nullable String key, String value) {
    return new Entry(topic, key == null ? null : Bytes.utf8(key), List.of(), Bytes.utf8(value));
  }

  CompletableFuture<Appended> begin(Entry entry, Acks acks) {
    var answer = new CompletableFuture<Appended>();
    log.append(entry, acks, answer::complete);
    return answer;
  }

  Appended append(Entry entry) {
    return answer(begin(entry, Acks.IN_SYNC_REPLICAS));
  }

  Appended append(@Nullable String key, String value) {
    return append(entry(key, value));
  }

  static Appended answer(CompletableFuture<Appended> answer) {
    return answer.orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Test
  void saysWhereAnEntryIsStored() {
    create(1);

    assertThat(append("k", "a")).isEqualTo(new At(0, 0));
    assertThat(append("k", "b")).isEqualTo(new At(0, 1));
    assertThat(answer(begin(entry("k", "c"), Acks.LEADER_ONLY))).isEqualTo(new At(0, 2));
    assertThat(answer(begin(entry("k", "d"), Acks.NONE))).isEqualTo(new At(0, -1));
  }

  @Test
  void keepsEveryPartOfAnEntry() {
    create(1);
    var headers = List.of(Header.of("a", "1"), Header.of("ä", "2"), Header.of("a", "3"));
    var bytes = Bytes.wrap(new byte[] {0, -1, 10, 127});

    append(new Entry(topic, Bytes.utf8("k"), headers, bytes));
    append(new Entry(topic, Bytes.EMPTY, List.of(), null));
    append(new Entry(topic, null, List.of(), Bytes.EMPTY));

    log.follow(topic, Map.of(), From.EARLIEST, seen);
    await().atMost(LIMIT).until(() -> seen.records.size() == 3);
    var first = seen.records.getFirst();
    assertThat(first.key()).isEqualTo(Bytes.utf8("k"));
    assertThat(first.headers()).isEqualTo(headers);
    assertThat(first.value()).isEqualTo(bytes);
    assertThat(first.timestamp()).isCloseTo(System.currentTimeMillis(), within(60_000));
    assertThat(seen.records.get(1).isTombstone()).isTrue();
    assertThat(seen.records.get(1).key()).isEqualTo(Bytes.EMPTY);
    assertThat(seen.records.get(2).key()).isNull();
    assertThat(seen.records.get(2).value()).isEqualTo(Bytes.EMPTY);
  }

  private static org.assertj.core.data.Offset<Long> within(long millis) {
    return org.assertj.core.data.Offset.offset(millis);
  }

  @Test
  void choosesThePartitionAsTheJavaClientDoes() {
    create(5);

    for (var key : List.of("", "a", "order-17", "ключ")) {
      var expected = Utils.toPositive(Utils.murmur2(Bytes.utf8(key).array())) % 5;
      assertThat(append(key, "v"))
          .isInstanceOfSatisfying(
              At.class,
              at -> {
                assertThat(at.partition()).isEqualTo(expected);
              });
    }
  }

  @Test
  void keepsTheOrderOfOneCaller() {
    create(2);
    var answers = new ArrayList<CompletableFuture<Appended>>();

    IntStream.range(0, 2000)
        .forEach(i -> answers.add(begin(entry("k", "" + i), Acks.IN_SYNC_REPLICAS)));

    log.follow(topic, Map.of(), From.EARLIEST, seen);
    await().atMost(LIMIT).until(() -> seen.records.size() == 2000);
    assertThat(seen.values()).isEqualTo(IntStream.range(0, 2000).mapToObj(i -> "" + i).toList());
    assertThat(answers).allSatisfy(each -> assertThat(answer(each)).isInstanceOf(At.class));
  }

  @Test
  void doesNotStoreWithoutATopic() {
    assertThat(append("k", "v"))
        .isInstanceOfSatisfying(
            Unavailable.class,
            unavailable -> {
              assertThat(unavailable.reason()).isEqualTo(Reason.NO_SUCH_TOPIC);
            });
  }

  @Test
  void storesAsSoonAsTheTopicIsThere() {
    append("k", "too early");
    create(1);

    assertThat(append("k", "v")).isEqualTo(new At(0, 0));
  }

  @Test
  void refusesWhatIsTooLargeForTheTopic() {
    create(1, false, Map.of("max.message.bytes", "2000"));

    assertThat(append("k", "x".repeat(3000)))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE);
            });
    assertThat(append("k", "x".repeat(1000))).isEqualTo(new At(0, 0));
  }

  @Test
  void takesWhatTheTopicAllows() {
    create(1, false, Map.of("max.message.bytes", "4000000"));

    assertThat(append("k", "x".repeat(3_000_000))).isEqualTo(new At(0, 0));
  }

  @Test
  void refusesAnEntryWithoutKeyWhereTheTopicIsCompacted() {
    create(1, true, Map.of());

    assertThat(append(null, "v"))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(Reason.INVALID);
            });
    assertThat(append("k", "v")).isEqualTo(new At(0, 0));
  }

  @Test
  void followsFromTheBeginning() {
    create(1);
    append("k", "a");
    append("k", "b");

    log.follow(topic, Map.of(), From.EARLIEST, seen);

    seen.awaitCaughtUp(1);
    append("k", "c");
    seen.awaitValues("a", "b", "c");
    assertThat(seen.caughtUp).containsEntry(0, 2L);
    await().atMost(LIMIT).until(() -> seen.next.get(0) == 3);
  }

  @Test
  void followsFromTheEnd() {
    create(2);
    append("k", "before");

    log.follow(topic, Map.of(), From.LATEST, seen);

    seen.awaitCaughtUp(2);
    append("k", "after");
    seen.awaitValues("after");
  }

  @Test
  void followsFromWhereItIsTold() {
    create(1);
    List.of("a", "b", "c").forEach(value -> append("k", value));

    log.follow(topic, Map.of(0, 1L), From.LATEST, seen);

    seen.awaitValues("b", "c");
    seen.awaitCaughtUp(1);
    assertThat(seen.truncated).isEmpty();
  }

  @Test
  void saysThatAnEmptyPartitionIsReadUp() {
    create(3);

    log.follow(topic, Map.of(), From.EARLIEST, seen);

    seen.awaitCaughtUp(3);
    assertThat(seen.caughtUp).containsOnly(Map.entry(0, 0L), Map.entry(1, 0L), Map.entry(2, 0L));
  }

  @Test
  void beginsAgainWhenItIsToldToStartBehindTheEnd() {
    create(1);
    append("k", "a");

    log.follow(topic, Map.of(0, 7L), From.LATEST, seen);

    seen.awaitValues("a");
    assertThat(seen.truncated).containsEntry(0, 0L);
  }

  @Test
  void holdsBackAPausedPartitionWhileOthersGoOn() {
    create(2);
    var tail = log.follow(topic, Map.of(), From.EARLIEST, seen);
    seen.awaitCaughtUp(2);
    var held = key(0);
    var other = key(1);

    tail.pause(0);
    append(other, "settles the pause");
    await().atMost(LIMIT).until(() -> seen.values(1).size() == 1);
    append(held, "held");
    append(other, "other");

    await().atMost(LIMIT).until(() -> seen.values(1).size() == 2);
    assertThat(seen.values(0)).isEmpty();
    tail.resume(0);
    await().atMost(LIMIT).until(() -> seen.values(0).equals(List.of("held")));
  }

  private static String key(int partition) {
    return IntStream.range(0, 100)
        .mapToObj(i -> "key-" + i)
        .filter(key -> Utils.toPositive(Utils.murmur2(Bytes.utf8(key).array())) % 2 == partition)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void deliversNothingAfterTheTailIsClosed() {
    create(1);
    var tail = log.follow(topic, Map.of(), From.EARLIEST, seen);
    var other = new Seen();
    seen.awaitCaughtUp(1);

    tail.close();

    append("k", "v");
    log.follow(topic, Map.of(), From.EARLIEST, other);
    other.awaitValues("v");
    assertThat(seen.values()).isEmpty();
  }

  @Test
  void waitsForATopicThatIsNotThereYet() {
    log.follow(topic, Map.of(), From.LATEST, seen);
    await().atMost(LIMIT).until(seen::isInTrouble);

    create(1);
    append("k", "v");

    seen.awaitValues("v");
    assertThat(seen.health.getLast()).isEmpty();
  }

  @Test
  void describesATopic() {
    create(2, true, Map.of("delete.retention.ms", "60000", "max.message.bytes", "5000"));
    append(key(1), "v");

    var info = log.describe(topic, LIMIT).orElseThrow();

    assertThat(info.name()).isEqualTo(topic);
    assertThat(info.partitions()).isEqualTo(2);
    assertThat(info.compacted()).isTrue();
    assertThat(info.deletes()).isFalse();
    assertThat(info.retention()).isEqualTo(Duration.ofDays(7));
    assertThat(info.retentionBytes()).isEqualTo(-1);
    assertThat(info.tombstoneRetention()).isEqualTo(Duration.ofMinutes(1));
    assertThat(info.maxMessageBytes()).isEqualTo(5000);
    assertThat(info.firstOffsets()).isEqualTo(Map.of(0, 0L, 1, 0L));
    assertThat(info.endOffsets()).isEqualTo(Map.of(0, 0L, 1, 1L));
  }

  @Test
  void describesNothingWhereThereIsNoTopic() {
    assertThat(log.describe(topic, LIMIT)).isEmpty();
  }

  @Test
  void leavesATopicThatExistsAsItIs() {
    create(2);
    append("k", "v");

    create(1, true, Map.of());

    var info = log.describe(topic, LIMIT).orElseThrow();
    assertThat(info.partitions()).isEqualTo(2);
    assertThat(info.compacted()).isFalse();
  }

  @Test
  void findsNothingWrongWhenAllIsWell() {
    assertThat(log.check(LIMIT)).isEmpty();
  }

  @Test
  void takesNothingAfterItWasClosed() {
    create(1);
    log.close();

    assertThat(append("k", "v"))
        .isInstanceOfSatisfying(
            Unavailable.class,
            unavailable -> {
              assertThat(unavailable.reason()).isEqualTo(Reason.CLOSED);
            });
  }

  @Test
  void givesEveryPartitionToOneMember() {
    create(2);
    append(key(0), "a");
    append(key(1), "b");
    var one = new Working();
    var other = new Working();

    one.takePart(log.own(topic, topic, one));
    other.takePart(log.own(topic, topic, other));

    await().atMost(LIMIT).until(() -> one.owned.size() == 1 && other.owned.size() == 1);
    assertThat(one.owned).doesNotContainAnyElementsOf(other.owned);
    append(key(0), "c");
    append(key(1), "d");
    await()
        .atMost(LIMIT)
        .until(() -> one.has("c", "d") || other.has("c", "d") || bothHave(one, other));
    assertThat(one.values)
        .doesNotContainAnyElementsOf(
            other.values.stream().filter(v -> v.equals("c") || v.equals("d")).toList());
  }

  private static boolean bothHave(Working one, Working other) {
    var all = new ArrayList<>(one.values);
    all.addAll(other.values);
    return all.containsAll(List.of("c", "d"));
  }

  @Test
  void handsOverAtThePositionThatWasCommitted() {
    create(1);
    var one = new Working();
    one.takePart(log.own(topic, topic, one));
    append("k", "a");
    append("k", "b");
    await().atMost(LIMIT).until(() -> one.has("a", "b"));
    one.membership().commit(0, 1);
    var other = new Working();
    other.takePart(log.own(topic, topic, other));

    one.membership().close();

    await().atMost(LIMIT).until(() -> other.has("b"));
    assertThat(other.values).containsExactly("b");
    assertThat(one.owned).isEmpty();
    assertThat(one.membership().owns(0)).isFalse();
    assertThat(other.membership().owns(0)).isTrue();
  }

  @Test
  void beginsAtTheBeginningWhenNothingWasCommitted() {
    create(1);
    append("k", "a");
    var one = new Working();

    one.takePart(log.own(topic, topic, one));

    await().atMost(LIMIT).until(() -> one.has("a"));
    assertThat(one.began).containsExactly(0L);
  }

  @Test
  void deliversAgainWhatAnOwnerCouldNotTake() {
    create(1);
    var one = new Working();
    one.failures.set(1);
    one.takePart(log.own(topic, topic, one));

    append("k", "a");

    await().atMost(LIMIT).until(() -> one.has("a"));
    assertThat(one.failures).hasValue(-1);
    assertThat(one.began).hasSize(1);
  }

  @Test
  void groupsDoNotKnowOfEachOther() {
    create(1);
    append("k", "a");
    var one = new Working();
    var other = new Working();

    one.takePart(log.own(topic, topic, one));
    other.takePart(log.own(topic, "other-" + topic, other));

    await().atMost(LIMIT).until(() -> one.has("a") && other.has("a"));
  }

  @Test
  void holdsBackWhatItsOwnerPaused() {
    create(2);
    var one = new Working();
    one.takePart(log.own(topic, topic, one));
    await().atMost(LIMIT).until(() -> one.owned.size() == 2);

    one.membership().pause(0);
    append(key(1), "settles the pause");
    await().atMost(LIMIT).until(() -> one.has("settles the pause"));
    append(key(0), "held");
    append(key(1), "other");

    await().atMost(LIMIT).until(() -> one.has("other"));
    assertThat(one.values).doesNotContain("held");
    one.membership().resume(0);
    await().atMost(LIMIT).until(() -> one.has("held"));
  }

  @Test
  void beginsWhereItsOwnerSaysAndNotBefore() {
    create(1);
    List.of("a", "b", "c").forEach(value -> append("k", value));
    var one = new Holder();

    one.takePart(log.own(topic, topic, one));

    await().atMost(LIMIT).until(() -> one.claims.containsKey(0));
    assertThat(one.claim(0).isCommitted()).isFalse();
    assertThat(one.claim(0).position()).isZero();
    assertThat(one.values).isEmpty();
    one.claim(0).begin(1);
    await().atMost(LIMIT).until(() -> one.has("b", "c"));
    assertThat(one.values).containsExactly("b", "c");
    assertThat(one.claim(0).holds()).isTrue();
  }

  @Test
  void leavesARemarkForTheNextOwner() {
    create(1);
    append("k", "a");
    var one = new Holder();
    one.takePart(log.own(topic, topic, one));
    await().atMost(LIMIT).until(() -> one.claims.containsKey(0));
    one.claim(0).begin(0);
    one.atRelease = claim -> claim.commit(1, "left behind");
    var other = new Holder();
    other.takePart(log.own(topic, topic, other));

    one.membership().close();

    await().atMost(LIMIT).until(() -> other.claims.containsKey(0));
    assertThat(other.claim(0).isCommitted()).isTrue();
    assertThat(other.claim(0).position()).isEqualTo(1);
    assertThat(other.claim(0).remark()).isEqualTo("left behind");
    assertThat(one.claim(0).holds()).isFalse();
  }

  @Test
  void readsAPlaceHereAndThere() {
    create(2);
    List.of("a", "b", "c", "d").forEach(value -> append(key(1), value));

    var all = log.read(topic, 1, 0, 1 << 20, LIMIT);
    var place = log.read(topic, 1, 2, 1, LIMIT);
    var nothing = log.read(topic, 1, 4, 1 << 20, LIMIT);

    assertThat(values(all)).containsExactly("a", "b", "c", "d");
    assertThat(all.next()).isEqualTo(4);
    assertThat(all.end()).isEqualTo(4);
    assertThat(values(place)).startsWith("c");
    assertThat(nothing.records()).isEmpty();
    assertThat(nothing.next()).isEqualTo(4);
    assertThat(log.read(topic, 0, 0, 1, LIMIT).end()).isZero();
  }

  private static List<String> values(RecordLog.Stretch stretch) {
    return stretch.records().stream()
        .map(record -> java.util.Objects.requireNonNull(record.value()).utf8())
        .toList();
  }
}
