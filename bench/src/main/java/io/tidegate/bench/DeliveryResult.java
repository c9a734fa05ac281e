package io.tidegate.bench;

import io.tidegate.bench.CpuMeter.Used;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// What a scenario of deliveries has measured.
///
/// @param isPaced records were made at a steady rate, so that latencies mean something
record DeliveryResult(String scenario, boolean isPaced, List<Row> rows, List<Finding> findings) {
  DeliveryResult {
    rows = List.copyOf(rows);
    findings = List.copyOf(findings);
  }

  /// One stretch of one side. Processor time is in cores, but for the first.
  ///
  /// @param cpuPer100k seconds of the side's processor time for 100,000 deliveries
  /// @param p50 and the others: milliseconds from the making of a record to its first byte at the
  ///   receiver; they mean something only where records are sent at a fixed rate
  /// @param receivers the cores of this driver, the receivers among it
  /// @param foreign what everybody else used: the noise
  record Row(
      String label,
      double perSecond,
      double cpuPer100k,
      double p50,
      double p99,
      double p999,
      double node,
      double receivers,
      double foreign,
      double residentMiB,
      long connections,
      long repeated,
      long disordered) {

    /// @param before how many had been received when the meter was made
    static Row of(String label, Receivers seen, long before, Used used, double residentMiB) {
      long count = seen.received() - before;
      var ages = seen.ages();
      return new Row(
          label,
          count / used.seconds(),
          used.side() * used.seconds() / count * 100_000,
          ages.getValueAtPercentile(50) / 1000.0,
          ages.getValueAtPercentile(99) / 1000.0,
          ages.getValueAtPercentile(99.9) / 1000.0,
          used.node(),
          used.driver(),
          used.foreign(),
          residentMiB,
          seen.connections(),
          seen.repeated(),
          seen.disordered());
    }
  }

  /// @param text with the figure
  /// @param goal empty when there is none
  record Finding(String text, String goal, boolean isMet) {
    static Finding told(String what, double value) {
      return new Finding(String.format(Locale.ROOT, "%s: %,.2f", what, value), "", true);
    }

    static Finding atMost(String what, double value, double goal) {
      return new Finding(
          String.format(Locale.ROOT, "%s: %,.2f", what, value), "at most " + goal, value <= goal);
    }

    /// The rates of two sides, turn by turn.
    static Finding ratio(String what, List<Row> rows, String over, String under, double goal) {
      var above = rates(rows, over);
      var below = rates(rows, under);
      var ratios = IntStream.range(0, above.size()).mapToObj(i -> above.get(i) / below.get(i));
      var spread = Spread.of(ratios.toList());
      return new Finding(
          String.format(
              Locale.ROOT,
              "%s: median %.2f [%.2f..%.2f]",
              what,
              spread.median(),
              spread.min(),
              spread.max()),
          "at least " + goal,
          spread.median() >= goal);
    }

    private static List<Double> rates(List<Row> rows, String label) {
      return rows.stream().filter(row -> row.label.equals(label)).map(Row::perSecond).toList();
    }
  }

  void print(PrintStream out) {
    out.printf("%n%s: records of 512 bytes to receivers in the driver%n", scenario);
    out.printf(
        "  %-24s %9s %10s%s %6s %6s %8s %8s %6s %9s %11s%n",
        "side",
        "records/s",
        "CPU-s/100k",
        isPaced ? "   p50 ms   p99 ms p99.9 ms" : "",
        "node",
        "driver",
        "foreign",
        "RSS MiB",
        "conns",
        "repeated",
        "disordered");
    for (var row : rows) {
      out.printf(
          Locale.ROOT,
          "  %-24s %,9.0f %10.2f%s %6.2f %6.2f %8.2f %8.0f %6d %9d %11d%n",
          row.label,
          row.perSecond,
          row.cpuPer100k,
          isPaced ? " %8.2f %8.2f %8.2f".formatted(row.p50, row.p99, row.p999) : "",
          row.node,
          row.receivers,
          row.foreign,
          row.residentMiB,
          row.connections,
          row.repeated,
          row.disordered);
    }
    for (var finding : findings) {
      var verdict = "  goal %s: %s".formatted(finding.goal, finding.isMet ? "met" : "MISSED");
      out.printf("  %s%s%n", finding.text, finding.goal.isEmpty() ? "" : verdict);
    }
  }
}
