package io.tidegate.plan;

import io.tidegate.config.Binding;
import io.tidegate.config.GatewayConfig;
import io.tidegate.config.Http;
import io.tidegate.config.Namespace;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What the `telemetry` sections ask for.
final class Reports {
  /// Nobody speaks gRPC yet, so there is nothing to measure of it.
  private static final String GRPC = "grpc.";

  private final Faults faults;
  private boolean accessLog;
  private final List<Telemetry.Endpoint> endpoints = new ArrayList<>();
  private final List<Telemetry.Otlp> collectors = new ArrayList<>();
  private final Map<String, Telemetry.Metering> bindings = new HashMap<>();

  private Reports(Faults faults) {
    this.faults = faults;
  }

  static Telemetry of(GatewayConfig config, Faults faults) {
    var reports = new Reports(faults);
    for (var namespace : config.namespaces()) {
      namespace.telemetry().exporters().keySet().forEach(it -> reports.exporter(namespace, it));
      namespace.bindings().values().forEach(reports::metering);
    }
    return new Telemetry(
        reports.accessLog, reports.endpoints, reports.collectors, reports.bindings);
  }

  private void exporter(Namespace namespace, String key) {
    var name = namespace.name() + ":" + key;
    switch (namespace.telemetry().exporters().get(key)) {
      case io.tidegate.config.Telemetry.Stdout _ -> accessLog = true;
      case io.tidegate.config.Telemetry.Prometheus prometheus ->
          prometheus
              .endpoints()
              .forEach(it ->
                  endpoints.add(new Telemetry.Endpoint(name, "0.0.0.0", it.port(), it.path())));
      case io.tidegate.config.Telemetry.Otlp otlp ->
          collectors.add(otlp(name, otlp, namespace.telemetry().attributes()));
      case null -> throw new IllegalArgumentException(name);
    }
  }

  private Telemetry.Otlp otlp(
      String name, io.tidegate.config.Telemetry.Otlp otlp, Map<String, String> resource) {
    if (otlp.tls().isPresent() || otlp.vault().isPresent()) {
      faults.notYet(otlp.place(), "an otlp exporter with keys or authorities of its own");
    }
    var urls = new EnumMap<Telemetry.Signal, String>(Telemetry.Signal.class);
    for (var signal : otlp.signals()) {
      urls.put(
          Telemetry.Signal.valueOf(signal.toUpperCase(Locale.ROOT)),
          url(otlp.location().toString(), otlp.overrides().getOrDefault(signal, "")));
    }
    return new Telemetry.Otlp(name, otlp.interval(), urls, resource, otlp.authorization());
  }

  /// An override is a path below the location, or a whole URL.
  private static String url(String location, String override) {
    return override.contains("://")
        ? override
        : location.replaceAll("/+$", "") + "/" + override.replaceAll("^/+", "");
  }

  private void metering(Binding binding) {
    var asked = binding.telemetry();
    if (asked.metrics().isEmpty() && asked.attributes().isEmpty()) {
      return;
    }
    var isHttpServer = binding.protocol() instanceof Http && binding.kind() == Binding.Kind.SERVER;
    if (!isHttpServer) {
      faults.notYet(
          binding.place(),
          "telemetry of a binding that is no http server (" + binding.type() + ")");
      return;
    }
    asked.metrics().stream()
        .filter(metric -> metric.startsWith(GRPC))
        .forEach(metric -> faults.notYet(binding.place(), "metric " + metric));
    var labels = new ArrayList<Telemetry.Label>();
    asked
        .attributes()
        .forEach((name, value) -> labels.add(new Telemetry.Label(name, Templates.of(value))));
    bindings.put(
        binding.namespace() + ":" + binding.name(),
        new Telemetry.Metering(Set.copyOf(asked.metrics()), labels));
  }
}
