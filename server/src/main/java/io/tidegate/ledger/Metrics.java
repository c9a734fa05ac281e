package io.tidegate.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What was counted.
///
/// @param isTruncated there are more rows than are given
public record Metrics(List<Point> points, boolean isTruncated) {
  public static final int MOST_POINTS = 10_000;

  public Metrics {
    points = List.copyOf(points);
  }

  /// @param bucket where it begins
  /// @param dimensions in the order of the query
  /// @param seconds that it spans
  public record Point(
      Optional<Instant> bucket, List<String> dimensions, double seconds, Counts counts) {
    public Point {
      dimensions = List.copyOf(dimensions);
    }
  }

  /// @param first attempts that were the first, `retries` the others that went by themselves
  /// @param numbers sum of the numbers of attempts
  public record Counts(
      long count, long delivered, long first, long retries, long manual, long numbers) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    Counts plus(Counts more) {
      return new Counts(
          count + more.count,
          delivered + more.delivered,
          first + more.first,
          retries + more.retries,
          manual + more.manual,
          numbers + more.numbers);
    }
  }
}
