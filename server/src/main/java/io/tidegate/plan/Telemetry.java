package io.tidegate.plan;

import java.util.List;

/// What is reported where.
///
/// @param accessLog an event line on standard output for each request accepted (`stdout` exporter)
/// @param prometheus where metrics can be scraped besides the admin listener
public record Telemetry(boolean accessLog, List<Endpoint> prometheus) {
  public Telemetry {
    prometheus = List.copyOf(prometheus);
  }

  /// @param path begins with a slash
  public record Endpoint(String name, String host, int port, String path) {}
}
