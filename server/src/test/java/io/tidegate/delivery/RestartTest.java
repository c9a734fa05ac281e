package io.tidegate.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kills a courier at any point and lets another one go on: nothing is lost, no order is broken,
/// and nothing is sent again that was settled before.
class RestartTest {
  private static final int KEYS = 12;
  private static final int RECORDS = 240;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233})
  void goesOnFromAnyLineOfTheJournal(int lines) {
    var random = new Random(lines);
    try (var scene = new Scene(2)) {
      var expected = fill(scene, random);
      var flaky = new Random(lines);
      for (var key : expected.keySet()) {
        scene.receivers.answer(
            key, _ -> flaky.nextInt(4) == 0 ? Receivers.status(503) : Receivers.ok());
      }

      var settled = new HashMap<String, Integer>();
      var underWay = new HashMap<String, Integer>();
      for (var kill = 1; kill <= 3; kill++) {
        var until = lines * kill;
        var doomed = scene.courier();
        scene.pass(
            Duration.ofMillis(200), () -> journal(scene).size() >= until || isDone(scene, doomed));
        scene.log.killMembers(TestPumps.TOPIC, TestPumps.GROUP);
        quiet(scene, doomed);
        var before = settled(scene);
        assertThat(before.keySet()).containsAll(settled.keySet());
        var sent = scene.receivers.acceptedTimes();
        before.forEach((place, _) -> settled.put(place, sent.getOrDefault(place, 0)));
        sent.keySet().stream()
            .filter(place -> !before.containsKey(place))
            .forEach(place -> underWay.merge(place, 1, Integer::sum));
      }
      try (var last = scene.courier()) {
        scene.pass(Duration.ofMillis(200), () -> isDone(scene, last));
      }

      var times = scene.receivers.acceptedTimes();
      settled.forEach((place, before) -> assertThat(times).containsEntry(place, before));
      times.forEach((place, often) ->
          assertThat(often).isLessThanOrEqualTo(1 + underWay.getOrDefault(place, 0)));
      expected.forEach(
          (key, values) -> assertThat(inOrder(scene.receivers.acceptedOf(key))).isEqualTo(values));
    }
  }

  private static Map<String, List<String>> fill(Scene scene, Random random) {
    var expected = new HashMap<String, List<String>>();
    for (var i = 0; i < RECORDS; i++) {
      var key = "host" + random.nextInt(3) + "/" + random.nextInt(KEYS);
      scene.put(key, "" + i);
      expected.computeIfAbsent(key, _ -> new ArrayList<>()).add("" + i);
    }
    return expected;
  }

  private static boolean isDone(Scene scene, Courier courier) {
    var view = courier.view();
    return view.partitions().size() == 2
        && view.partitions().stream().mapToLong(each -> each.committed()).sum() == RECORDS
        && scene.receivers.together.get() == 0;
  }

  /// Whatever was on its way has come to its end.
  private static void quiet(Scene scene, Courier doomed) {
    Scene.until(() -> {
      var before = journal(scene).size();
      var wasBusy = doomed.busy();
      scene.log.settle();
      return wasBusy == 0 && doomed.busy() == 0 && journal(scene).size() == before;
    });
  }

  private static List<Stored> journal(Scene scene) {
    return scene.log.stored(DeliveryTopics.ATTEMPTS);
  }

  /// What the journal says is settled, as `partition/offset`.
  private static Map<String, Integer> settled(Scene scene) {
    var settled = new HashMap<String, Integer>();
    for (var record : journal(scene)) {
      var line = JournalEntry.unpack(record.value());
      if (line.step().isSettled()) {
        var source = new String(record.key().array(), java.nio.charset.StandardCharsets.UTF_8);
        settled.put(source.substring(source.lastIndexOf('/') + 1) + "/" + line.offset(), 1);
      }
    }
    return settled;
  }

  /// Without what came more than once.
  private static List<String> inOrder(List<String> values) {
    var seen = new ArrayList<String>();
    values.forEach(value -> {
      if (!seen.contains(value)) {
        seen.add(value);
      }
    });
    return seen;
  }

  @org.junit.jupiter.api.Test
  void aBacklogOfADeadReceiverIsNotReadAgainToStart() {
    try (var scene = new Scene(1)) {
      scene.receivers.answer("dead/1", _ -> Receivers.status(500));
      for (var i = 0; i < 30_000; i++) {
        scene.append("dead/1", Bytes.utf8("" + i));
        if (i % 100 == 0) {
          scene.put("well/1", "" + i);
        }
      }
      try (var courier = scene.courier()) {
        Scene.until(() ->
            scene.receivers.seen("well/1").size() == 300
                && courier.view().partitions().getFirst().unread().orElse(-1) == 0
                && courier.view().partitions().getFirst().owed() == 30_000);
      }
      scene.receivers.routed.set(0);

      try (var courier = scene.courier()) {
        scene.put("well/1", "new");
        Scene.until(() -> scene.receivers.seen("well/1").size() == 301);
        assertThat(scene.receivers.routed.get()).isLessThan(100);

        scene.receivers.answer("dead/1", _ -> Receivers.ok());
        scene.pass(
            Duration.ofSeconds(10), () -> scene.receivers.acceptedOf("dead/1").size() >= 3_000);
        assertThat(scene.receivers.acceptedOf("dead/1").subList(0, 3_000))
            .isEqualTo(java.util.stream.IntStream.range(0, 3_000).mapToObj(i -> "" + i).toList());
      }
      assertThat(scene.receivers.seen("well/1")).doesNotHaveDuplicates();
    }
  }
}
