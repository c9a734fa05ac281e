package io.tidegate.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// What one stretch of load came to. Filled by one thread, then added up.
final class Tally {

  private static final long LONGEST = TimeUnit.MINUTES.toNanos(5);

  private final Histogram latencies = new Histogram(LONGEST, 3);
  private final Map<Integer, Long> refusals = new TreeMap<>();
  private long completed;
  private long broken;
  private long unfinished;

  /// A request that succeeded within the measured time.
  void completed() {
    completed++;
  }

  /// A reply within the measured time that was not a success.
  void refused(int status) {
    refusals.merge(status, 1L, Long::sum);
  }

  void broke() {
    broken++;
  }

  void latency(long nanos) {
    latencies.recordValue(Math.clamp(nanos, 0, LONGEST));
  }

  /// A request that had no reply when the time was up: it took at least this long.
  void unfinished(long nanos) {
    unfinished++;
    latency(nanos);
  }

  void add(Tally other) {
    latencies.add(other.latencies);
    other.refusals.forEach((status, count) -> refusals.merge(status, count, Long::sum));
    completed += other.completed;
    broken += other.broken;
    unfinished += other.unfinished;
  }

  long count() {
    return completed;
  }

  long measured() {
    return latencies.getTotalCount();
  }

  long failures() {
    return broken + refusals.values().stream().mapToLong(Long::longValue).sum();
  }

  /// How many replies there were of each status that is not a success.
  Map<Integer, Long> refusals() {
    return Map.copyOf(refusals);
  }

  long unfinished() {
    return unfinished;
  }

  double millis(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e6;
  }

  double maxMillis() {
    return latencies.getMaxValue() / 1e6;
  }
}
