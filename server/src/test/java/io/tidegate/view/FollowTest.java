package io.tidegate.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.log.Header;
import io.tidegate.log.RecordLog.From;
import io.tidegate.plan.Topic;
import io.tidegate.view.TopicView.Follow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FollowTest {
  @TempDir Path folder;

  private final FakeLog log = new FakeLog();
  private final ManualTime time = new ManualTime(Instant.EPOCH);
  private StoredViews views;

  @BeforeEach
  void open() {
    start(1 << 20);
  }

  @AfterEach
  void close() {
    views.close();
  }

  @Test
  void givesHistoryFirstAndThenWhatComes() {
    log.topic("events", 1, false);
    log.put("events", 0, "a", "1");
    log.put("events", 0, "b", "2");
    var reader = new Collecting();

    follow("events", Match.ALL, Map.of(), reader).request(10);
    log.put("events", 0, "c", "3");

    await().untilAsserted(() -> assertThat(reader.values()).containsExactly("1", "2", "3"));
    assertThat(reader.events.getLast().after()).isEqualTo(Progress.of(0, 3));
  }

  @Test
  void givesTheNewestOfEachKeyAndThenChanges() {
    log.topic("items", 1, true);
    log.put("items", 0, "a", "1");
    log.put("items", 0, "b", "2");
    log.put("items", 0, "a", "3");
    var reader = new Collecting();

    follow("items", Match.ALL, Map.of(), reader).request(10);
    log.put("items", 0, "b", null);

    await().untilAsserted(() -> assertThat(reader.values()).containsExactly("2", "3", "gone"));
  }

  @Test
  void goesOnFromTheOffsetsThatTheReaderKnows() {
    log.topic("events", 2, false);
    for (int i = 0; i < 3; i++) {
      log.put("events", 0, "k", "p0-" + i);
      log.put("events", 1, "k", "p1-" + i);
    }
    var reader = new Collecting();

    follow("events", Match.ALL, Map.of(0, 2L), reader).request(10);

    await()
        .untilAsserted(() ->
            assertThat(reader.values()).containsExactlyInAnyOrder("p0-2", "p1-0", "p1-1", "p1-2"));
    assertThat(reader.events.getLast().after()).isEqualTo(Progress.of(Map.of(0, 3L, 1, 3L)));
  }

  @Test
  void repeatsNothingToAReaderThatAnotherInstanceHasShownMore() {
    log.topic("events", 2, false);
    put("events", 2);
    opened("events");
    log.holdBack(0);
    put("events", 2);
    var reader = new Collecting();

    views.of("events").follow(Match.ALL, Map.of(0, 4L), From.EARLIEST, reader).request(10);
    log.put("events", 1, "k", "other");
    await().untilAsserted(() -> assertThat(reader.values()).containsExactly("other"));
    assertThat(reader.events.getLast().after()).isEqualTo(Progress.of(Map.of(0, 4L, 1, 1L)));
    time.advance(Duration.ofSeconds(1)); // long enough to ask where the log ends
    await()
        .untilAsserted(() -> {
          log.put("events", 1, "k", "more");
          assertThat(reader.values()).contains("more");
        });
    assertThat(reader.events.getLast().after().at(0, 0)).isEqualTo(4);
    log.release(0);
    log.put("events", 0, "k", "next");

    await().untilAsserted(() -> assertThat(reader.values()).contains("next"));
    assertThat(reader.values()).doesNotContain("2", "3").containsOnlyOnce("next");
  }

  @Test
  void beginsAnewForAReaderWhoseTopicWasLonger() {
    log.topic("events", 1, false);
    put("events", 2);
    opened("events");
    log.away = true;
    var reader = new Collecting();

    views.of("events").follow(Match.ALL, Map.of(0, 4L), From.EARLIEST, reader).request(10);
    time.advance(Duration.ofSeconds(1));
    await().until(() -> views.of("events").check().isPresent());
    assertThat(reader.values()).isEmpty();
    log.away = false;

    await()
        .untilAsserted(() -> {
          time.advance(Duration.ofSeconds(1));
          assertThat(reader.values()).containsExactly("0", "1");
        });
  }

  @Test
  void startsAtTheEndWhenAskedTo() {
    log.topic("events", 1, false);
    log.put("events", 0, "a", "old");
    opened("events");
    var reader = new Collecting();

    views.of("events").follow(Match.ALL, Map.of(), From.LATEST, reader).request(10);
    log.put("events", 0, "a", "new");

    assertThat(reader.values()).containsExactly("new");
  }

  @Test
  void whoStartsAtTheEndComesBackThereAlsoWhereAPartitionWasNotReadYet() {
    log.topic("events", 2, false);
    log.put("events", 1, "k", "old");
    log.holdBack(1);
    opened("events");
    var reader = new Collecting();

    views.of("events").follow(Match.ALL, Map.of(), From.LATEST, reader).request(10);
    log.put("events", 0, "k", "new");

    await().untilAsserted(() -> assertThat(reader.values()).containsExactly("new"));
    assertThat(reader.events.getFirst().after()).isEqualTo(Progress.of(Map.of(0, 1L, 1, 1L)));
    log.release(1);
    log.put("events", 1, "k", "newer");
    await().untilAsserted(() -> assertThat(reader.values()).containsExactly("new", "newer"));
  }

  @Test
  void givesNoMoreThanIsAskedFor() {
    log.topic("events", 1, false);
    put("events", 5);
    var reader = new Collecting();

    var follow = follow("events", Match.ALL, Map.of(), reader);
    follow.request(2);
    assertThat(reader.values()).containsExactly("0", "1");
    follow.request(2);
    log.put("events", 0, "k", "5");
    assertThat(reader.values()).containsExactly("0", "1", "2", "3");
    follow.request(100);

    assertThat(reader.values()).containsExactly("0", "1", "2", "3", "4", "5");
  }

  @Test
  void fallsBehindAndComesBackAbreast() {
    log.topic("events", 1, false);
    var reader = new Collecting();
    var follow = follow("events", Match.ALL, Map.of(), reader);

    follow.request(1);
    put("events", 3);
    assertThat(reader.values()).containsExactly("0");
    follow.request(10);
    log.put("events", 0, "k", "3");

    assertThat(reader.values()).containsExactly("0", "1", "2", "3");
  }

  @Test
  void givesTheSameEventsToAllWhoAreAbreast() {
    log.topic("events", 1, false);
    opened("events");
    var readers = IntStream.range(0, 3).mapToObj(_ -> new Collecting()).toList();
    readers.forEach(reader -> follow("events", Match.ALL, Map.of(), reader).request(10));

    log.put("events", 0, "k", "1");

    var event = readers.getFirst().events.getFirst();
    assertThat(readers).allSatisfy(reader -> assertThat(reader.events).containsExactly(event));
    var form = new Event.Form<>(String.class);
    var made = event.as(form, one -> "made of " + one.stored().offset());
    assertThat(event.as(form, _ -> "again")).isSameAs(made);
  }

  @Test
  void filtersByKeyAndByHeader() {
    log.topic("events", 1, false);
    views.plan(List.of(new Topic("embedded", "events", false, true, false, Set.of("h"), "test")));
    var byKey = new Collecting();
    var byHeader = new Collecting();
    log.put("events", 0, Bytes.utf8("a"), "1", 0, Header.of("h", "x"));
    log.put("events", 0, Bytes.utf8("b"), "2", 0, Header.of("h", "y"));
    follow("events", Match.key(Bytes.utf8("a")), Map.of(), byKey).request(10);
    follow("events", Readings.header("h", "y"), Map.of(), byHeader).request(10);

    log.put("events", 0, Bytes.utf8("a"), "3", 0, Header.of("h", "y"));

    await().untilAsserted(() -> assertThat(byKey.values()).containsExactly("1", "3"));
    await().untilAsserted(() -> assertThat(byHeader.values()).containsExactly("2", "3"));
    assertThat(byKey.events.getLast().after()).isEqualTo(Progress.of(0, 3));
  }

  @Test
  void doesNotWaitForAPartitionThatIsNotReady() {
    log.topic("events", 2, false);
    log.put("events", 0, "k", "ready");
    log.put("events", 1, "k", "late");
    log.holdBack(1);
    var reader = new Collecting();

    follow("events", Match.ALL, Map.of(), reader).request(10);

    await().untilAsserted(() -> assertThat(reader.values()).containsExactly("ready"));
    assertThat(reader.events.getLast().after()).isEqualTo(Progress.of(0, 1));
    log.release(1);
    await().untilAsserted(() -> assertThat(reader.values()).containsExactly("ready", "late"));
  }

  @Test
  void passesOverWhatRetentionHasTaken() {
    log.topic("events", 1, false);
    put("events", 5);
    var reader = new Collecting();
    var follow = follow("events", Match.ALL, Map.of(), reader);
    follow.request(1);

    log.truncate("events", 0, 3);
    await()
        .untilAsserted(() -> {
          time.advance(Duration.ofSeconds(60));
          assertThat(Readings.values(views.of("events"))).hasSize(2);
        });
    follow.request(10);

    assertThat(reader.values()).containsExactly("0", "3", "4");
  }

  @Test
  void endsWhenThereIsNoSuchTopic() {
    var reader = new Collecting();

    views.of("nowhere").follow(Match.ALL, Map.of(), From.EARLIEST, reader);

    await()
        .untilAsserted(
            () -> assertThat(reader.ended).singleElement().asString().contains("no topic"));
    assertThat(reader.started).isZero();
  }

  @Test
  void endsWhenTheTopicIsMadeAnewAndStartsOverAfterThat() {
    log.topic("events", 1, false);
    put("events", 3);
    var reader = new Collecting();
    follow("events", Match.ALL, Map.of(), reader).request(10);
    log.topic("events", 1, false);
    log.put("events", 0, "k", "new");

    await()
        .untilAsserted(() -> {
          time.advance(Duration.ofSeconds(60));
          assertThat(reader.ended).hasSize(1);
        });
    var again = new Collecting();
    views.of("events").follow(Match.ALL, Map.of(0, 3L), From.EARLIEST, again).request(10);
    await()
        .untilAsserted(() -> {
          time.advance(Duration.ofSeconds(1));
          assertThat(again.values()).containsExactly("new");
        });
  }

  @Test
  void endsWhenTheViewsClose() {
    log.topic("events", 1, false);
    var reader = new Collecting();
    follow("events", Match.ALL, Map.of(), reader).request(1);

    views.close();

    assertThat(reader.ended).containsExactly("the view is closed");
  }

  @Test
  void givesNothingAfterItIsClosed() {
    log.topic("events", 1, false);
    var reader = new Collecting();
    var follow = follow("events", Match.ALL, Map.of(), reader);
    follow.request(10);
    follow.close();

    log.put("events", 0, "k", "1");

    assertThat(reader.events).isEmpty();
    assertThat(reader.ended).isEmpty();
  }

  /// Readers of every pace, filter and memory see what matches, in order, once.
  @ParameterizedTest(name = "seed {0}, memory {1}")
  @CsvSource({"1, 1", "2, 20000", "3, 10000000"})
  void givesEachReaderAllInOrderOnce(long seed, long memory) {
    views.close();
    start(memory);
    var random = new Random(seed);
    log.topic("events", 3, false);
    views.plan(List.of(new Topic("embedded", "events", false, true, false, Set.of("h"), "test")));
    write(random, 300);
    opened("events");
    var matches = List.of(Match.ALL, Match.key(Bytes.utf8("k3")), Readings.header("h", "v2"));
    var readers = new ArrayList<Collecting>();
    var follows = new ArrayList<Follow>();
    for (int i = 0; i < 12; i++) {
      var reader = new Collecting();
      readers.add(reader);
      follows.add(views.of("events").follow(matches.get(i % 3), Map.of(), From.EARLIEST, reader));
    }
    for (int step = 0; step < 200; step++) {
      write(random, random.nextInt(8));
      follows.get(random.nextInt(follows.size())).request(random.nextInt(30) + 1);
    }
    follows.forEach(follow -> follow.request(100_000));

    await().until(() -> views.of("events").applied().equals(log.ends("events")));
    for (int i = 0; i < readers.size(); i++) {
      var expected = Readings.all(views.of("events"), matches.get(i % 3)).records();
      var reader = readers.get(i);
      await()
          .untilAsserted(() ->
              assertThat(reader.events.stream().map(Event::stored).sorted(ShelfScan.ORDER))
                  .containsExactlyElementsOf(expected));
      reader.assertInOrder();
    }
  }

  private void write(Random random, int count) {
    for (int i = 0; i < count; i++) {
      log.put(
          "events",
          random.nextInt(3),
          Bytes.utf8("k" + random.nextInt(6)),
          "value",
          0,
          Header.of("h", "v" + random.nextInt(5)));
    }
  }

  private void put(String topic, int count) {
    for (int i = 0; i < count; i++) {
      log.put(topic, 0, "k", String.valueOf(i));
    }
  }

  private Follow follow(
      String topic, Match match, Map<Integer, Long> from, TopicView.Reader reader) {
    opened(topic);
    return views.of(topic).follow(match, from, From.EARLIEST, reader);
  }

  private void opened(String topic) {
    var view = views.of(topic);
    await().until(() -> log.tails(topic) == 1);
    if (log.isAllDelivered()) {
      await().until(() -> view.applied().equals(log.ends(topic)));
    }
  }

  private void start(long memory) {
    views =
        new StoredViews(
            ViewOptions.of("embedded", folder).withMemoryBytes(memory),
            log,
            time,
            new SimpleMeterRegistry());
    views.start();
  }

  private static final class Collecting implements TopicView.Reader {
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> ended = new CopyOnWriteArrayList<>();
    private volatile int started;

    @Override
    public void started() {
      started++;
    }

    @Override
    public void records(List<Event> batch) {
      assertThat(started).isEqualTo(1);
      events.addAll(batch);
    }

    @Override
    public void ended(String cause) {
      ended.add(cause);
    }

    List<String> values() {
      return events.stream()
          .map(Event::stored)
          .map(stored -> stored.value() == null ? "gone" : stored.value().utf8())
          .toList();
    }

    /// Per partition upwards, and the position never goes back.
    void assertInOrder() {
      Progress before = Progress.NONE;
      for (var event : events) {
        int partition = event.stored().partition();
        assertThat(event.stored().offset()).isGreaterThanOrEqualTo(before.at(partition, 0));
        var after = event.after();
        before
            .offsets()
            .forEach((one, offset) -> assertThat(after.at(one, 0)).isGreaterThanOrEqualTo(offset));
        before = after;
      }
    }
  }
}
