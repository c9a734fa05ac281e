package io.tidegate.model;

import io.tidegate.base.Bytes;

/// Whether a value fits a model.
public sealed interface Verdict {

  /// It does.
  ///
  /// @param value as it goes on: the same bytes, unless the model converts
  record Fits(Bytes value) implements Verdict {}

  /// It does not.
  ///
  /// @param why for whoever sent it: where in the value, and what was expected; never what is there
  record Misfit(String why) implements Verdict {
    private static final int LONGEST = 300;

    public Misfit {
      if (why.length() > LONGEST) {
        why = why.substring(0, LONGEST) + "…";
      }
    }
  }
}
