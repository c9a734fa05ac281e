package io.tidegate.view;

import static io.tidegate.view.Readings.all;
import static io.tidegate.view.Readings.ask;
import static io.tidegate.view.Readings.header;
import static io.tidegate.view.Readings.newest;
import static io.tidegate.view.Readings.text;
import static io.tidegate.view.Readings.value;
import static io.tidegate.view.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import io.tidegate.plan.Topic;
import io.tidegate.view.TopicView.Newest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredViewsTest {
  private static final Match K = Match.key(Bytes.utf8("k"));

  @TempDir Path folder;

  private final FakeLog log = new FakeLog();
  private final ManualTime time = new ManualTime(Instant.EPOCH);
  private StoredViews views;

  @BeforeEach
  void open() {
    views = new StoredViews(options(), log, time, new SimpleMeterRegistry());
    views.start();
  }

  @AfterEach
  void close() {
    views.close();
  }

  @Test
  void givesTheNewestRecordOfAKey() {
    log.topic("items", 1, true);
    log.put("items", 0, "k", "1");
    log.put("items", 0, "other", "2");
    log.put("items", 0, "k", "3");

    var found = newest(views.of("items"), K);

    assertThat(text(found)).isEqualTo("3");
    assertThat(((Newest.Found) found).record().offset()).isEqualTo(2);
  }

  @Test
  void answersFromMemoryBeforeTheCallReturns() {
    log.topic("items", 1, true);
    log.put("items", 0, "k", "1");
    var view = opened("items");

    assertThat(ask(view, K)).isCompleted();
    assertThat(ask(view, Match.key(Bytes.utf8("absent"))))
        .isCompletedWithValue(new Newest.Absent());
    assertThat(Readings.scan(view, Match.ALL)).isCompleted();
  }

  @Test
  void showsATombstoneToOneWhoAsksForTheKeyAndToNobodyElse() {
    log.topic("items", 1, true);
    log.put("items", 0, "k", "1");
    log.put("items", 0, "k", null);

    assertThat(value(views.of("items"), "k")).isEqualTo("gone");
    assertThat(values(views.of("items"))).isEmpty();
  }

  @Test
  void keepsOnlyTheNewestOfAKeyOnACompactedTopic() {
    log.topic("items", 1, true);
    log.put("items", 0, "a", "1");
    log.put("items", 0, "b", "2");
    log.put("items", 0, "a", "3");

    assertThat(values(views.of("items"))).containsExactly("2", "3");
    assertThat(all(views.of("items"), Match.ALL).upTo()).isEqualTo(Progress.of(0, 3));
  }

  @Test
  void keepsEveryRecordOnOtherTopics() {
    log.topic("events", 1, false);
    log.put("events", 0, "a", "1");
    log.put("events", 0, (Bytes) null, "2", 0);
    log.put("events", 0, "a", "3");

    assertThat(values(views.of("events"))).containsExactly("1", "2", "3");
    assertThat(value(views.of("events"), "a")).isEqualTo("3");
  }

  @Test
  void findsByHeaderWithAndWithoutAnIndex() {
    log.topic("events", 1, false);
    log.put("events", 0, null, "1", 0, Header.of("region", "eu"), Header.of("x", "y"));
    log.put("events", 0, null, "2", 0, Header.of("region", "us"));
    log.put("events", 0, null, "3", 0, Header.of("x", "y"));
    views.plan(List.of(topic("events", Set.of("region"), false)));

    assertThat(text(newest(views.of("events"), header("region", "eu")))).isEqualTo("1");
    assertThat(text(newest(views.of("events"), header("x", "y")))).isEqualTo("3");
    assertThat(text(newest(views.of("events"), header("region", "ap")))).isEqualTo("none");
  }

  @Test
  void takesTheNewestOfSeveralClauses() {
    log.topic("events", 1, false);
    log.put("events", 0, "a", "1");
    log.put("events", 0, "b", "2");
    var clauses =
        new Match(
            List.of(
                new Match.Clause(Bytes.utf8("a"), List.of()),
                new Match.Clause(Bytes.utf8("b"), List.of())));

    assertThat(text(newest(views.of("events"), clauses))).isEqualTo("2");
    assertThat(text(newest(views.of("events"), Match.ALL))).isEqualTo("2");
  }

  @Test
  void prefersThePartitionThatTheKeyHashesTo() {
    log.topic("items", 3, true);
    int own = Partitioner.partition(Bytes.utf8("k"), 3);
    log.put("items", own, Bytes.utf8("k"), "own", 5);
    log.put("items", (own + 1) % 3, Bytes.utf8("k"), "stray", 9);

    assertThat(value(views.of("items"), "k")).isEqualTo("own");
  }

  @Test
  void findsAKeyInAPartitionItDoesNotHashTo() {
    log.topic("items", 3, true);
    int own = Partitioner.partition(Bytes.utf8("k"), 3);
    log.put("items", (own + 1) % 3, Bytes.utf8("k"), "early", 5);
    log.put("items", (own + 2) % 3, Bytes.utf8("k"), "late", 9);

    assertThat(value(opened("items"), "k")).isEqualTo("late");
  }

  @Test
  void waitsForItsOwnPartitionAlone() {
    log.topic("items", 3, true);
    int own = Partitioner.partition(Bytes.utf8("k"), 3);
    log.put("items", own, "k", "1");
    int slow = (own + 1) % 3;
    log.put("items", slow, "whatever", "2");
    log.holdBack(slow);

    assertThat(value(views.of("items"), "k")).isEqualTo("1");
    var everything = ask(views.of("items"), Match.ALL);
    assertThat(everything).isNotDone();
    log.release(slow);
    assertThat(text(everything.orTimeout(20, TimeUnit.SECONDS).join())).isNotEqualTo("none");
  }

  @Test
  void givesUpWaitingAfterAWhile() {
    log.topic("items", 1, true);
    log.put("items", 0, "k", "1");
    log.holdBack(0);
    var view = views.of("items");
    await().until(() -> log.tails("items") == 1);
    var answer = ask(view, K);
    var scan = Readings.scan(view, Match.ALL);

    time.advance(Duration.ofSeconds(4));

    assertThat(text(answer.orTimeout(20, TimeUnit.SECONDS).join())).contains("still being read");
    assertThat(scan.orTimeout(20, TimeUnit.SECONDS).join().unready()).contains("still being read");
  }

  @Test
  void saysAtOnceThatThereIsNoSuchTopic() {
    var view = views.of("nowhere");

    assertThat(value(view, "k"))
        .isEqualTo("unready: no topic named 'nowhere' on cluster 'embedded'");
    assertThat(view.check()).isPresent();
    assertThat(ask(view, K)).isCompleted();
  }

  @Test
  void findsATopicThatIsCreatedLater() {
    var view = views.of("later");
    value(view, "k");
    log.topic("later", 1, true);
    log.put("later", 0, "k", "1");

    await()
        .untilAsserted(() -> {
          time.advance(Duration.ofSeconds(5));
          assertThat(value(view, "k")).isEqualTo("1");
        });
    assertThat(view.check()).isEmpty();
  }

  @Test
  void isUnreadyWhileTheClusterIsAwayAndSaysSo() {
    log.topic("items", 1, true);
    log.away = true;
    var answer = ask(views.of("items"), K);
    await().until(() -> views.of("items").check().orElse("").contains("away"));

    time.advance(Duration.ofSeconds(4));

    assertThat(text(answer.orTimeout(20, TimeUnit.SECONDS).join())).contains("the cluster is away");
  }

  @Test
  void refusesNamesThatAreNotForReading() {
    assertThat(value(views.of("tidegate.commands"), "k")).contains("internal");
    assertThat(value(views.of("__consumer_offsets"), "k")).contains("internal");
    assertThat(value(views.of("no such/name"), "k")).contains("not a legal topic name");
  }

  @Test
  void tellsWatchersOfMatchingRecordsWhenTheyCanBeRead() {
    log.topic("items", 1, true);
    var view = opened("items");
    var seen = new ArrayList<String>();
    var watch = view.watch(K, stored -> seen.add(value(view, "k") + "@" + stored.offset()));

    log.put("items", 0, "k", "1");
    log.put("items", 0, "other", "2");
    log.put("items", 0, "k", null);
    watch.close();
    log.put("items", 0, "k", "4");

    assertThat(seen).containsExactly("1@0", "gone@2");
  }

  @Test
  void runsWhatWaitsForAnOffsetOnce() {
    log.topic("items", 1, true);
    var view = opened("items");
    var ran = new ArrayList<String>();
    view.whenApplied(0, 1, () -> ran.add("second"));
    view.whenApplied(0, 1, () -> ran.add("closed")).close();

    log.put("items", 0, "k", "1");
    assertThat(ran).isEmpty();
    log.put("items", 0, "k", "2");
    view.whenApplied(0, 0, () -> ran.add("at once"));
    log.put("items", 0, "k", "3");

    assertThat(ran).containsExactly("second", "at once");
  }

  @Test
  void changesItsVersionWithEveryBatch() {
    log.topic("items", 1, true);
    var view = opened("items");
    long before = view.version();

    assertThat(view.version()).isEqualTo(before);
    log.put("items", 0, "k", "1");
    assertThat(view.version()).isNotEqualTo(before);
  }

  @Test
  void beginsALiveTopicAtItsEnd() {
    log.topic("news", 1, false);
    log.put("news", 0, "a", "old");
    views.plan(List.of(topic("news", Set.of(), true)));
    var view = opened("news");

    log.put("news", 0, "b", "new");

    assertThat(values(view)).containsExactly("new");
    assertThat(view.applied()).isEqualTo(Progress.of(0, 2));
  }

  @Test
  void passesOverWhatRetentionTookBeforeItWasRead() {
    log.topic("events", 1, false);
    log.put("events", 0, "a", "0");
    var view = opened("events");
    log.holdBack(0);
    log.put("events", 0, "b", "1");
    log.put("events", 0, "c", "2");
    log.truncate("events", 0, 2);

    log.release(0);

    assertThat(values(view)).containsExactly("2");
    assertThat(value(view, "a")).isEqualTo("none");
  }

  @Test
  void readsAPartitionAnewThatBeganAnew() {
    log.topic("items", 1, true);
    log.put("items", 0, "a", "1");
    log.put("items", 0, "b", "2");
    var view = opened("items");

    log.restart("items", 0);
    log.put("items", 0, "c", "3");

    await().until(() -> log.followedFrom.size() == 2);
    assertThat(log.followedFrom.getLast()).isEqualTo(Map.of(0, 0L));
    assertThat(values(view)).containsExactly("3");
  }

  @Test
  void looksEveryMinuteWhereTheTopicBegins() {
    log.topic("events", 1, false);
    log.put("events", 0, "a", "1");
    log.put("events", 0, "b", "2");
    var view = opened("events");
    log.truncate("events", 0, 1);

    await()
        .untilAsserted(() -> {
          time.advance(Duration.ofSeconds(60));
          assertThat(values(view)).containsExactly("2");
        });
  }

  @Test
  void readsARecreatedTopicAnew() {
    log.topic("items", 1, true);
    log.put("items", 0, "k", "old");
    var view = opened("items");
    log.topic("items", 1, true);
    log.put("items", 0, "a", "new");
    log.put("items", 0, "b", "new");

    await()
        .untilAsserted(() -> {
          time.advance(Duration.ofSeconds(60));
          assertThat(value(view, "k")).isEqualTo("none");
        });
    assertThat(value(view, "a")).isEqualTo("new");
  }

  @Test
  void seesPartitionsThatAreAddedLater() {
    log.topic("items", 1, true);
    log.put("items", 0, "k", "before");
    var view = views.of("items");
    assertThat(value(view, "k")).isEqualTo("before");
    var memory = ((StoredView) view).feed();

    memory.copy().apply(1, List.of(stored(1, 0, "after")), 1);
    memory.copy().becomeReady(1);

    assertThat(value(view, "k")).isIn("before", "after");
    assertThat(view.applied()).isEqualTo(Progress.of(Map.of(0, 1L, 1, 1L)));
  }

  @Test
  void closesTopicsThatNobodyNamesAndNobodyReads() {
    log.topic("dynamic", 1, true);
    log.topic("named", 1, true);
    views.plan(List.of(topic("named", Set.of(), false)));
    value(views.of("dynamic"), "k");
    value(views.of("named"), "k");

    time.advance(Duration.ofMinutes(11));

    await().until(() -> log.tails("dynamic") == 0);
    assertThat(log.tails("named")).isEqualTo(1);
  }

  /// Or what was made of the one before would be taken for what the topic holds now.
  @Test
  void aViewThatIsOpenedAgainGivesNoVersionOfTheOneBefore() {
    log.topic("dynamic", 1, true);
    log.put("dynamic", 0, "k", "old");
    value(views.of("dynamic"), "k");
    var before = views.of("dynamic").version();
    time.advance(Duration.ofMinutes(11));
    await().until(() -> log.tails("dynamic") == 0);

    await()
        .untilAsserted(
            () -> assertThat(views.of("dynamic").version()).isGreaterThan(before).isEven());
  }

  @Test
  void opensNoMoreTopicsThanItMay() {
    for (int i = 0; i < 4; i++) {
      log.topic("t" + i, 1, true);
    }
    for (int i = 0; i < 3; i++) {
      value(views.of("t" + i), "k");
    }

    assertThat(value(views.of("t3"), "k")).contains("more than 3 topics");
    time.advance(Duration.ofSeconds(20));
    assertThat(value(views.of("t3"), "k")).isEqualTo("none");
  }

  @Test
  void answersThoseWhoWaitWhenItCloses() {
    log.topic("items", 1, true);
    log.holdBack(0);
    log.put("items", 0, "k", "1");
    var answer = ask(views.of("items"), K);

    views.close();

    assertThat(text(answer.orTimeout(20, TimeUnit.SECONDS).join())).contains("closed");
    assertThat(value(views.of("items"), "k")).contains("closed");
  }

  private TopicView opened(String topic) {
    var view = views.of(topic);
    await().until(() -> log.tails(topic) == 1);
    return view;
  }

  private ViewOptions options() {
    return ViewOptions.of("embedded", folder).withDynamicViews(3);
  }

  private static Stored stored(int partition, long offset, String value) {
    return new Stored(partition, offset, 0, Bytes.utf8("k"), List.of(), Bytes.utf8(value));
  }

  private static Topic topic(String name, Set<String> indexed, boolean live) {
    return new Topic("embedded", name, false, true, live, indexed, "test");
  }
}
