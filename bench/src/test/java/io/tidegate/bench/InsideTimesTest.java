package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InsideTimesTest {
  private static final String LINE =
      "tidegate_webhooks_requests_within_total{binding=\"b\",le=\"%s\",status=\"%s\"} %s\n";

  @Test
  void tellsTheTimesBetweenTwoReadings() {
    var before = page("10.0", "10.0", "10.0");
    var after = page("70.0", "109.0", "110.0");

    var times = InsideTimes.of(after).since(InsideTimes.of(before));

    assertThat(times.atMostMillis(0.5)).isEqualTo(0.05);
    assertThat(times.atMostMillis(0.99)).isEqualTo(0.1);
    assertThat(times.atMostMillis(1)).isInfinite();
  }

  private static String page(String fast, String slow, String all) {
    return LINE.formatted("5.0E-5", "2xx", fast)
        + LINE.formatted("1.0E-4", "2xx", slow)
        + LINE.formatted("+Inf", "2xx", all)
        + LINE.formatted("+Inf", "4xx", "1.0E9");
  }
}
