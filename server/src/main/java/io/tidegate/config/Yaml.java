package io.tidegate.config;

import java.util.List;
import java.util.Set;

/// A YAML document as a tree, with the line and column of every part, counted from one in the file
/// as it was written.
sealed interface Yaml {

  int line();

  int column();

  /// A single value. `plain` means that it stood without quotes, so that it may be a number or
  /// nothing.
  record Scalar(int line, int column, String text, boolean plain) implements Yaml {
    private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

    boolean isNothing() {
      return plain && NOTHING.contains(text);
    }
  }

  record Items(int line, int column, List<Yaml> items) implements Yaml {}

  record Pairs(int line, int column, List<Pair> pairs) implements Yaml {}

  record Pair(Scalar key, Yaml value) {}
}
