package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.Fault;
import io.tidegate.config.KafkaHttp;
import io.tidegate.config.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds pumps that would feed themselves: what is written about a record ends, by whatever way, in
/// a topic that led to it. Such a circle would never come to rest. And pumps that would take each
/// other's records.
final class PumpLoops {
  private final Faults faults;
  private final List<Flow> flows = new ArrayList<>();

  PumpLoops(Faults faults) {
    this.faults = faults;
  }

  /// A pump, as far as it moves records.
  record Flow(Binding binding, KafkaHttp kafka, String name, String cluster, String group) {
    String at(String topic) {
      return cluster + "/" + topic;
    }

    List<KafkaHttp.Condition> conditions() {
      return kafka.routes().stream().flatMap(route -> route.when().stream()).toList();
    }
  }

  /// From a topic that is read to one that is written.
  private record Edge(String from, String to, Place place, String what) {}

  void add(Flow flow) {
    flows.add(flow);
  }

  void check() {
    checkCircles();
    checkGroups();
  }

  private void checkCircles() {
    var edges = edges();
    var next = new LinkedHashMap<String, Set<String>>();
    edges.forEach(edge -> next.computeIfAbsent(edge.from, _ -> new HashSet<>()).add(edge.to));
    var told = new HashSet<Place>();
    for (var edge : edges) {
      if (leads(edge.to, edge.from, next, new HashSet<>()) && told.add(edge.place)) {
        faults.add(
            Fault.of(
                edge.place,
                "a loop: " + edge.what + " would be sent again, and so on without end",
                "a topic that no kafka-http binding reads"));
      }
    }
  }

  private List<Edge> edges() {
    var edges = new ArrayList<Edge>();
    for (var flow : flows) {
      var deadLetter = flow.kafka.options().deadLetter();
      for (var when : flow.conditions()) {
        var from = flow.at(when.topic());
        when.replyTo()
            .ifPresent(
                to -> edges.add(new Edge(from, flow.at(to.name()), to.place(), "each reply")));
        deadLetter.ifPresent(
            to -> edges.add(new Edge(from, flow.at(to.name()), to.place(), "each dead letter")));
      }
    }
    return edges;
  }

  private static boolean leads(
      String from, String to, Map<String, Set<String>> next, Set<String> seen) {
    if (from.equals(to)) {
      return true;
    }
    return seen.add(from)
        && next.getOrDefault(from, Set.of()).stream().anyMatch(it -> leads(it, to, next, seen));
  }

  private void checkGroups() {
    var owners = new HashMap<List<String>, Flow>();
    for (var flow : flows) {
      for (var topic : new HashSet<>(topics(flow))) {
        var owner = owners.putIfAbsent(List.of(flow.group, flow.at(topic)), flow);
        if (owner != null) {
          faults.add(
              Fault.of(
                  flow.binding.place(),
                  "reads topic '%s' in the group '%s' of %s, so that each gets half of it"
                      .formatted(topic, flow.group, owner.name),
                  "a 'group' of its own"));
        }
      }
    }
  }

  private static List<String> topics(Flow flow) {
    return flow.conditions().stream().map(KafkaHttp.Condition::topic).toList();
  }
}
