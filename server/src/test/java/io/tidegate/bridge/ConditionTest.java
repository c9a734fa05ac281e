package io.tidegate.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.http.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {

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
