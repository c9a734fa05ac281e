package io.tidegate.view;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/// What the views of a cluster are measured by. Topics that the configuration does not name share
/// the label `other`, so that a stranger cannot make more of them.
final class ViewMeters implements AutoCloseable {
  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final String cluster;
  private final Counter diskReads;
  private final Timer otherLag;
  private final Map<String, Timer> lags = new ConcurrentHashMap<>();
  private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();

  ViewMeters(MeterRegistry registry, String cluster) {
    this.registry = registry;
    this.cluster = cluster;
    this.diskReads =
        keep(
            Counter.builder("tidegate.view.disk.reads")
                .description("Reads that memory could not answer")
                .tag("cluster", cluster)
                .register(registry));
    this.otherLag = lag(OTHER);
  }

  /// The views' memory.
  void watch(MemoryBudget budget) {
    gauge("tidegate.view.memory.bytes", "Memory of all views", Tags.empty(), budget::used);
    gauge("tidegate.view.memory.records", "Records in memory", Tags.empty(), budget::records);
  }

  /// A topic that the configuration names.
  void watch(StoredView view) {
    if (lags.putIfAbsent(view.topic(), lag(view.topic())) == null) {
      gauge(
          "tidegate.view.records",
          "Records of a topic in memory",
          Tags.of("topic", view.topic()),
          () -> {
            var copy = view.feed().copy();
            return copy == null ? 0 : copy.recordsInMemory();
          });
    }
  }

  void readDisk() {
    diskReads.increment();
  }

  void applied(String topic, Instant written, Instant now) {
    var age = Duration.between(written, now);
    lags.getOrDefault(topic, otherLag).record(age.isNegative() ? Duration.ZERO : age);
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
    meters.clear();
    lags.clear();
  }

  private Timer lag(String topic) {
    return keep(
        Timer.builder("tidegate.view.lag")
            .description("Time from a record's stamp to its place in the view")
            .tag("cluster", cluster)
            .tag("topic", topic)
            .register(registry));
  }

  private void gauge(String name, String description, Tags tags, Supplier<Number> value) {
    keep(
        Gauge.builder(name, value)
            .description(description)
            .tags(tags.and("cluster", cluster))
            .register(registry));
  }

  private <M extends Meter> M keep(M meter) {
    meters.add(meter);
    return meter;
  }
}
