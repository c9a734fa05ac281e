package io.tidegate.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.tidegate.http.Request;
import io.tidegate.plan.Telemetry;
import io.tidegate.plan.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The measurements that a configuration chooses for one of its bindings, under the names and with
/// the labels that it gives them. A stream is a request with its reply.
///
/// Labels may hold what strangers send, so their number is bounded: beyond it, further requests are
/// counted under the value `other`.
public final class BindingMetrics implements AccessLog, AutoCloseable {
  private static final int MOST_LABELS = 200;
  private static final int LONGEST_VALUE = 128;
  private static final String OTHER = "other";

  private static final double[] MILLIS = powers(15); // to 32 s
  private static final double[] BYTES = powers(30); // to 1 GiB

  private final MeterRegistry registry;
  private final Set<String> metrics;
  private final List<Telemetry.Label> labels;
  private final Tags binding;
  private final LongAdder active = new LongAdder();
  private final Map<List<String>, Meters> byLabels = new ConcurrentHashMap<>();
  private final List<Meter> ours = new ArrayList<>();

  /// @param binding `namespace:binding`
  public BindingMetrics(MeterRegistry registry, String binding, Telemetry.Metering metering) {
    this.registry = registry;
    this.metrics = metering.metrics();
    this.labels = metering.labels();
    int colon = binding.indexOf(':');
    this.binding =
        Tags.of("namespace", binding.substring(0, colon), "binding", binding.substring(colon + 1));
    for (var name :
        List.of("http.active.requests", "stream.active.received", "stream.active.sent")) {
      if (metrics.contains(name)) {
        keep(Gauge.builder(name, active, LongAdder::sum).tags(this.binding).register(registry));
      }
    }
  }

  private static double[] powers(int count) {
    var powers = new double[count];
    for (int i = 0; i < count; i++) {
      powers[i] = Math.scalb(1.0, i + 1);
    }
    return powers;
  }

  @Override
  public void began() {
    active.increment();
  }

  @Override
  public void accepted(Request request, Optional<String> identity) {}

  @Override
  public void replied(Request request, Completion completion) {
    active.decrement();
    meters(values(request, completion.status())).count(completion);
  }

  private List<String> values(Request request, int status) {
    if (labels.isEmpty()) {
      return List.of();
    }
    var values = new ArrayList<String>(labels.size());
    for (var label : labels) {
      var value = label.value().render(place -> value(place, request, status));
      values.add(value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE) : value);
    }
    return values;
  }

  private static Optional<String> value(Template.Part place, Request request, int status) {
    return switch (place) {
      case Template.Part.Method() -> Optional.of(request.method());
      case Template.Part.Path() -> Optional.of(request.shownPath());
      case Template.Part.RequestHeader(var name) -> request.headers().first(name);
      case Template.Part.Status() -> Optional.of(Integer.toString(status));
      default -> Optional.empty();
    };
  }

  private Meters meters(List<String> values) {
    var known = byLabels.get(values);
    if (known != null) {
      return known;
    }
    var bounded = byLabels.size() < MOST_LABELS ? values : labels.stream().map(_ -> OTHER).toList();
    return byLabels.computeIfAbsent(bounded, Meters::new);
  }

  private synchronized <M extends Meter> M keep(M meter) {
    ours.add(meter);
    return meter;
  }

  /// Takes the measurements out of the registry.
  @Override
  public synchronized void close() {
    ours.forEach(registry::remove);
    ours.clear();
  }

  /// What is counted under one set of labels. Null for what nobody asked for.
  private final class Meters {
    private final @Nullable DistributionSummary requestSize;
    private final @Nullable DistributionSummary responseSize;
    private final @Nullable DistributionSummary duration;
    private final List<Counter> opens;
    private final List<Counter> closes;
    private final List<Counter> errors;
    private final @Nullable Counter received;
    private final @Nullable Counter sent;

    Meters(List<String> values) {
      var tags = new ArrayList<>(binding.stream().toList());
      for (int i = 0; i < labels.size(); i++) {
        tags.add(Tag.of(labels.get(i).name(), values.get(i)));
      }
      var all = Tags.of(tags);
      requestSize = histogram("http.request.size", "bytes", BYTES, all);
      responseSize = histogram("http.response.size", "bytes", BYTES, all);
      duration = histogram("http.duration", "milliseconds", MILLIS, all);
      opens = counters("stream.opens", all);
      closes = counters("stream.closes", all);
      errors = counters("stream.errors", all);
      received = counter("stream.data.received", "bytes", all);
      sent = counter("stream.data.sent", "bytes", all);
    }

    private @Nullable DistributionSummary histogram(
        String name, String unit, double[] buckets, Tags tags) {
      return metrics.contains(name)
          ? keep(
              DistributionSummary.builder(name)
                  .baseUnit(unit)
                  .serviceLevelObjectives(buckets)
                  .tags(tags)
                  .register(registry))
          : null;
    }

    private @Nullable Counter counter(String name, @Nullable String unit, Tags tags) {
      return metrics.contains(name)
          ? keep(Counter.builder(name).baseUnit(unit).tags(tags).register(registry))
          : null;
    }

    private List<Counter> counters(String name, Tags tags) {
      var both = new ArrayList<Counter>(2);
      for (var direction : List.of(".received", ".sent")) {
        var counter = counter(name + direction, null, tags);
        if (counter != null) {
          both.add(counter);
        }
      }
      return both;
    }

    void count(Completion completion) {
      record(requestSize, (double) completion.received());
      record(responseSize, (double) completion.sent());
      record(duration, completion.nanos() / 1e6);
      opens.forEach(Counter::increment);
      (completion.status() == GONE || completion.status() >= 500 ? errors : closes)
          .forEach(Counter::increment);
      add(received, completion.received());
      add(sent, completion.sent());
    }

    private static void record(@Nullable DistributionSummary summary, double amount) {
      if (summary != null) {
        summary.record(amount);
      }
    }

    private static void add(@Nullable Counter counter, long amount) {
      if (counter != null) {
        counter.increment((double) amount);
      }
    }
  }
}
