package io.tidegate.filter;

import java.util.List;

/// What became of the text of a filter: a filter, or everything that is wrong with it.
public sealed interface Compilation {

  record Compiled(Filter filter) implements Compilation {}

  /// @param faults at least one, in the order of the text
  record Refused(List<Fault> faults) implements Compilation {
    public Refused {
      faults = List.copyOf(faults);
    }
  }

  /// @throws IllegalArgumentException with every fault, where a filter was thought to be good
  default Filter orThrow() {
    return switch (this) {
      case Compiled(var filter) -> filter;
      case Refused(var faults) ->
          throw new IllegalArgumentException(
              "bad filter: " + String.join("; ", faults.stream().map(Fault::message).toList()));
    };
  }
}
