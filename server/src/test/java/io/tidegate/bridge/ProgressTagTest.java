package io.tidegate.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.view.Progress;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTagTest {

  static Stream<Arguments> known() {
    return Stream.of(
        Arguments.of(Map.of(0, 0L), "AQIAAA=="),
        Arguments.of(Map.of(0, -1L), "AQIAAQ=="),
        Arguments.of(Map.of(0, 5L), "AQIACg=="),
        Arguments.of(Map.of(0, 43L), "AQIAVg=="),
        Arguments.of(Map.of(0, 1L, 1, 1L), "AQQAAgIC"),
        Arguments.of(Map.of(0, 2L, 1, 1L), "AQQABAIC"),
        Arguments.of(Map.of(0, 3L, 1, 1L), "AQQABgIC"),
        Arguments.of(Map.of(0, 300L, 1, 17L, 2, 0L), "AQYA2AQCIgQA"));
  }

  @ParameterizedTest
  @MethodSource("known")
  void writesWhatOthersWrote(Map<Integer, Long> offsets, String text) {
    assertThat(ProgressTag.encode(Progress.of(offsets))).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("known")
  void readsWhatOthersWrote(Map<Integer, Long> offsets, String text) {
    assertThat(ProgressTag.decode(text)).contains(Progress.of(offsets));
  }

  @Test
  void keepsTheLargestNumbers() {
    var far = Progress.of(Map.of(0, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 40));

    assertThat(ProgressTag.decode(ProgressTag.encode(far))).contains(far);
    assertThat(ProgressTag.encode(7, 1L << 40))
        .isEqualTo(ProgressTag.encode(Progress.of(7, 1L << 40)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "AQIA",
        "AQIACg",
        "AQIACg=",
        "AgIACg==",
        "!!!!",
        "AQIACgAA",
        "////",
        "AQEA",
        "AQL_____________________w==",
        "AQIBCg==",
        "AQIAAw=="
      })
  void takesAnythingElseForNoTag(String text) {
    assertThat(ProgressTag.decode(text)).isEmpty();
  }
}
