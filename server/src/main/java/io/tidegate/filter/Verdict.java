package io.tidegate.filter;

/// What a filter says about a document. `UNDECIDED` is neither: what was asked for cannot be read,
/// or would take too long to find out. It stays undecided when it is turned around, and gives way
/// where the rest decides alone.
public enum Verdict {
  PASSED,
  FAILED,
  UNDECIDED;

  static Verdict of(boolean passed) {
    return passed ? PASSED : FAILED;
  }

  Verdict negated() {
    return switch (this) {
      case PASSED -> FAILED;
      case FAILED -> PASSED;
      case UNDECIDED -> UNDECIDED;
    };
  }
}
