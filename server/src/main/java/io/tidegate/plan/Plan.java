package io.tidegate.plan;

import java.util.List;

/// Everything that will run. A value: two equal plans run the same, and a change of the
/// configuration is the difference of two plans.
public record Plan(
    List<Listener> listeners,
    List<Cluster> clusters,
    List<Topic> topics,
    List<GuardSpec> guards,
    Telemetry telemetry) {
  public Plan {
    listeners = List.copyOf(listeners);
    clusters = List.copyOf(clusters);
    topics = List.copyOf(topics);
    guards = List.copyOf(guards);
  }

  public Cluster cluster(String name) {
    return clusters.stream()
        .filter(cluster -> cluster.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no cluster named " + name));
  }
}
