package io.tidegate.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is wrong with one filter, as it is found; the first twenty.
final class Faults {
  private static final int MOST = 20;

  private final List<Fault> found = new ArrayList<>();

  void add(Place place, Json seen, String expected) {
    add(place, Shown.value(seen), expected, Optional.empty());
  }

  void add(Place place, String seen, String expected, Optional<String> nearest) {
    if (found.size() < MOST) {
      found.add(new Fault(place.pointer(), seen, expected, nearest));
    }
  }

  List<Fault> all() {
    return List.copyOf(found);
  }
}
