package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MannerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | status 500 always",
        "204 | status 204 always",
        "drop | no answer always",
        "drop,first:2 | no answer for the first 2",
        "503,first:2 | status 503 for the first 2",
        "first:2 | status 503 for the first 2",
        "rate:0.3,retry-after:5 | status 503 for a share of 0.3, retry-after 5",
        "delay:2s | status 200, after 2000 ms",
        "429,delay:500ms | status 429 always, after 500 ms"
      })
  void readsHowAPathBehaves(String words, String meaning) {
    assertThat(Manner.parse(words)).hasToString(meaning);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5xx", "99", "600", "rate:2", "rate:x", "delay:2", "first:", "fall:3"})
  void refusesWhatHasNoMeaning(String words) {
    assertThatThrownBy(() -> Manner.parse(words)).isInstanceOf(UserFault.class);
  }

  @Test
  void failsTheFirstAndThenAtRandom() {
    var manner = Manner.parse("drop,first:2,rate:0.5");

    assertThat(manner.failsAt(2, 0.9)).isTrue();
    assertThat(manner.failsAt(3, 0.9)).isFalse();
    assertThat(manner.failsAt(3, 0.4)).isTrue();
    assertThat(manner.failure()).isEqualTo(OptionalInt.empty());
    assertThat(manner.delay()).isEqualTo(Duration.ZERO);
  }
}
