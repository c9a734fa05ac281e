package io.tidegate.bench;

import java.io.PrintStream;
import java.time.Instant;
import java.util.List;

/// Shows in seconds that the benchmark itself works: real processes, real sockets, a real log, and
/// the skeleton on both sides. Turns are far too short for the figures to mean anything.
final class SelfTest {

  private static final List<Scenario> SCENARIOS = List.of(Scenario.PRODUCE_64, Scenario.GET_ONE);

  private final Setup setup;
  private final PrintStream out;

  SelfTest(Setup setup, PrintStream out) {
    this.setup = setup;
    this.out = out;
  }

  /// @return whether both sides had successes and no failures, and kept what they acknowledged
  boolean run() {
    var started = Instant.now();
    var duel = setup.shadowDuel(out);
    var comparisons =
        SCENARIOS.stream().map(scenario -> duel.run(scenario, Timing.GLANCE)).toList();
    comparisons.forEach(new TextReport(out)::print);
    ResultFile.of(started, setup, comparisons, List.of(), List.of(), List.of())
        .write(setup.resultFile());
    var sound = comparisons.stream().allMatch(SelfTest::isSound);
    out.printf("%nself-test: %s%n", sound ? "passed" : "FAILED, see 'bad' and 'LOST'");
    return sound;
  }

  private static boolean isSound(Comparison comparison) {
    return isSound(comparison.closed())
        && isSound(comparison.open())
        && comparison.audits().stream().allMatch(Audit::isKept);
  }

  private static boolean isSound(Series series) {
    return isSound(series.productTurns().toList()) && isSound(series.skeletonTurns().toList());
  }

  private static boolean isSound(List<Turn> turns) {
    return turns.stream().mapToLong(Turn::successes).sum() > 0
        && turns.stream().allMatch(turn -> turn.failures() == 0);
  }
}
