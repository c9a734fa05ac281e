package io.tidegate.log;

/// Where a partition begins and ends.
///
/// @param stable the end as far as it is committed: what a follower can reach
/// @param end the offset that the next record gets
record Bounds(long first, long stable, long end) {

  boolean contains(long next) {
    return first <= next && next <= end;
  }
}
