package io.tidegate.plan;

import io.tidegate.config.GatewayConfig;
import java.util.ArrayList;

/// What the `telemetry` sections ask for.
final class Reports {
  private Reports() {}

  static Telemetry of(GatewayConfig config, Faults faults) {
    var accessLog = false;
    var endpoints = new ArrayList<Telemetry.Endpoint>();
    for (var namespace : config.namespaces()) {
      var telemetry = namespace.telemetry();
      if (!telemetry.metrics().isEmpty()) {
        faults.notYet(telemetry.place(), "choosing metrics by name");
      }
      for (var exporter : telemetry.exporters().entrySet()) {
        var name = namespace.name() + ":" + exporter.getKey();
        switch (exporter.getValue()) {
          case io.tidegate.config.Telemetry.Stdout _ -> accessLog = true;
          case io.tidegate.config.Telemetry.Prometheus prometheus ->
              prometheus
                  .endpoints()
                  .forEach(it ->
                      endpoints.add(new Telemetry.Endpoint(name, "0.0.0.0", it.port(), it.path())));
          case io.tidegate.config.Telemetry.Otlp otlp ->
              faults.notYet(otlp.place(), "exporter type 'otlp'");
        }
      }
    }
    return new Telemetry(accessLog, endpoints);
  }
}
