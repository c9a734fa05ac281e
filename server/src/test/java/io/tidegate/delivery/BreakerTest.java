package io.tidegate.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.plan.Pump;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Breaker breaker =
      new Breaker(new Pump.Breaker(3, Duration.ofSeconds(10), Duration.ofSeconds(25)));

  private void failThrice() {
    for (var i = 0; i < 3; i++) {
      breaker.failed(0);
    }
  }

  @Test
  void opensAfterFailuresInARow() {
    breaker.failed(0);
    breaker.failed(0);
    breaker.worked();
    breaker.failed(0);
    breaker.failed(0);
    assertThat(breaker.delay(0)).isZero();

    breaker.failed(0);

    assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
    assertThat(breaker.delay(SECOND)).isEqualTo(9 * SECOND);
  }

  @Test
  void letsOneProbeThroughAtATime() {
    failThrice();
    assertThat(breaker.delay(10 * SECOND)).isZero();

    breaker.sent();

    assertThat(breaker.state()).isEqualTo(Breaker.State.HALF_OPEN);
    assertThat(breaker.delay(10 * SECOND)).isNegative();
    breaker.worked();
    assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
    assertThat(breaker.delay(10 * SECOND)).isZero();
  }

  @Test
  void waitsTwiceAsLongAfterAProbeThatFailedUpToTheLimit() {
    failThrice();
    breaker.sent();
    breaker.failed(10 * SECOND);
    assertThat(breaker.delay(10 * SECOND)).isEqualTo(20 * SECOND);

    breaker.sent();
    breaker.failed(30 * SECOND);

    assertThat(breaker.delay(30 * SECOND)).isEqualTo(25 * SECOND);
  }

  @Test
  void aProbeThatSaysNothingMakesRoomForAnother() {
    failThrice();
    breaker.sent();

    breaker.ignored();

    assertThat(breaker.delay(11 * SECOND)).isZero();
  }
}
