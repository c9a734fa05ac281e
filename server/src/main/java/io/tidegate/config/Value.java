package io.tidegate.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One value of the file under the reader's finger. Whatever is asked of it, it answers: when the
/// file says something else, the fault is noted and a stand-in returned.
record Value(Yaml yaml, Place place, Reading reading) {

  /// The text of a single value, quoted or not; empty, and a fault, when it is a list, a mapping or
  /// nothing.
  Optional<String> scalar(String expected) {
    if (yaml instanceof Yaml.Scalar scalar && !scalar.isNothing()) {
      return Optional.of(scalar.text());
    }
    fault("found " + described(), expected);
    return Optional.empty();
  }

  String text() {
    return scalar("text").orElse("");
  }

  List<Value> items() {
    if (!(yaml instanceof Yaml.Items list)) {
      fault("found " + shape(), "a list");
      return List.of();
    }
    var items = new ArrayList<Value>();
    for (var item : list.items()) {
      var path = place.path() + "[" + items.size() + "]";
      items.add(new Value(item, place.at(item.line(), item.column(), path), reading));
    }
    return items;
  }

  Mapping mapping() {
    if (yaml instanceof Yaml.Pairs pairs) {
      return new Mapping(pairs, place, reading);
    }
    fault("found " + shape(), "a mapping");
    return Mapping.absent(this);
  }

  boolean isList() {
    return yaml instanceof Yaml.Items;
  }

  boolean isMapping() {
    return yaml instanceof Yaml.Pairs;
  }

  Reference reference(Reference.Target target, String name) {
    return reading.refer(place, target, name);
  }

  void fault(String problem, String expected) {
    reading.faults().add(Fault.of(place, problem, expected));
  }

  void fault(String problem, String expected, Optional<String> suggestion) {
    reading.faults().add(new Fault(place, problem, expected, suggestion));
  }

  String described() {
    return yaml instanceof Yaml.Scalar scalar && !scalar.isNothing()
        ? Fault.quote(scalar.text())
        : shape();
  }

  /// What stands here without saying it: where a list or mapping belongs, a text may be a secret.
  private String shape() {
    return switch (yaml) {
      case Yaml.Scalar scalar -> scalar.isNothing() ? "nothing" : "a single value";
      case Yaml.Items _ -> "a list";
      case Yaml.Pairs _ -> "a mapping";
    };
  }
}
