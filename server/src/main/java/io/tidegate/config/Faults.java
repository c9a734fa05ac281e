package io.tidegate.config;

import java.util.LinkedHashSet;
import java.util.Set;

/// Collects what is wrong while a file is read. Bounded: a hopeless file does not fill the memory.
final class Faults {
  private static final int LIMIT = 1000;

  private final Set<Fault> faults = new LinkedHashSet<>();
  private final Set<Fault> warnings = new LinkedHashSet<>();

  void add(Fault fault) {
    if (faults.size() < LIMIT) {
      faults.add(fault);
    }
  }

  void warn(Fault warning) {
    if (warnings.size() < LIMIT) {
      warnings.add(warning);
    }
  }

  FaultReport report() {
    return new FaultReport(faults.stream().toList(), warnings.stream().toList());
  }
}
