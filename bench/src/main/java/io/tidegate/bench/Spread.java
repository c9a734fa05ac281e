package io.tidegate.bench;

import java.util.List;

/// Repeated measurements of one thing.
record Spread(double median, double min, double max) {

  static Spread of(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("a spread needs at least one value");
    }
    var middle = sorted.size() / 2;
    var median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.getFirst(), sorted.getLast());
  }
}
