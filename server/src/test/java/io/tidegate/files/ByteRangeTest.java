package io.tidegate.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,0,0",
    "bytes=0-,0,99",
    "bytes=90-,90,99",
    "bytes=90-1000,90,99",
    "bytes=-5,95,99",
    "bytes=-500,0,99",
    "bytes=10-19,10,19"
  })
  void honoursOneRange(String asked, long first, long last) {
    assertThat(ByteRange.of(asked, 100)).isEqualTo(new ByteRange.Part(first, last));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=",
        "bytes=-",
        "bytes=5-1",
        "bytes=a-b",
        "lines=0-1",
        "bytes=0-1,5-6",
        "0-1",
        "bytes=99999999999999999999-",
        ""
      })
  void answersWithTheWholeWhatItDoesNotUnderstand(String asked) {
    assertThat(ByteRange.of(asked, 100)).isEqualTo(new ByteRange.Whole());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
  void refusesWhatBeginsBehindTheEnd(String asked) {
    assertThat(ByteRange.of(asked, 100)).isEqualTo(new ByteRange.Outside());
  }

  @Test
  void findsNothingInAnEmptyFile() {
    assertThat(ByteRange.of("bytes=0-", 0)).isEqualTo(new ByteRange.Outside());
    assertThat(ByteRange.of("bytes=-1", 0)).isEqualTo(new ByteRange.Outside());
  }
}
