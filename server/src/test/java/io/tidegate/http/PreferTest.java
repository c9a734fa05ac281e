package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreferTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "respond-async, wait=10",
        "respond-async;wait=10",
        "wait=10; respond-async",
        "wait=\"10\",Respond-Async",
        "return=minimal, respond-async , wait = 10, wait=3",
      })
  void readsBothPreferencesHoweverSeparated(String said) {
    assertThat(Prefer.of(Headers.of("prefer", said)))
        .isEqualTo(new Prefer(true, Optional.of(Duration.ofSeconds(10))));
  }

  @Test
  void readsSeveralFields() {
    assertThat(Prefer.of(Headers.of("prefer", "respond-async", "prefer", "wait=2")))
        .isEqualTo(new Prefer(true, Optional.of(Duration.ofSeconds(2))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "wait", "wait=", "wait=-1", "wait=soon", "waiting=3", "respond-async=1"})
  void passesOverWhatItDoesNotUnderstand(String said) {
    assertThat(Prefer.of(Headers.of("prefer", said))).isEqualTo(Prefer.NOTHING);
  }

  @Test
  void holdsAWaitToTheLimit() {
    var prefer = Prefer.of(Headers.of("prefer", "wait=99999999999999999999"));

    assertThat(prefer.atMost(Duration.ofMinutes(5)).patience()).contains(Duration.ofMinutes(5));
  }
}
