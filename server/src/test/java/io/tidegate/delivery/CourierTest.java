package io.tidegate.delivery;

import static io.tidegate.delivery.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CourierTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Scene scene = new Scene(2);
  private final Receivers receivers = scene.receivers;

  @AfterEach
  void closeScene() {
    scene.close();
  }

  @Test
  void deliversTheRecordsOfEachKeyInOrder() {
    var values = IntStream.range(0, 300).mapToObj(Integer::toString).toArray(String[]::new);
    for (var value : values) {
      for (var key : List.of("a/1", "a/2", "b/1")) {
        scene.put(key, value);
      }
    }

    try (var courier = scene.courier()) {
      until(() -> receivers.accepted() == 900);

      for (var key : List.of("a/1", "a/2", "b/1")) {
        assertThat(receivers.seen(key)).containsExactly(values);
      }
      until(() -> courier.view().lag().orElse(-1) == 0);
    }
  }

  @Test
  void aFailingLaneWaitsWhileOthersGoOn() {
    receivers.answer("a/1", _ -> Receivers.status(503));
    scene.put("a/1", "x", "y");
    try (var courier = scene.courier()) {
      until(() -> state(courier, "a/1") == CourierView.LaneState.WAITING);

      scene.put("a/2", "1", "2", "3");

      until(() -> receivers.seen("a/2").size() == 3);
      assertThat(receivers.seen("a/1")).containsExactly("x");
      receivers.answer("a/1", _ -> Receivers.ok());
      scene.time.advance(SECOND);
      until(() -> receivers.seen("a/1").size() == 3);
      assertThat(receivers.seen("a/1")).containsExactly("x", "x", "y");
      assertThat(receivers.numbers("a/1")).containsExactly(1, 2, 1);
    }
  }

  private static CourierView.LaneState state(Courier courier, String key) {
    return courier.lane(key).stream().map(CourierView.Lane::state).findFirst().orElse(null);
  }

  private static Optional<CourierView.Lane> lane(Courier courier, String key) {
    return courier.lane(key).stream().findFirst();
  }

  @Test
  void goesOnAfterARestartWithAttemptsAndTimesWhereTheyWere() {
    receivers.answer("a/1", _ -> Receivers.status(500));
    scene.put("a/1", "x", "y");
    scene.put("b/1", "1", "2");
    try (var courier = scene.courier()) {
      scene.pass(
          Duration.ofMillis(100),
          () -> lane(courier, "a/1").filter(lane -> lane.attempts() == 3).isPresent());
      until(() -> receivers.seen("b/1").size() == 2);
    }
    assertThat(receivers.numbers("a/1")).containsExactly(1, 2, 3);

    try (var courier = scene.courier()) {
      until(() -> state(courier, "a/1") == CourierView.LaneState.WAITING);
      assertThat(lane(courier, "a/1").orElseThrow().attempts()).isEqualTo(3);
      receivers.answer("a/1", _ -> Receivers.ok());
      scene.time.advance(Duration.ofMillis(3_000));
      assertThat(receivers.numbers("a/1")).containsExactly(1, 2, 3);
      scene.pass(Duration.ofMillis(100), () -> receivers.seen("a/1").size() == 5);

      assertThat(receivers.numbers("a/1")).containsExactly(1, 2, 3, 4, 1);
      assertThat(receivers.seen("b/1")).containsExactly("1", "2");
    }
  }

  @Test
  void whatIsRefusedOrEmptyHoldsUpNobody() {
    scene.append("a/1", null);
    scene.put("bad", "x");
    scene.put("a/1", "1");

    try (var courier = scene.courier()) {
      until(() -> receivers.seen("a/1").size() == 1 && courier.view().lag().orElse(-1) == 0);

      assertThat(receivers.reports())
          .anySatisfy(report ->
              assertThat(report.outcome()).isEqualTo(new Outcome.GivenUp(Outcome.Reason.REFUSED)));
    }
  }

  @Test
  void aReceiverThatIsGoneEndsTheRecordAtOnceAndFlagsTheLane() {
    receivers.answer("a/1", value -> Receivers.status(value.equals("x") ? 410 : 503));
    scene.put("a/1", "x", "y");

    try (var courier = scene.courier()) {
      until(() -> state(courier, "a/1") == CourierView.LaneState.WAITING);

      assertThat(receivers.seen("a/1")).containsExactly("x", "y");
      assertThat(lane(courier, "a/1").orElseThrow().gone()).isTrue();
    }
  }

  @Test
  void anExhaustedLaneBlocksUntilTheOperatorActs() throws InterruptedException {
    receivers.answer("a/1", _ -> Receivers.status(500));
    scene.put("a/1", "x", "y");
    var pump = pump(OptionalInt.of(2), true);

    try (var courier = scene.courier(pump)) {
      scene.pass(SECOND, () -> state(courier, "a/1") == CourierView.LaneState.BLOCKED);
      assertThat(receivers.seen("a/1")).containsExactly("x", "x");
      assertThat(courier.retry("a/1")).isTrue();
      until(() -> receivers.seen("a/1").size() == 3);
      until(() -> state(courier, "a/1") == CourierView.LaneState.BLOCKED);
    }
    try (var courier = scene.courier(pump)) {
      until(() -> state(courier, "a/1") == CourierView.LaneState.BLOCKED);
      receivers.answer("a/1", _ -> Receivers.ok());
      assertThat(courier.skip("a/1")).isTrue();
      until(() -> courier.view().lag().orElse(-1) == 0);
    }
    assertThat(receivers.seen("a/1")).containsExactly("x", "x", "x", "y");
  }

  private static Pump pump(OptionalInt attempts, boolean blocks) {
    var retry =
        new Pump.Retry(
            attempts,
            SECOND,
            2,
            SECOND.multipliedBy(60),
            0,
            Duration.ofHours(24),
            List.of(),
            blocks);
    return TestPumps.pump(
        TestPumps.TOPIC, new Pump.Ordering.Key(), retry, TestPumps.LIMITS, TestPumps.NO_BREAKER);
  }

  @Test
  void aHungReceiverHoldsOnlyItsOwnPlaces() {
    var latch = receivers.hang("hung/1");
    for (var i = 0; i < 100; i++) {
      receivers.hanging.put("hung/" + i, latch);
      scene.put("hung/" + i, "x");
    }
    try (var courier = scene.courier()) {
      until(() -> receivers.together.get() == 16);

      IntStream.range(0, 200).forEach(i -> scene.put("well/" + i, "x"));

      until(() -> receivers.accepted() == 200);
      until(() -> courier.view().inFlight() == 16);
      latch.countDown();
      until(() -> receivers.accepted() == 300);
    }
  }

  @Test
  void whatRetentionRemovedWhileItWasOwedExpires() {
    receivers.answer("a/1", _ -> Receivers.status(500));
    scene.put("a/1", "x", "y");
    try (var courier = scene.courier()) {
      until(() -> state(courier, "a/1") == CourierView.LaneState.WAITING);
    }
    scene.log.truncate(TestPumps.TOPIC, 0, 100);
    scene.log.truncate(TestPumps.TOPIC, 1, 100);

    try (var courier = scene.courier()) {
      until(() -> state(courier, "a/1") == CourierView.LaneState.WAITING);
      scene.pass(SECOND, () -> courier.view().lag().orElse(-1) == 0);
    }

    assertThat(receivers.reports())
        .filteredOn(report -> report.outcome().equals(new Outcome.GivenUp(Outcome.Reason.EXPIRED)))
        .hasSize(1);
    assertThat(scene.meters.get("tidegate.delivery.lost").counter().count()).isEqualTo(1);
  }

  @Test
  void aClockThatLeapsNeitherExpiresNorDelaysAnything() {
    receivers.answer("a/1", _ -> Receivers.status(500));
    scene.put("a/1", "x");
    try (var courier = scene.courier()) {
      until(() -> state(courier, "a/1") == CourierView.LaneState.WAITING);

      scene.time.leap(Duration.ofDays(3));
      scene.time.advance(SECOND);
      until(() -> receivers.seen("a/1").size() == 2);
      until(() -> state(courier, "a/1") == CourierView.LaneState.WAITING);
      scene.time.leap(Duration.ofDays(-6));
      receivers.answer("a/1", _ -> Receivers.ok());
      scene.time.advance(SECOND.multipliedBy(2));

      until(() -> receivers.accepted() == 1);
    }
  }

  @Test
  void sendsNothingWhileItIsNotSureOfItsPartitions() {
    try (var courier = scene.courier()) {
      scene.put("a/1", "x");
      until(() -> receivers.accepted() == 1);
      scene.log.doubtMembers(TestPumps.TOPIC, TestPumps.GROUP, true);

      scene.put("a/1", "y");

      until(() -> state(courier, "a/1") == CourierView.LaneState.WAITING);
      assertThat(receivers.seen("a/1")).containsExactly("x");
      scene.log.doubtMembers(TestPumps.TOPIC, TestPumps.GROUP, false);
      scene.time.advance(SECOND);
      until(() -> receivers.accepted() == 2);
      assertThat(receivers.numbers("a/1")).containsExactly(1, 1);
    }
  }
}
