package io.tidegate.ledger;

import java.util.List;

/// Part of a list.
///
/// @param before whether something comes before it, and `after` it
public record Listing<T>(List<T> rows, boolean before, boolean after) {
  public Listing {
    rows = List.copyOf(rows);
  }
}
