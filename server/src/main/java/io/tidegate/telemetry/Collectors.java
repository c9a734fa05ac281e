package io.tidegate.telemetry;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.tidegate.http.Tracing;
import io.tidegate.plan.Telemetry;
import io.tidegate.plan.Telemetry.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The collectors of a plan: metrics go there at intervals, events and spans in batches. When a
/// collector is slow or away, what does not fit the queues is left out; nobody ever waits for it.
///
/// Any thread.
public final class Collectors implements AutoCloseable {
  private static final String SCOPE = "tidegate";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final AttributeKey<String> EVENT = AttributeKey.stringKey("event.name");
  private static final AttributeKey<String> SOURCE = AttributeKey.stringKey("tidegate.source");
  private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("tidegate.request.id");

  private final CompositeMeterRegistry metrics;
  private final List<MeterRegistry> registries = new ArrayList<>();
  private final @Nullable SdkTracerProvider tracers;
  private final @Nullable SdkLoggerProvider loggers;
  private final @Nullable Logger logger;

  /// @param metrics what is reported; the collectors add themselves to it
  public Collectors(List<Telemetry.Otlp> collectors, CompositeMeterRegistry metrics) {
    this.metrics = metrics;
    var resource = resource(collectors);
    for (var collector : collectors) {
      if (collector.urls().containsKey(Signal.METRICS)) {
        registries.add(registry(collector, resource));
      }
    }
    registries.forEach(metrics::add);
    this.tracers = tracers(collectors, resource);
    this.loggers = loggers(collectors, resource);
    this.logger = loggers == null ? null : loggers.get(SCOPE);
  }

  private static Map<String, String> resource(List<Telemetry.Otlp> collectors) {
    var resource = new HashMap<String, String>();
    resource.put("service.name", SCOPE);
    collectors.forEach(collector -> resource.putAll(collector.resource()));
    return resource;
  }

  private static Map<String, String> headers(Telemetry.Otlp collector) {
    return collector
        .authorization()
        .map(secret -> Map.of("authorization", secret.reveal()))
        .orElse(Map.of());
  }

  private static MeterRegistry registry(Telemetry.Otlp collector, Map<String, String> resource) {
    var registry =
        OtlpMeterRegistry.builder(new MetricsConfig(collector, resource, headers(collector)))
            .clock(Clock.SYSTEM)
            .build();
    registry.config().meterFilter(new ServerNames());
    return registry;
  }

  /// Measurements of a binding are told under the names that OpenTelemetry gives a server's.
  private static final class ServerNames implements MeterFilter {
    @Override
    public Meter.Id map(Meter.Id id) {
      var name = id.getName();
      return name.startsWith("http.") && !name.startsWith("http.server.")
          ? id.withName("http.server." + name.substring("http.".length()))
          : id;
    }
  }

  private static @Nullable SdkTracerProvider tracers(
      List<Telemetry.Otlp> collectors, Map<String, String> resource) {
    var builder = SdkTracerProvider.builder().setResource(attributes(resource));
    var isAsked = false;
    for (var collector : collectors) {
      var url = collector.urls().get(Signal.TRACES);
      if (url != null) {
        var exporter = OtlpHttpSpanExporter.builder().setEndpoint(url).setTimeout(PATIENCE);
        headers(collector).forEach(exporter::addHeader);
        builder.addSpanProcessor(BatchSpanProcessor.builder(exporter.build()).build());
        isAsked = true;
      }
    }
    return isAsked ? builder.build() : null;
  }

  private static @Nullable SdkLoggerProvider loggers(
      List<Telemetry.Otlp> collectors, Map<String, String> resource) {
    var builder = SdkLoggerProvider.builder().setResource(attributes(resource));
    var isAsked = false;
    for (var collector : collectors) {
      var url = collector.urls().get(Signal.LOGS);
      if (url != null) {
        var exporter = OtlpHttpLogRecordExporter.builder().setEndpoint(url).setTimeout(PATIENCE);
        headers(collector).forEach(exporter::addHeader);
        builder.addLogRecordProcessor(BatchLogRecordProcessor.builder(exporter.build()).build());
        isAsked = true;
      }
    }
    return isAsked ? builder.build() : null;
  }

  private static Resource attributes(Map<String, String> resource) {
    var attributes = Attributes.builder();
    resource.forEach(attributes::put);
    return Resource.create(attributes.build());
  }

  /// Follows the requests of a listener; nothing, when no collector wants to know.
  public Tracing tracing(String listener) {
    return tracers == null ? Tracing.NONE : new Spans(tracers.get(SCOPE), listener);
  }

  public void tell(Event event) {
    if (logger != null) {
      logger
          .logRecordBuilder()
          .setSeverity(event.type().endsWith("FAILED") ? Severity.WARN : Severity.INFO)
          .setBody(event.message())
          .setAttribute(EVENT, event.type())
          .setAttribute(SOURCE, event.source())
          .setAttribute(REQUEST, event.request())
          .emit();
    }
  }

  /// Sends what is left, for a few seconds at most.
  @Override
  public void close() {
    for (var registry : registries) {
      metrics.remove(registry);
      registry.close();
    }
    if (tracers != null) {
      var _ = tracers.shutdown().join(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    if (loggers != null) {
      var _ = loggers.shutdown().join(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }
}
