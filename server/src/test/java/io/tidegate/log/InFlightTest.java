package io.tidegate.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.log.KafkaSettings.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InFlightTest {
  private final InFlight inFlight = new InFlight(new Limits(4, 1000, Duration.ofSeconds(4)));

  @Test
  void takesNoMoreMessagesThanItMay() {
    for (var i = 0; i < 4; i++) {
      assertThat(inFlight.take(1)).isTrue();
    }

    assertThat(inFlight.take(1)).isFalse();

    inFlight.give(1);
    assertThat(inFlight.take(1)).isTrue();
    assertThat(inFlight.messages()).isEqualTo(4);
  }

  @Test
  void takesNoMoreBytesThanItMay() {
    assertThat(inFlight.take(600)).isTrue();

    assertThat(inFlight.take(401)).isFalse();

    assertThat(inFlight.take(400)).isTrue();
    assertThat(inFlight.bytes()).isEqualTo(1000);
    assertThat(inFlight.messages()).isEqualTo(2);
  }

  @Test
  void knowsWhatItCanNeverTake() {
    assertThat(inFlight.canEverTake(1000)).isTrue();
    assertThat(inFlight.canEverTake(1001)).isFalse();
  }
}
