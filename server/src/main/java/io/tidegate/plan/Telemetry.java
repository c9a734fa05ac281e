package io.tidegate.plan;

import io.tidegate.base.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is measured, and what is reported where.
///
/// @param accessLog an event line on standard output for each request accepted (`stdout` exporter)
/// @param prometheus where metrics can be scraped besides the admin listener
/// @param otlp where measurements are sent
/// @param bindings what is measured besides, by `namespace:binding`
public record Telemetry(
    boolean accessLog, List<Endpoint> prometheus, List<Otlp> otlp, Map<String, Metering> bindings) {
  public Telemetry {
    prometheus = List.copyOf(prometheus);
    otlp = List.copyOf(otlp);
    bindings = Map.copyOf(bindings);
  }

  /// @param path begins with a slash
  public record Endpoint(String name, String host, int port, String path) {}

  /// A collector that speaks the OpenTelemetry protocol over HTTP.
  ///
  /// @param interval between two reports of metrics
  /// @param urls of the signals that go there
  /// @param resource what is said of this process with every signal
  /// @param authorization the value of the header of that name
  public record Otlp(
      String name,
      Duration interval,
      Map<Signal, String> urls,
      Map<String, String> resource,
      Optional<Secret> authorization) {
    public Otlp {
      urls = Map.copyOf(urls);
      resource = Map.copyOf(resource);
    }
  }

  /// What a collector can be told.
  public enum Signal {
    METRICS,
    LOGS,
    TRACES
  }

  /// The measurements of one binding, under the names that the model gives them.
  ///
  /// @param labels in order; their values come from each request and its reply
  public record Metering(Set<String> metrics, List<Label> labels) {
    public Metering {
      metrics = Set.copyOf(metrics);
      labels = List.copyOf(labels);
    }
  }

  public record Label(String name, Template value) {}
}
