package io.tidegate.config;

import java.util.Optional;

/// One thing that is wrong: where, what, what was expected (may be empty) and the nearest valid
/// word.
public record Fault(Place place, String problem, String expected, Optional<String> suggestion)
    implements Comparable<Fault> {
  private static final int LONGEST_QUOTE = 60;

  public static Fault of(Place place, String problem) {
    return new Fault(place, problem, "", Optional.empty());
  }

  public static Fault of(Place place, String problem, String expected) {
    return new Fault(place, problem, expected, Optional.empty());
  }

  /// What the file says, fit for a message: quoted, short, and on one line.
  public static String quote(String text) {
    var flat = text.replaceAll("\\p{Cntrl}", "?");
    return "'"
        + (flat.length() <= LONGEST_QUOTE ? flat : flat.substring(0, LONGEST_QUOTE) + "...")
        + "'";
  }

  @Override
  public int compareTo(Fault other) {
    var byPlace = place.compareTo(other.place);
    return byPlace != 0 ? byPlace : problem.compareTo(other.problem);
  }

  @Override
  public String toString() {
    return place
        + ": "
        + problem
        + (expected.isEmpty() ? "" : "; expected " + expected)
        + suggestion.map(word -> "; did you mean " + quote(word) + "?").orElse("");
  }
}
