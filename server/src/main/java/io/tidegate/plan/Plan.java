package io.tidegate.plan;

import java.util.List;
import java.util.Optional;

/// Everything that will run. A value: two equal plans run the same, and a change of the
/// configuration is the difference of two plans.
public record Plan(
    List<Listener> listeners,
    List<Cluster> clusters,
    List<Topic> topics,
    List<TopicModel> models,
    List<GuardSpec> guards,
    List<Pump> pumps,
    Optional<Destinations> destinations,
    Telemetry telemetry) {
  public Plan {
    listeners = List.copyOf(listeners);
    clusters = List.copyOf(clusters);
    topics = List.copyOf(topics);
    models = List.copyOf(models);
    guards = List.copyOf(guards);
    pumps = List.copyOf(pumps);
  }

  public Cluster cluster(String name) {
    return clusters.stream()
        .filter(cluster -> cluster.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no cluster named " + name));
  }

  /// The same plan on other brokers: what `TIDEGATE_KAFKA` asks for. Logins stay as configured.
  public Plan withServers(List<String> bootstrap) {
    var moved =
        clusters.stream()
            .map(cluster ->
                new Cluster(
                    cluster.name(),
                    switch (cluster.servers()) {
                      case Cluster.Servers.Embedded _ ->
                          new Cluster.Servers.External(
                              bootstrap, Optional.empty(), Optional.empty());
                      case Cluster.Servers.External external ->
                          new Cluster.Servers.External(bootstrap, external.tls(), external.sasl());
                    }))
            .toList();
    return new Plan(listeners, moved, topics, models, guards, pumps, destinations, telemetry);
  }
}
