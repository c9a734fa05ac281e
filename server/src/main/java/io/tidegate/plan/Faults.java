package io.tidegate.plan;

import io.tidegate.config.Fault;
import io.tidegate.config.Place;
import java.util.ArrayList;
import java.util.List;

/// What keeps a configuration from running, as it is found.
final class Faults {
  private final List<Fault> found = new ArrayList<>();

  void add(Fault fault) {
    found.add(fault);
  }

  /// Something that the grammar knows and this version does not run: refused, never ignored.
  void notYet(Place place, String what) {
    found.add(Fault.of(place, what + " does not run in this version of Tidegate yet"));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<Fault> all() {
    return List.copyOf(found);
  }
}
