package io.tidegate.registry;

import java.util.List;

/// What became of a command that was submitted.
public sealed interface Outcome {

  /// It was applied, and this instance already knows the result.
  record Accepted(long version) implements Outcome {}

  record Rejected(String code, List<Judgement.Fault> faults) implements Outcome {
    public Rejected {
      faults = List.copyOf(faults);
    }
  }

  /// It was not stored, so it will not be applied.
  record Unavailable(String cause) implements Outcome {}

  /// It was stored, or may have been, and no outcome was seen in time.
  record Unknown(String cause) implements Outcome {}
}
