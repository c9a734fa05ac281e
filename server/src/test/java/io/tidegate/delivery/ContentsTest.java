package io.tidegate.delivery;

import static io.tidegate.delivery.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What was left to the log is read again a stretch at a time, and not record by record.
class ContentsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int RECORDS = 5_000;

  private final Scene scene = new Scene(1);
  private final Receivers receivers = scene.receivers;

  @AfterEach
  void closeScene() {
    scene.close();
  }

  private static Pump pump(Pump.Ordering ordering) {
    return TestPumps.pump(
        TestPumps.TOPIC,
        ordering,
        TestPumps.RETRY,
        new Pump.Limits(64, 16, 8, OptionalDouble.empty(), 1024),
        TestPumps.NO_BREAKER);
  }

  private void leaveABacklog(String... keys) {
    for (var key : keys) {
      receivers.answer(key, _ -> Receivers.status(503));
    }
    IntStream.range(0, RECORDS).forEach(i -> scene.put(keys[i % keys.length], Integer.toString(i)));
  }

  /// How many reads it takes to get rid of the backlog once the receivers are back, and how often a
  /// record was routed for it.
  private void assertReadOnce(Pump pump, int mostReads, String... keys) {
    try (var courier = scene.courier(pump)) {
      until(() ->
          courier.view().partitions().stream()
              .anyMatch(each -> each.read() == RECORDS && each.unread().orElse(-1) == 0));
      until(() -> courier.view().inFlight() == 0);
      var before = scene.log.reads();
      receivers.routed.set(0);
      for (var key : keys) {
        receivers.answer(key, _ -> Receivers.ok());
      }

      scene.pass(SECOND, () -> courier.view().lag().orElse(-1) == 0);

      var reads = scene.log.reads() - before;
      System.out.printf(
          "a backlog of %,d: %d reads, %,d records routed%n",
          RECORDS, reads, receivers.routed.get());
      assertThat(receivers.accepted()).isEqualTo(RECORDS);
      assertThat(reads).isLessThan(mostReads);
    }
  }

  @Test
  void theBacklogOfOneLane() {
    leaveABacklog("a/1");

    assertReadOnce(pump(new Pump.Ordering.Key()), 100, "a/1");

    assertThat(receivers.acceptedOf("a/1"))
        .isEqualTo(IntStream.range(0, RECORDS).mapToObj(Integer::toString).toList());
  }

  @Test
  void theBacklogOfManyLanesThatComeBackTogether() {
    var keys = IntStream.range(0, 50).mapToObj(i -> "r" + i + "/x").toArray(String[]::new);
    leaveABacklog(keys);

    assertReadOnce(pump(new Pump.Ordering.Key()), 200, keys);
  }

  @Test
  void theBacklogOfALaneWithoutOrder() {
    leaveABacklog("a/1");

    assertReadOnce(pump(new Pump.Ordering.None()), 200, "a/1");
  }
}
