/// What is told to others about this process: measurements, events and traces, to collectors that
/// speak the OpenTelemetry protocol.
///
/// Start reading at `Collectors`. May use: base, http, plan. Speaks OpenTelemetry.
@NullMarked
package io.tidegate.telemetry;

import org.jspecify.annotations.NullMarked;
