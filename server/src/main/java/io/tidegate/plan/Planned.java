package io.tidegate.plan;

import io.tidegate.config.FaultReport;

/// What came of planning.
public sealed interface Planned {
  record Ok(Plan plan) implements Planned {}

  /// Something that is correct but cannot run (yet), or not together. All of it at once.
  record Refused(FaultReport report) implements Planned {}
}
