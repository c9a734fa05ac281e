package io.tidegate.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("1994-11-06T08:49:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          0                                | 0
          120                              | 120
          ' 120 '                          | 120
          007                              | 7
          86400                            | 86400
          86401                            | 86400
          99999999999999999999             | 86400
          Sun, 06 Nov 1994 08:49:37 GMT    | 37
          sun, 06 nov 1994 08:49:37 gmt    | 37
          Sunday, 06-Nov-94 08:49:37 GMT   | 37
          Sun Nov  6 08:49:37 1994         | 37
          Sun, 06 Nov 1994 08:48:00 GMT    | 0
          Wed, 09 Nov 1994 08:49:37 GMT    | 86400
          Saturday, 06-Nov-93 08:49:37 GMT | 0
          -1                               | -
          1.5                              | -
          ''                               | -
          soon                             | -
          Mon, 06 Nov 1994 08:49:37 GMT    | -
          Sun, 36 Nov 1994 08:49:37 GMT    | -
          Sun, 06 Nov 1994 08:49:37 CET    | -
          """)
  void isReadInAllItsForms(String text, Long seconds) {
    assertThat(RetryAfter.of(text, NOW))
        .isEqualTo(Optional.ofNullable(seconds).map(Duration::ofSeconds));
  }
}
