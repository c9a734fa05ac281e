package io.tidegate.bench;

import java.io.PrintStream;
import java.util.Locale;

/// The results as tables for people.
final class TextReport {

  private static final String HEAD = "  %-4s %-9s %9s %9s %9s %9s %9s %9s %8s %8s %8s %8s%n";
  private static final String LINE =
      "  %-4s %-9s %,9.0f %9.2f %9.2f %9.2f %9.1f %9.2f %8.0f %8.2f %8.2f %8d%n";

  private final PrintStream out;

  TextReport(PrintStream out) {
    this.out = out;
  }

  void print(Comparison comparison) {
    line(
        "%n%s: %d connections, replies of %,d bytes%n",
        comparison.scenario(), comparison.connections(), comparison.likeness().replyBytes());
    print(comparison.closed());
    ratio("throughput", comparison.closed().throughput());
    goal("at least %.2f", comparison.goal(), comparison.reachesThroughput());
    ratio("p99", comparison.closed().p99());
    goal("at most %.1f", Scenario.P99_GOAL, comparison.reachesP99());
    ratio("CPU per request", comparison.closed().cpu());
    line("%n");
    if (!comparison.open().pairs().isEmpty()) {
      line(
          "%n  at a fixed %,.0f/s, latency from the moment of the intended sending:%n",
          comparison.open().perSecond());
      print(comparison.open());
      ratio("p99", comparison.open().p99());
      line("%n");
      comparison.inside().ifPresent(this::print);
    }
    for (var audit : comparison.audits()) {
      line(
          "  %s: %,d acknowledged while measured, %,d in the log: %s%n",
          audit.side(), audit.acknowledged(), audit.stored(), audit.isKept() ? "kept" : "LOST");
    }
  }

  private void print(InsideTimes inside) {
    line(
        "  inside the product, from the last byte to the reply: p50 at most %.2f ms, p99 at most %.2f ms%n",
        inside.atMostMillis(0.5), inside.atMostMillis(0.99));
  }

  void print(Streams.Result streams) {
    line(
        "%n%s: events of 256 bytes from a topic to readers; the skeleton writes without a topic%n",
        Streams.TITLE);
    line(
        "  %-9s %8s %9s %12s %11s %8s %8s %8s %11s%n",
        "side",
        "readers",
        "events/s",
        "delivered/s",
        "CPU-s/100k",
        "p50 ms",
        "p99 ms",
        "RSS MiB",
        "undelivered");
    for (var row : streams.rows()) {
      line(
          "  %-9s %,8d %,9d %,12.0f %11.2f %8.1f %8.1f %8.0f %,11d%n",
          row.side(),
          row.readers(),
          row.perSecond(),
          row.delivered(),
          row.cpuSecondsPer100k(),
          row.p50Millis(),
          row.p99Millis(),
          row.residentMiB(),
          row.undelivered());
    }
    line("  catching up, events/s to one reader, round by round:");
    streams.catchUp().forEach(speed -> line(" %,.0f", speed));
    line(
        "%n  idle: %,d readers, %,.0f bytes of heap each, %.0f MiB resident%n",
        streams.idle().readers(), streams.idle().heapBytesEach(), streams.idle().residentMiB());
  }

  private void print(Series series) {
    line(
        HEAD,
        "pair",
        "side",
        "req/s",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "max ms",
        "CPU-s/100k",
        "RSS MiB",
        "foreign",
        "driver",
        "bad");
    for (var number = 1; number <= series.pairs().size(); number++) {
      var pair = series.pairs().get(number - 1);
      print(Integer.toString(number), "product", pair.product());
      print("", "skeleton", pair.skeleton());
    }
  }

  private void print(String pair, String side, Turn turn) {
    line(
        LINE,
        pair,
        side,
        turn.perSecond(),
        turn.p50(),
        turn.p99(),
        turn.p999(),
        turn.max(),
        turn.cpuPer100k(),
        turn.residentMiB(),
        turn.foreignCores(),
        turn.driverCores(),
        turn.failures() + turn.unfinished());
  }

  private void ratio(String what, Spread spread) {
    line(
        "  %-16s product/skeleton: median %.2f [%.2f..%.2f]",
        what, spread.median(), spread.min(), spread.max());
  }

  private void goal(String limit, double goal, boolean met) {
    line("  goal " + limit + ": %s%n", goal, met ? "met" : "MISSED");
  }

  void print(Startup.Result result) {
    line("%nstartup: from spawning to the first stored POST%n");
    line("  %-9s %-10s %-5s %9s %19s %9s%n", "side", "with", "data", "ms", "[min..max]", "CPU-s");
    for (var row : result.rows()) {
      var range =
          String.format(Locale.ROOT, "[%.0f..%.0f]", row.millis().min(), row.millis().max());
      line(
          "  %-9s %-10s %-5s %9.0f %19s %9.2f%n",
          row.side(),
          row.label(),
          row.state(),
          row.millis().median(),
          range,
          row.cpuSeconds().median());
    }
    for (var rest : result.rests()) {
      line(
          "  %-9s %-10s at rest for %d s: %.0f MiB resident%n",
          rest.side(), rest.label(), result.restSeconds(), rest.residentMiB());
    }
    line(
        "  goal for the product: %.1f s, %d MiB%n",
        Startup.GOAL.toMillis() / 1e3, Startup.RESIDENT_MIB_GOAL);
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotations are not on our class path
  private void line(String format, Object... values) {
    out.printf(Locale.ROOT, format, values);
  }
}
