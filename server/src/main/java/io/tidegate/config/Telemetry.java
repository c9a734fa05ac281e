package io.tidegate.config;

import io.tidegate.base.Secret;
import io.tidegate.config.Binding.Metering;
import io.tidegate.config.Reference.Target;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// What a namespace measures and where it tells.
public record Telemetry(
    Place place,
    Map<String, String> attributes,
    List<String> metrics,
    Map<String, Telemetry.Exporter> exporters) {

  /// A way out for logs and measurements.
  public sealed interface Exporter {
    Place place();
  }

  /// Events on standard output.
  public record Stdout(Place place) implements Exporter {}

  /// A page for Prometheus.
  public record Prometheus(Place place, List<Endpoint> endpoints) implements Exporter {}

  /// Where the page is.
  public record Endpoint(Place place, String scheme, int port, String path) {}

  /// OpenTelemetry over HTTP.
  public record Otlp(
      Place place,
      Optional<Reference> vault,
      Duration interval,
      Set<String> signals,
      URI location,
      Map<String, String> overrides,
      Optional<Catalog.Tls> tls,
      Optional<Secret> authorization)
      implements Exporter {}

  private static final List<String> KNOWN =
      List.of(
          "http.request.size",
          "http.response.size",
          "http.duration",
          "http.active.requests",
          "stream.opens.received",
          "stream.opens.sent",
          "stream.closes.received",
          "stream.closes.sent",
          "stream.errors.received",
          "stream.errors.sent",
          "stream.data.received",
          "stream.data.sent",
          "stream.active.received",
          "stream.active.sent",
          "grpc.request.size",
          "grpc.response.size",
          "grpc.duration",
          "grpc.active.requests",
          "grpc.requests.per.rpc",
          "grpc.responses.per.rpc");

  private static final Map<String, Function<Mapping, Exporter>> EXPORTERS =
      Map.of(
          "stdout", exporter -> new Stdout(exporter.place()),
          "prometheus", exporter -> exporter.section("options", Telemetry::prometheus),
          "otlp", Telemetry::otlp);

  static Telemetry read(Mapping telemetry) {
    var exporters = new LinkedHashMap<String, Exporter>();
    telemetry
        .map("exporters", Form.typed(EXPORTERS))
        .forEach((name, exporter) -> exporter.ifPresent(it -> exporters.put(name, it)));
    return new Telemetry(
        telemetry.place(),
        telemetry.map("attributes", Form.TEXT),
        telemetry.list("metrics", Form.of("the name of a metric", Telemetry::metric)),
        Collections.unmodifiableMap(exporters));
  }

  private static String metric(Value value) {
    var name = value.scalar("the name of a metric");
    if (name.isPresent() && !KNOWN.contains(name.get())) {
      var nearest = Nearest.to(name.get(), KNOWN);
      value.fault("unknown metric " + value.described(), "", nearest);
    }
    return name.orElse("");
  }

  private static Prometheus prometheus(Mapping options) {
    var endpoints = Form.listOf(Form.mapping(Telemetry::endpoint));
    return new Prometheus(options.place(), options.required("endpoints", endpoints));
  }

  private static Exporter otlp(Mapping exporter) {
    var vault = exporter.optional("vault", Form.reference(Target.VAULT));
    return exporter.section("options", options -> otlp(vault, options));
  }

  private static Endpoint endpoint(Mapping endpoint) {
    return new Endpoint(
        endpoint.place(),
        endpoint.or("scheme", Form.word("http"), "http"),
        Math.toIntExact(endpoint.required("port", Form.number(0, 65_535))),
        endpoint.or(
            "path", Form.text(Pattern.compile("/.*"), "a path starting with '/'"), "/metrics"));
  }

  private static Otlp otlp(Optional<Reference> vault, Mapping options) {
    var signals =
        options.or(
            "signals",
            Form.listOf(Form.word("metrics", "logs", "traces")),
            List.of("metrics", "logs"));
    return options.required(
        "endpoint",
        Form.mapping(endpoint -> {
          endpoint.or("protocol", Form.word("http"), "http");
          return new Otlp(
              options.place(),
              vault,
              options.or("interval", Form.seconds(1), Duration.ofSeconds(30)),
              Set.copyOf(signals),
              endpoint.required("location", Form.HTTP_URI),
              endpoint.section("overrides", Telemetry::overrides),
              options.optional("tls", Form.mapping(Catalog::tls)),
              options.section("credentials", Telemetry::authorization));
        }));
  }

  private static Map<String, String> overrides(Mapping overrides) {
    return Map.of(
        "metrics", overrides.or("metrics", Form.TEXT, "/v1/metrics"),
        "logs", overrides.or("logs", Form.TEXT, "/v1/logs"),
        "traces", overrides.or("traces", Form.TEXT, "/v1/traces"));
  }

  static Optional<Secret> authorization(Mapping credentials) {
    return credentials.section(
        "headers", headers -> headers.optional("authorization", Form.SECRET));
  }

  /// What a binding says about its metrics.
  static Metering metering(Mapping telemetry) {
    var chosen = new LinkedHashSet<String>();
    telemetry
        .list(
            "metrics", Form.of("the name of a metric, or a regular expression", Telemetry::chosen))
        .forEach(chosen::addAll);
    var label =
        Scope.of(
                List.of(),
                Expression.HTTP_METHOD,
                Expression.HTTP_PATH,
                Expression.HTTP_HEADER,
                Expression.HTTP_STATUS)
            .template();
    return new Metering(List.copyOf(chosen), telemetry.map("attributes", label));
  }

  private static List<String> chosen(Value value) {
    var expression = value.scalar("the name of a metric, or a regular expression").orElse("");
    var declared = value.reading().metrics();
    if (expression.isEmpty()) {
      return List.of();
    }
    try {
      var pattern = Pattern.compile(expression);
      var chosen = declared.stream().filter(name -> pattern.matcher(name).matches()).toList();
      if (chosen.isEmpty()) {
        var nearest = Nearest.to(expression, declared);
        value.fault(
            value.described() + " chooses none of telemetry.metrics",
            Form.spoken(declared),
            nearest);
      }
      return chosen;
    } catch (PatternSyntaxException broken) {
      value.fault(value.described() + " is not a regular expression", Form.spoken(declared));
      return List.of();
    }
  }
}
