package io.tidegate.config;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Everything that is wrong with a file, and everything that is merely odd, in the file's order.
public record FaultReport(List<Fault> faults, List<Fault> warnings) {
  private static final int MOST_SHOWN = 200;

  public FaultReport {
    faults = faults.stream().sorted().distinct().toList();
    warnings = warnings.stream().sorted().distinct().toList();
  }

  public boolean isClean() {
    return faults.isEmpty();
  }

  /// One line per fault, then one per warning.
  @Override
  public String toString() {
    var lines =
        Stream.concat(
            faults.stream().limit(MOST_SHOWN).map(Fault::toString),
            Stream.concat(
                faults.size() > MOST_SHOWN
                    ? Stream.of("... and " + (faults.size() - MOST_SHOWN) + " more faults")
                    : Stream.empty(),
                warnings.stream().limit(MOST_SHOWN).map(warning -> "warning: " + warning)));
    return lines.collect(Collectors.joining("\n"));
  }
}
