package io.tidegate.config;

import java.util.List;

/// What came of reading a file: a configuration that is whole and linked, or the report why not.
public sealed interface Loaded {

  /// The file is good. Warnings name what is odd but harmless, such as an unset variable.
  record Ok(GatewayConfig config, List<Fault> warnings) implements Loaded {}

  /// The file is refused whole.
  record Refused(FaultReport report) implements Loaded {}
}
