package io.tidegate.delivery;

import static io.tidegate.delivery.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `ordering: none`: a key is a receiver's name and no more.
class UnorderedTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int PER_KEY = 8;

  private final Scene scene = new Scene(1);
  private final Receivers receivers = scene.receivers;

  @AfterEach
  void closeScene() {
    scene.close();
  }

  private static Pump pump() {
    return TestPumps.pump(
        TestPumps.TOPIC,
        new Pump.Ordering.None(),
        TestPumps.RETRY,
        new Pump.Limits(64, 16, PER_KEY, OptionalDouble.empty(), 1024),
        TestPumps.NO_BREAKER);
  }

  private void put(int count) {
    scene.put("a/1", IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new));
  }

  @Test
  void asManyOfOneKeyAreOnTheirWayAsTheKeyMayHave() {
    var latch = receivers.hang("a/1");
    put(50);

    try (var courier = scene.courier(pump())) {
      until(() -> receivers.seen("a/1").size() == PER_KEY);
      until(() -> courier.view().inFlight() == PER_KEY);
      latch.countDown();
      until(() -> receivers.accepted() == 50);

      assertThat(receivers.mostTogether.get()).isEqualTo(PER_KEY);
      assertThat(receivers.seen("a/1")).doesNotHaveDuplicates();
    }
  }

  @Test
  void aRecordThatFailsOrHangsHoldsUpNoOtherOfItsKey() {
    receivers.answer("a/1", value -> Receivers.status(isOdd(value) ? 503 : 200));
    put(100);

    try (var courier = scene.courier(pump())) {
      until(() -> receivers.accepted() == 50);
      until(() -> courier.lane("a/1").getFirst().pending() == 50);
      assertThat(receivers.seen("a/1")).hasSize(100).doesNotHaveDuplicates();

      receivers.answer("a/1", _ -> Receivers.ok());
      scene.pass(SECOND, () -> receivers.accepted() == 100);
      until(() -> courier.view().lag().orElse(-1) == 0);
      assertThat(receivers.seen("a/1")).hasSize(150);
    }
  }

  private static boolean isOdd(String value) {
    return Integer.parseInt(value) % 2 == 1;
  }

  @Test
  void thousandsThatFailAreSentAgainAndNoneIsLost() {
    receivers.answer("a/1", _ -> Receivers.status(503));
    put(3_000);

    try (var courier = scene.courier(pump())) {
      until(() -> receivers.seen("a/1").size() >= 1_024);
      receivers.answer("a/1", _ -> Receivers.ok());
      scene.pass(SECOND, () -> receivers.accepted() == 3_000);
      until(() -> courier.view().lag().orElse(-1) == 0);

      assertThat(receivers.acceptedOf("a/1")).doesNotHaveDuplicates();
    }
  }

  @Test
  void afterACrashOnlyWhatFailedIsOwedAndItsAttemptsGoOn() {
    var failing = List.of("7", "23");
    receivers.answer("a/1", value -> Receivers.status(failing.contains(value) ? 503 : 200));
    put(50);
    var _ = scene.courier(pump());
    until(() -> receivers.accepted() == 48);
    until(() -> scene.log.stored(DeliveryTopics.ATTEMPTS).size() == 51);
    scene.log.killMembers(TestPumps.TOPIC, TestPumps.GROUP);

    try (var courier = scene.courier(pump())) {
      until(() -> courier.view().partitions().stream().anyMatch(each -> each.read() == 50));
      var partition = courier.view().partitions().getFirst();
      assertThat(partition.committed()).isEqualTo(7);
      assertThat(partition.owed()).isEqualTo(2);
      receivers.answer("a/1", _ -> Receivers.ok());
      scene.pass(SECOND, () -> receivers.accepted() == 50);

      assertThat(receivers.seen("a/1")).hasSize(52);
      assertThat(receivers.numbers("a/1").subList(50, 52)).containsExactly(2, 2);
    }
  }
}
