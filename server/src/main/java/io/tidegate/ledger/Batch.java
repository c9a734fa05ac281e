package io.tidegate.ledger;

import java.util.List;

/// What was read of one partition at once.
///
/// @param next the offset after it
/// @param newest timestamp of its last record; 0 when there is none
record Batch(Feed feed, int partition, List<Row> rows, long next, long newest) {
  Batch {
    rows = List.copyOf(rows);
  }
}
