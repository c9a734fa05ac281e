package io.tidegate.view;

import static io.tidegate.view.Readings.value;
import static io.tidegate.view.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.plan.Topic;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is on disk is used again when it is right, and only then.
class RestartedViewsTest {
  @TempDir Path folder;

  private final FakeLog log = new FakeLog();
  private final ManualTime time = new ManualTime(Instant.EPOCH);
  private final List<StoredViews> opened = new ArrayList<>();

  @BeforeEach
  void fillTheTopic() {
    log.topic("items", 1, true);
    log.put("items", 0, "a", "1");
    log.put("items", 0, "b", "2");
    log.put("items", 0, "a", "3");
  }

  @AfterEach
  void close() {
    opened.forEach(StoredViews::close);
  }

  @Test
  void goesOnWhereItStopped() {
    open("items").close();
    log.put("items", 0, "c", "4");

    var views = open("items");

    assertThat(log.followedFrom).containsExactly(Map.of(0, 0L), Map.of(0, 3L));
    assertThat(values(views.of("items"))).containsExactly("2", "3", "4");
  }

  @Test
  void answersFromMemoryAfterARestart() {
    open("items").close();

    var views = open("items");

    assertThat(Readings.ask(views.of("items"), Match.key(Bytes.utf8("b")))).isCompleted();
    assertThat(Readings.scan(views.of("items"), Match.ALL)).isCompleted();
  }

  @Test
  void forgetsNothingButTheTailInACrash() throws IOException {
    var views = open("items");
    assertThat(values(views.of("items"))).hasSize(2);
    time.advance(Duration.ofMinutes(1));
    log.put("items", 0, "d", "5");
    var crashed = folder.resolve("crashed");
    await()
        .untilAsserted(() -> {
          copyOfTheDisk(crashed);
          assertThat(values(open(crashed, "items").of("items"))).containsExactly("2", "3", "5");
        });
  }

  @Test
  void readsATopicAnewThatWasRecreatedMeanwhile() {
    open("items").close();
    log.topic("items", 1, true);
    for (int i = 0; i < 9; i++) {
      log.put("items", 0, "n" + i, "new" + i);
    }

    var views = open("items");

    assertThat(log.followedFrom.getLast()).isEqualTo(Map.of(0, 0L));
    assertThat(value(views.of("items"), "a")).isEqualTo("none");
    assertThat(values(views.of("items"))).hasSize(9);
  }

  @Test
  void readsATopicAnewWhoseIndexedHeadersAreOthers() {
    open("items").close();
    var views = start(folder.resolve("views"));

    views.plan(List.of(topic("items", Set.of("region"))));

    await().until(() -> log.tails("items") == 1);
    assertThat(log.followedFrom.getLast()).isEqualTo(Map.of(0, 0L));
  }

  @Test
  void readsATopicAnewWhilePlansChange() {
    var views = open("items");
    assertThat(value(views.of("items"), "a")).isEqualTo("3");

    views.plan(List.of(topic("items", Set.of("region"))));

    await().until(() -> log.followedFrom.size() == 2);
    assertThat(log.followedFrom.getLast()).isEqualTo(Map.of(0, 0L));
    assertThat(value(views.of("items"), "a")).isEqualTo("3");
  }

  @Test
  void buildsADamagedFolderAnew() throws IOException {
    open("items").close();
    spoil("MANIFEST", 0, 200);

    var views = open("items");

    assertThat(values(views.of("items"))).containsExactly("2", "3");
    assertThat(log.followedFrom.getLast()).isEqualTo(Map.of(0, 0L));
  }

  @Test
  void buildsAnewWhatTurnsOutToBeDamagedWhileReading() throws IOException {
    log.topic("large", 1, true);
    for (int i = 0; i < 2_000; i++) {
      log.put("large", 0, "key" + i, "value" + i + "x" + random(i));
    }
    var first = start(folder.resolve("views"), 1);
    assertThat(values(first.of("large"))).hasSize(2_000);
    first.close();
    spoil(".sst", 60_000, 8_000);

    var views = start(folder.resolve("views"), 1);

    await().untilAsserted(() -> assertThat(value(views.of("large"), "key7")).startsWith("value7x"));
    await().untilAsserted(() -> assertThat(values(views.of("large"))).hasSize(2_000));
  }

  @Test
  void buildsAFolderOfAnotherFormatAnew() {
    open("items").close();
    var store = new Store(folder.resolve("views"));
    store.start();
    try (var batch = new Store.StoreBatch()) {
      batch.put(StoreKeys.format(), new byte[] {0, 0, 0, 99});
      store.write(batch);
    }
    store.close(Duration.ofSeconds(1));

    var views = open("items");

    assertThat(log.followedFrom.getLast()).isEqualTo(Map.of(0, 0L));
    assertThat(values(views.of("items"))).containsExactly("2", "3");
  }

  @Test
  void leavesAFolderAloneThatAnotherProcessHas() {
    var views = open("items");

    assertThatThrownBy(() -> start(folder.resolve("views")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lock");
    assertThat(values(views.of("items"))).containsExactly("2", "3");
  }

  @Test
  void closesWhileSomeoneReads() throws InterruptedException {
    for (int i = 0; i < 5_000; i++) {
      log.put("items", 0, "key" + i, "x".repeat(100));
    }
    var views = start(folder.resolve("views"), 1);
    var view = views.of("items");
    await().until(() -> view.applied().equals(log.ends("items")));
    var reading = new CountDownLatch(1);
    var closing = new CountDownLatch(1);
    view.each(
        Match.ALL,
        new TopicView.Scan() {
          @Override
          public boolean records(List<io.tidegate.log.Stored> batch) {
            reading.countDown();
            try {
              return closing.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
              return false;
            }
          }

          @Override
          public void end(Progress upTo) {}

          @Override
          public void unready(String cause) {}
        });
    assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
    var closer = Thread.ofPlatform().start(views::close);
    closing.countDown();

    assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
  }

  private StoredViews open(String topic) {
    return open(folder.resolve("views"), topic);
  }

  private StoredViews open(Path where, String topic) {
    var views = start(where);
    int before = log.followedFrom.size();
    views.plan(List.of(topic(topic, Set.of())));
    await().until(() -> log.followedFrom.size() > before);
    log.tails(topic); // needs the log's lock: that follower has all there is now
    await().until(() -> views.of(topic).applied().equals(log.ends(topic)));
    return views;
  }

  private StoredViews start(Path where) {
    return start(where, 1 << 20);
  }

  private StoredViews start(Path where, long memory) {
    var views =
        new StoredViews(
            ViewOptions.of("embedded", where).withMemoryBytes(memory),
            log,
            time,
            new SimpleMeterRegistry());
    views.start();
    opened.add(views);
    return views;
  }

  /// Writes over a file from `first` on, but for its last `kept` bytes.
  private void spoil(String name, long first, int kept) throws IOException {
    try (var files = Files.list(folder.resolve("views/rocksdb"))) {
      for (var file : files.filter(file -> file.toString().contains(name)).toList()) {
        try (var content = new RandomAccessFile(file.toFile(), "rw")) {
          for (long at = first; at < content.length() - kept; at += 50) {
            content.seek(at);
            content.writeInt(0xdeadbeef);
          }
        }
      }
    }
  }

  private static String random(int seed) {
    return new Random(seed)
        .ints(100, 'a', 'z')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private void copyOfTheDisk(Path target) throws IOException {
    var from = folder.resolve("views/rocksdb");
    Files.createDirectories(target.resolve("rocksdb"));
    try (var files = Files.list(from)) {
      for (var file : files.filter(file -> !file.endsWith("LOCK")).toList()) {
        Files.write(
            target.resolve("rocksdb").resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
  }

  private static Topic topic(String name, Set<String> indexed) {
    return new Topic("embedded", name, true, true, false, indexed, "test");
  }
}
