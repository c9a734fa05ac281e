package io.tidegate.bench;

/// Whether a side keeps its word: what it has acknowledged lies in the log.
///
/// @param acknowledged successes in measured time; there were more, before and between
record Audit(String side, long acknowledged, long stored) {

  boolean isKept() {
    return stored >= acknowledged;
  }
}
