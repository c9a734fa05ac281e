package io.tidegate.telemetry;

import io.micrometer.registry.otlp.OtlpConfig;
import io.tidegate.plan.Telemetry;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A collector's settings, as the registry asks for them.
record MetricsConfig(
    Telemetry.Otlp collector, Map<String, String> resourceAttributes, Map<String, String> headers)
    implements OtlpConfig {

  @Override
  public @Nullable String get(String key) {
    return null; // everything is said below
  }

  @Override
  public String url() {
    return collector.urls().getOrDefault(Telemetry.Signal.METRICS, "");
  }

  @Override
  public Duration step() {
    return collector.interval();
  }
}
