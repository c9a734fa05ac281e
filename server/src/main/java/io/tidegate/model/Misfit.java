package io.tidegate.model;

/// Thrown where a value stops fitting, and caught where the check began. Has no stack trace.
final class Misfit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Misfit(String where, String why) {
    super((where.isEmpty() ? "the whole" : where) + " " + why, null, false, false);
  }

  Verdict.Misfit verdict() {
    return new Verdict.Misfit(String.valueOf(getMessage()));
  }
}
