package io.tidegate.delivery;

import static io.tidegate.delivery.Scene.until;

import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `limits.rate`: so many requests a second to one receiver, and no more after a pause. A tenth of
/// a second's worth may go at once.
class RateTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Scene scene = new Scene(1);
  private final Receivers receivers = scene.receivers;

  @AfterEach
  void closeScene() {
    scene.close();
  }

  private static Pump pump(double perSecond) {
    return TestPumps.pump(
        TestPumps.TOPIC,
        new Pump.Ordering.Key(),
        TestPumps.RETRY,
        new Pump.Limits(256, 256, 1, OptionalDouble.of(perSecond), 1024),
        TestPumps.NO_BREAKER);
  }

  private void put(String authority, int count) {
    for (var i = 0; i < count; i++) {
      scene.put(authority + "/" + i, "x");
    }
  }

  private long accepted(String authority) {
    synchronized (receivers) {
      return receivers.accepted.stream().filter(each -> each.startsWith(authority + "/")).count();
    }
  }

  /// Nothing is under way, and nothing more comes of it.
  private void awaitQuiet(Courier courier, String authority, int count) {
    until(() -> accepted(authority) == count && courier.view().inFlight() == 0);
  }

  @Test
  void sendsSoManyASecondToOneReceiver() {
    put("a", 200);
    try (var courier = scene.courier(pump(20))) {
      awaitQuiet(courier, "a", 2);

      for (var second = 1; second <= 5; second++) {
        scene.time.advance(SECOND);
        awaitQuiet(courier, "a", 2 + 20 * second);
      }
    }
  }

  @Test
  void doesNotMakeUpForAPause() {
    put("a", 2);
    try (var courier = scene.courier(pump(20))) {
      awaitQuiet(courier, "a", 2);
      scene.time.advance(Duration.ofMinutes(5));

      for (var i = 0; i < 100; i++) {
        scene.put("a/more" + i, "x");
      }

      awaitQuiet(courier, "a", 4);
      scene.time.advance(SECOND);
      awaitQuiet(courier, "a", 24);
    }
  }

  @Test
  void holdsUpNoOtherReceiver() {
    put("a", 50);
    put("b", 2);
    put("c", 2);

    try (var courier = scene.courier(pump(20))) {
      awaitQuiet(courier, "a", 2);
      awaitQuiet(courier, "b", 2);
      awaitQuiet(courier, "c", 2);
    }
  }

  @Test
  void countsRetriesToo() {
    for (var i = 0; i < 10; i++) {
      receivers.answer("a/" + i, _ -> Receivers.status(503));
    }
    put("a", 10);
    try (var courier = scene.courier(pump(1))) {
      for (var second = 0; second < 20; second++) {
        int attempts = 1 + second;
        until(() -> attempts() == attempts && courier.view().inFlight() == 0);
        scene.time.advance(SECOND);
      }
    }
  }

  private int attempts() {
    synchronized (receivers) {
      return receivers.numbers.values().stream().mapToInt(List::size).sum();
    }
  }

  @Test
  void lessThanOneASecondIsPossible() {
    put("a", 4);
    try (var courier = scene.courier(pump(0.1))) {
      awaitQuiet(courier, "a", 1);
      scene.time.advance(SECOND.multipliedBy(9));
      awaitQuiet(courier, "a", 1);
      scene.time.advance(SECOND);
      awaitQuiet(courier, "a", 2);
      scene.time.advance(SECOND.multipliedBy(20));
      awaitQuiet(courier, "a", 4);
    }
  }
}
