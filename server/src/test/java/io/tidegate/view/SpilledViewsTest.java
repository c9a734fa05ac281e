package io.tidegate.view;

import static io.tidegate.view.Readings.all;
import static io.tidegate.view.Readings.header;
import static io.tidegate.view.Readings.newest;
import static io.tidegate.view.Readings.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import io.tidegate.plan.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever the memory, the answers are those of a naive model.
class SpilledViewsTest {
  private static final Duration POLL = Duration.ofMillis(5);
  private static final int PARTITIONS = 3;
  private static final int ROUNDS = 8;
  private static final int RECORDS = 250;
  private static final int KEYS = 60;
  private static final int HEADERS = 8;

  @TempDir Path folder;

  private final FakeLog log = new FakeLog();
  private final ManualTime time = new ManualTime(Instant.EPOCH);
  private final List<Stored> model = new ArrayList<>();
  private long clock = 1_000;

  @ParameterizedTest(name = "seed {0}, compacted {1}, strays {2}, memory {3}")
  @CsvSource({
    "1, true, false, 1",
    "2, true, true, 1",
    "3, false, false, 1",
    "4, false, true, 1",
    "5, true, false, 30000",
    "6, false, false, 30000",
    "7, true, true, 30000",
    "8, true, false, 100000000",
    "9, false, true, 100000000",
  })
  void answersAsTheModelDoes(long seed, boolean compacted, boolean strays, long memory) {
    var random = new Random(seed);
    log.topic("t", PARTITIONS, compacted);
    for (int round = 0; round < ROUNDS; round++) {
      var views =
          new StoredViews(
              ViewOptions.of("embedded", folder).withMemoryBytes(memory),
              log,
              time,
              new SimpleMeterRegistry());
      views.start();
      views.plan(List.of(new Topic("embedded", "t", compacted, true, false, Set.of("h"), "test")));
      var view = views.of("t");
      await().pollDelay(Duration.ZERO).pollInterval(POLL).until(() -> log.tails("t") == 1);
      // Some records come in while the view is open, some while it is closed.
      write(random, compacted, strays);
      // It is held up while the disk is behind.
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(POLL)
          .until(() -> view.applied().equals(log.ends("t")));
      compare(view, compacted, random);
      views.close();
      write(random, compacted, strays);
      if (round % 3 == 2) {
        truncate(random);
      }
    }
    assertThat(log.followedFrom.getLast().values().stream().mapToLong(Long::longValue).sum())
        .isPositive();
  }

  private void write(Random random, boolean compacted, boolean strays) {
    for (int i = 0; i < RECORDS / 2; i++) {
      var key =
          !compacted && random.nextInt(10) == 0 ? null : Bytes.utf8("key-" + random.nextInt(KEYS));
      int partition =
          key == null || (strays && random.nextInt(4) == 0)
              ? random.nextInt(PARTITIONS)
              : Partitioner.partition(key, PARTITIONS);
      var value = compacted && random.nextInt(8) == 0 ? null : "v" + random.nextInt();
      var headers =
          Stream.generate(() -> random.nextInt(HEADERS))
              .limit(random.nextInt(3))
              .map(number -> Header.of(number % 2 == 0 ? "h" : "x", "value-" + number))
              .toArray(Header[]::new);
      var stored = log.put("t", partition, key, value, clock++, headers);
      if (compacted) {
        model.removeIf(old -> old.partition() == partition && key.equals(old.key()));
      }
      model.add(stored);
    }
  }

  private void truncate(Random random) {
    int partition = random.nextInt(PARTITIONS);
    long first =
        model.stream()
            .filter(stored -> stored.partition() == partition)
            .mapToLong(Stored::offset)
            .skip(20)
            .findFirst()
            .orElse(0);
    log.truncate("t", partition, first);
    model.removeIf(stored -> stored.partition() == partition && stored.offset() < first);
  }

  private void compare(TopicView view, boolean compacted, Random random) {
    var live = model.stream().filter(stored -> !stored.isTombstone()).sorted(ShelfScan.ORDER);
    assertThat(all(view, Match.ALL).records()).containsExactlyElementsOf(live.toList());
    for (int i = 0; i < KEYS; i++) {
      var key = Bytes.utf8("key-" + i);
      assertThat(text(newest(view, Match.key(key)))).as("key %d", i).isEqualTo(newestOf(key));
    }
    for (int i = 0; i < HEADERS; i++) {
      var match = header(i % 2 == 0 ? "h" : "x", "value-" + i);
      assertThat(text(newest(view, match))).as("header %d", i).isEqualTo(newestOf(match));
      var matching = model.stream().filter(stored -> !stored.isTombstone() && match.test(stored));
      assertThat(all(view, match).records())
          .containsExactlyElementsOf(matching.sorted(ShelfScan.ORDER).toList());
    }
    var both =
        new Match(
            List.of(
                new Match.Clause(
                    Bytes.utf8("key-" + random.nextInt(KEYS)), List.of(Header.of("h", "value-2"))),
                new Match.Clause(Bytes.utf8("key-" + random.nextInt(KEYS)), List.of())));
    var matching = model.stream().filter(stored -> !stored.isTombstone() && both.test(stored));
    assertThat(all(view, both).records())
        .containsExactlyElementsOf(matching.sorted(ShelfScan.ORDER).toList());
  }

  private String newestOf(Bytes key) {
    int own = Partitioner.partition(key, PARTITIONS);
    var records = model.stream().filter(stored -> key.equals(stored.key())).toList();
    var inOwn = records.stream().filter(stored -> stored.partition() == own).toList();
    return newestOf(inOwn.isEmpty() ? records : inOwn);
  }

  private String newestOf(Match match) {
    return newestOf(model.stream().filter(match::test).toList());
  }

  private static String newestOf(List<Stored> records) {
    return records.stream()
        .max(Comparator.comparingLong(Stored::timestamp))
        .map(stored -> stored.value() == null ? "gone" : stored.value().utf8())
        .orElse("none");
  }
}
