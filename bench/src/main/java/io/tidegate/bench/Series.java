package io.tidegate.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// All pairs of one kind, and the ratios of product to skeleton over them.
///
/// @param perSecond the fixed rate; 0 when every connection sent as fast as it got replies
/// @param cpu processor time per request
record Series(double perSecond, List<Pair> pairs, Spread throughput, Spread p99, Spread cpu) {

  Series {
    pairs = List.copyOf(pairs);
  }

  static Series of(double perSecond, List<Pair> pairs) {
    return new Series(
        perSecond,
        pairs,
        over(pairs, Pair::throughputRatio),
        over(pairs, Pair::p99Ratio),
        over(pairs, Pair::cpuRatio));
  }

  /// What both sides can hold: the slower one's usual throughput.
  double commonPerSecond() {
    var product = over(pairs, pair -> pair.product().perSecond()).median();
    var skeleton = over(pairs, pair -> pair.skeleton().perSecond()).median();
    return Math.min(product, skeleton);
  }

  Stream<Turn> productTurns() {
    return pairs.stream().map(Pair::product);
  }

  Stream<Turn> skeletonTurns() {
    return pairs.stream().map(Pair::skeleton);
  }

  private static Spread over(List<Pair> pairs, ToDoubleFunction<Pair> figure) {
    return Spread.of(pairs.stream().mapToDouble(figure).boxed().toList());
  }
}
