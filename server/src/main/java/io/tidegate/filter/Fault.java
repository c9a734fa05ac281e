package io.tidegate.filter;

import java.util.Optional;

/// What is wrong with a filter, and where.
///
/// @param pointer a JSON pointer into the filter; empty for the whole of it
/// @param found what stands there, shortened
/// @param nearest the operator that was probably meant
public record Fault(String pointer, String found, String expected, Optional<String> nearest) {

  /// One line for people.
  public String message() {
    var place = pointer.isEmpty() ? "the filter" : pointer;
    var guess = nearest.map(name -> "; did you mean '" + name + "'?").orElse("");
    return place + ": expected " + expected + ", found " + found + guess;
  }

  @Override
  public String toString() {
    return message();
  }
}
