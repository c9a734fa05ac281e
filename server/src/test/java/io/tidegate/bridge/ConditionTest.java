package io.tidegate.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.http.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {

  /// Twelve characters stand for thousands of offsets; a header of them must not fill the memory.
  @Test
  void keepsNoMoreOfAStrangersTagsThanIsBounded() {
    var zeros = new java.util.TreeMap<Integer, Long>();
    for (int i = 0; i < 4_096; i++) {
      zeros.put(i, 0L);
    }
    var tag = ProgressTag.encode(io.tidegate.view.Progress.of(zeros), 0, 0);
    assertThat(tag).hasSizeLessThan(20);

    var condition = Condition.of(Headers.of("if-none-match", ("\"" + tag + "\", ").repeat(300)));

    assertThat(condition.tags()).hasSize(2);
    assertThat(condition.within(io.tidegate.view.Progress.of(0, 5)).tags()).isEmpty();
    assertThat(ProgressTag.decode("AgDAmgwAvpoM")).isEmpty(); // 100,000 partitions
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "AQIACg==|AQIACg==",
        "AQIACg==/rev=5|AQIACg==/rev=5",
        "\"AQIACg==\"|AQIACg==",
        "W/\"AQIACg==/rev=5\"|AQIACg==/rev=5",
        "AQIACg==, AQIAVg==|AQIACg== AQIAVg==",
        "\"AQIACg==\",\"AQIAVg==\"|AQIACg== AQIAVg==",
        "\"other\", W/\"AQIAVg==\"|AQIAVg==",
        "AQIACg==/\"v1\"|AQIACg==/\"v1\"",
        "AQIACg==/a,b|AQIACg==/a,b",
        "AQIACg==/a,\"AQIAVg==\"|AQIACg==/a AQIAVg==",
        "\"AQIACg==|AQIACg==",
        " , AQIACg== ,|AQIACg==",
      })
  void readsTagsInEveryForm(String header, String expected) {
    var condition = Condition.of(Headers.of("if-none-match", header));

    assertThat(condition.tags())
        .extracting(Condition.Tag::text)
        .containsExactly(expected.split(" "));
    assertThat(condition.any()).isFalse();
  }

  @Test
  void readsSeveralFieldsAsOneList() {
    var condition =
        Condition.of(Headers.of("if-none-match", "AQIACg==", "if-none-match", "\"AQIAVg==\""));

    assertThat(condition.tags()).hasSize(2);
  }

  @Test
  void readsTheStarAsAnything() {
    assertThat(Condition.of(Headers.of("if-none-match", "*")).any()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "xx", "\"xx\"", "AQIA", "/", ",,,", "\"", "W/", "W/\"", "AQIACg"})
  void passesOverWhatIsNotATagOfOurs(String header) {
    assertThat(Condition.of(Headers.of("if-none-match", header)).isAbsent()).isTrue();
  }

  @Test
  void doesNotMindAMillionCommas() {
    var condition =
        Condition.of(Headers.of("if-none-match", "AQIACg==/a" + ",".repeat(1_000_000) + "b"));

    assertThat(condition.tags()).hasSize(1);
  }
}
