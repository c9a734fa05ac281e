package io.tidegate.ledger;

import java.util.Optional;

/// Which part of a list is wanted, by the place where an earlier part ended: rows that come in
/// meanwhile move nothing.
///
/// @param cursor where an earlier part ended
/// @param backwards the part before the cursor
public record Window(int limit, boolean ascending, Optional<Cursor> cursor, boolean backwards) {

  /// @param at milliseconds since 1970
  public record Cursor(long at, long key) {}

  /// Whether rows are looked for in rising order.
  boolean isRising() {
    return ascending != backwards;
  }
}
