package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeriesTest {

  private static final Series SERIES =
      Series.of(0, List.of(pair(80, 100), pair(60, 100), pair(70, 70)));

  @Test
  void theRatioIsTakenPairByPair() {
    assertThat(SERIES.throughput()).isEqualTo(new Spread(0.8, 0.6, 1.0));
  }

  @Test
  void bothCanHoldWhatTheSlowerOneDoes() {
    assertThat(SERIES.commonPerSecond()).isEqualTo(70);
  }

  @Test
  void theMedianOfAnEvenCountLiesBetween() {
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9));
  }

  @Test
  void nothingHasNoSpread() {
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aGoalIsMetByTheMedian() {
    var met = comparison(0.8);
    var missed = comparison(0.81);

    assertThat(met.reachesThroughput()).isTrue();
    assertThat(missed.reachesThroughput()).isFalse();
  }

  private static Comparison comparison(double goal) {
    return new Comparison(
        "x", 64, goal, new Side.Likeness(0, 4), SERIES, SERIES, Optional.empty(), List.of());
  }

  private static Pair pair(double product, double skeleton) {
    return new Pair(turn(product), turn(skeleton));
  }

  private static Turn turn(double perSecond) {
    return new Turn(9, perSecond, 1, 2, 3, 4, 5, 6, 0, 0, 0, 0);
  }
}
