package io.tidegate.bench;

import java.util.List;
import java.util.Optional;

/// What a scenario came to.
///
/// @param goal the least ratio of throughputs
/// @param likeness what the product did, and the skeleton after it
/// @param open at half of what both can hold, where latencies say more than under full load
/// @param inside what the product measured itself meanwhile, where it does
/// @param audits empty where nothing is stored, or where that cannot be seen
record Comparison(
    String scenario,
    int connections,
    double goal,
    Side.Likeness likeness,
    Series closed,
    Series open,
    Optional<InsideTimes> inside,
    List<Audit> audits) {

  Comparison {
    audits = List.copyOf(audits);
  }

  boolean reachesThroughput() {
    return closed.throughput().median() >= goal;
  }

  boolean reachesP99() {
    return closed.p99().median() <= Scenario.P99_GOAL;
  }
}
