package io.tidegate.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is learnt while one document is read: its faults, the names it declares, and the names it
/// uses, which the `Linker` brings together at the end.
final class Reading {
  private final Faults faults;
  private final List<Reference> references = new ArrayList<>();
  private final Map<Reference.Target, Set<String>> declared = new HashMap<>();
  private List<String> metrics = List.of();
  private String namespace = "";

  Reading(Faults faults) {
    this.faults = faults;
  }

  /// A reading that nobody looks at, to make stand-ins for what is missing or wrong.
  Reading unheard() {
    var unheard = new Reading(new Faults());
    unheard.namespace = namespace;
    unheard.metrics = metrics;
    return unheard;
  }

  Faults faults() {
    return faults;
  }

  void namespace(String name) {
    namespace = name;
  }

  String namespace() {
    return namespace;
  }

  void metrics(List<String> names) {
    metrics = names;
  }

  List<String> metrics() {
    return metrics;
  }

  void declare(Reference.Target target, String name) {
    declared.computeIfAbsent(target, _ -> new LinkedHashSet<>()).add(name);
  }

  Set<String> declared(Reference.Target target) {
    return declared.getOrDefault(target, Set.of());
  }

  /// A use of `name` or `namespace:name`.
  Reference refer(Place place, Reference.Target target, String name) {
    var colon = name.indexOf(':');
    var reference =
        colon < 0
            ? new Reference(place, target, namespace, name)
            : new Reference(place, target, name.substring(0, colon), name.substring(colon + 1));
    references.add(reference);
    return reference;
  }

  List<Reference> references() {
    return List.copyOf(references);
  }
}
