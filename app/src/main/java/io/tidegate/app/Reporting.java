package io.tidegate.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.tidegate.edge.AccessLog;
import io.tidegate.edge.BindingMetrics;
import io.tidegate.edge.HttpMetrics;
import io.tidegate.guard.Guard;
import io.tidegate.http.Request;
import io.tidegate.http.Tracing;
import io.tidegate.plan.HttpService;
import io.tidegate.plan.Telemetry;
import io.tidegate.telemetry.Collectors;
import io.tidegate.telemetry.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who hears of requests: metrics, event lines, collectors.
final class Reporting {
  static final String PART = "collectors";

  private final CompositeMeterRegistry metrics;
  private final EventLines lines = new EventLines(System.out);
  private final Map<String, HttpMetrics> perListener = new ConcurrentHashMap<>();
  private final Map<String, Metered> perBinding = new ConcurrentHashMap<>();
  private volatile @Nullable Collectors collectors;

  private record Metered(Telemetry.Metering metering, BindingMetrics metrics) {}

  Reporting(CompositeMeterRegistry metrics) {
    this.metrics = metrics;
  }

  MeterRegistry metrics() {
    return metrics;
  }

  Part part(List<Telemetry.Otlp> wanted) {
    return new Part(
        PART,
        wanted,
        List.of(),
        () -> {
          var started = new Collectors(wanted, metrics);
          collectors = started;
          return () -> {
            collectors = null;
            started.close();
          };
        });
  }

  /// Who hears of the requests of a listener.
  AccessLog log(String listener, HttpService service, Telemetry telemetry) {
    var logs = new ArrayList<AccessLog>();
    logs.add(perListener.computeIfAbsent(listener, _ -> new HttpMetrics(metrics, listener)));
    metered(service.name(), telemetry.bindings().get(service.name())).ifPresent(logs::add);
    if (telemetry.accessLog()) {
      logs.add(new Events(listener, lines::tell));
    }
    var known = collectors;
    if (known != null) {
      logs.add(new Events(listener, known::tell));
    }
    return AccessLog.of(logs);
  }

  /// The same measurements go on as long as the same ones are asked for.
  private Optional<AccessLog> metered(String binding, Telemetry.@Nullable Metering metering) {
    var next =
        perBinding.compute(
            binding,
            (_, present) -> {
              if (present != null && present.metering.equals(metering)) {
                return present;
              }
              if (present != null) {
                present.metrics.close();
              }
              return metering == null
                  ? null
                  : new Metered(metering, new BindingMetrics(metrics, binding, metering));
            });
    return next == null ? Optional.empty() : Optional.of(next.metrics);
  }

  Tracing tracing(String listener) {
    var known = collectors;
    return known == null ? Tracing.NONE : known.tracing(listener);
  }

  /// Requests as events.
  private record Events(String listener, Consumer<Event> sink) implements AccessLog {
    @Override
    public void accepted(Request request, Optional<String> identity) {
      var what =
          "%s %s %s://%s%s"
              .formatted(
                  identity.orElse("-"),
                  request.method(),
                  request.scheme(),
                  request.authority(),
                  request.shownPath());
      sink.accept(new Event(listener, request.id(), "BINDING_HTTP_REQUEST_ACCEPTED", what));
    }

    @Override
    public void rejected(Request request, Guard guard, String reason) {
      var type = "GUARD_" + guard.type().toUpperCase(Locale.ROOT) + "_AUTHORIZATION_FAILED";
      sink.accept(new Event(guard.name(), request.id(), type, reason));
    }

    @Override
    public void replied(Request request, Completion completion) {}
  }
}
