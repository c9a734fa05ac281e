package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTimeTest {

  @Test
  void readsWhatInstantsPrint() {
    var random = new Random(7);
    var longest = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    var times =
        LongStream.range(0, 10_000)
            .mapToObj(i ->
                Instant.ofEpochSecond(
                    random.nextLong(-62_000_000_000L, longest), fraction(random, (int) i % 4)));

    assertThat(times).allSatisfy(time -> assertThat(UtcTime.read(time.toString())).contains(time));
  }

  private static int fraction(Random random, int kind) {
    return switch (kind) {
      case 0 -> 0;
      case 1 -> random.nextInt(1_000) * 1_000_000;
      case 2 -> random.nextInt(1_000_000) * 1_000;
      default -> random.nextInt(1_000_000_000);
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2027-01-31T12:00:00.5Z",
        "2027-01-31T24:00:00Z",
        "2024-02-29T00:00:00Z",
        "+12027-01-31T12:00:00Z",
        "2027-01-31T14:00:00+02:00",
        "2027-01-31T23:59:60Z"
      })
  void readsOthersAsInstantDoes(String text) {
    assertThat(UtcTime.read(text)).contains(Instant.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2027-01-31",
        "2027-02-30T12:00:00Z",
        "2027-13-01T12:00:00Z",
        "2027-01-31T12:60:00Z",
        "2027-01-31T12:00:00.Z0",
        "2027-01-31T12:00:00",
        "2027-01-31T12:00:00.0000000001Z"
      })
  void readsNothingElse(String text) {
    assertThat(UtcTime.read(text)).isEmpty();
  }
}
