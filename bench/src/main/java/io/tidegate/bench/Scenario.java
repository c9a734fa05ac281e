package io.tidegate.bench;

import java.util.Arrays;
import java.util.Optional;

/// A comparison under load, by the name it has on the command line.
enum Scenario {
  PRODUCE_64("produce-64", Work.PRODUCE, 64, 0.70),
  PRODUCE_256("produce-256", Work.PRODUCE, 256, 0.70),
  WEBHOOK("webhook", Work.WEBHOOK, 64, 0.65),
  WEBHOOK_MEMORY("webhook-memory", Work.WEBHOOK_MEMORY, 64, 0.50),
  PUBLISH("publish", Work.PUBLISH, 64, 0.60),
  GET_ONE("get-one", Work.GET_ONE, 64, 0.60),
  GET_MERGED("get-merged", Work.GET_MERGED, 64, 0.50);

  /// How many times the skeleton's 99th percentile the product's may be.
  static final double P99_GOAL = 3;

  private final String title;
  private final Work work;
  private final int connections;
  private final double goal;

  Scenario(String title, Work work, int connections, double goal) {
    this.title = title;
    this.work = work;
    this.connections = connections;
    this.goal = goal;
  }

  static Optional<Scenario> named(String title) {
    return Arrays.stream(values()).filter(scenario -> scenario.title.equals(title)).findFirst();
  }

  String title() {
    return title;
  }

  Work work() {
    return work;
  }

  int connections() {
    return connections;
  }

  /// The least share of the skeleton's throughput that the product should reach.
  double goal() {
    return goal;
  }
}
