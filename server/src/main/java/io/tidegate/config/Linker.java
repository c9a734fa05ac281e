package io.tidegate.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Checks that the names of a file lead somewhere sensible: that they exist, that a binding exits
/// only to what it can talk to, and that nobody walks in circles.
final class Linker {
  private final List<Reading> readings;
  private final Map<String, Binding> bindings = new LinkedHashMap<>();
  private final Faults faults;

  Linker(List<Reading> readings, List<Namespace> namespaces, Faults faults) {
    this.readings = readings;
    this.faults = faults;
    for (var namespace : namespaces) {
      for (var binding : namespace.bindings().values()) {
        bindings.putIfAbsent(binding.namespace() + ":" + binding.name(), binding);
      }
    }
  }

  void link() {
    readings.forEach(
        reading -> reading.references().forEach(reference -> checkExists(reading, reference)));
    bindings.values().forEach(this::checkExits);
    bindings.values().forEach(this::checkEntry);
    checkCircles();
  }

  private void checkExists(Reading writer, Reference reference) {
    if (reference.name().isEmpty()) {
      return;
    }
    var names = new ArrayList<String>();
    for (var reading : readings) {
      for (var name : reading.declared(reference.target())) {
        names.add(written(writer, reading.namespace(), name));
      }
    }
    var name = written(writer, reference.namespace(), reference.name());
    if (!names.contains(name)) {
      var problem = "no " + reference.target() + " named " + Fault.quote(name);
      faults.add(new Fault(reference.place(), problem, "", Nearest.to(name, names)));
    }
  }

  /// The name as `writer` would write it: its own without a namespace.
  private static String written(Reading writer, String namespace, String name) {
    return writer.namespace().equals(namespace) ? name : namespace + ":" + name;
  }

  private void checkExits(Binding binding) {
    var legal = Grammar.of(binding.protocol()).exits(binding.kind());
    for (var exit : binding.exits()) {
      var target = bindings.get(exit.toString());
      if (target != null && !legal.isEmpty() && !legal.contains(target.typeAndKind())) {
        var problem = binding.typeAndKind() + " cannot exit to " + target.typeAndKind();
        faults.add(Fault.of(exit.place(), problem, Form.spoken(legal.stream().sorted().toList())));
      }
    }
  }

  private void checkEntry(Binding binding) {
    var legal = Grammar.of(binding.protocol()).entries();
    binding
        .entry()
        .ifPresent(entry -> {
          var source = bindings.get(entry.toString());
          if (source != null && !legal.contains(source.typeAndKind())) {
            var problem = binding.typeAndKind() + " cannot be entered from " + source.typeAndKind();
            var expected = Form.spoken(legal.stream().sorted().toList());
            faults.add(Fault.of(entry.place(), problem, expected));
          }
        });
  }

  private void checkCircles() {
    var done = new HashSet<String>();
    bindings.values().forEach(binding -> walk(binding, new ArrayList<>(), done));
  }

  private void walk(Binding binding, List<Binding> way, Set<String> done) {
    if (!done.add(binding.namespace() + ":" + binding.name())) {
      return;
    }
    way.add(binding);
    for (var exit : binding.exits()) {
      var next = bindings.get(exit.toString());
      if (next != null && way.contains(next)) {
        var circle = new ArrayList<>(way.subList(way.indexOf(next), way.size()));
        circle.add(next);
        faults.add(
            Fault.of(
                exit.place(),
                "a circle: " + String.join(" -> ", circle.stream().map(Binding::name).toList())));
      } else if (next != null) {
        walk(next, way, done);
      }
    }
    way.removeLast();
  }
}
