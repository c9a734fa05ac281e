package io.tidegate.log;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Gauges of one cluster that go away with their owner, and make room for those of the owner's
/// successor when that is there first.
final class Gauges implements AutoCloseable {
  private final MeterRegistry registry;
  private final String cluster;
  private final List<Gauge> gauges = new ArrayList<>();

  Gauges(MeterRegistry registry, String cluster) {
    this.registry = registry;
    this.cluster = cluster;
  }

  /// @param topic empty when the gauge is not about one topic
  synchronized <T> void add(
      String name, String description, String topic, T owner, ToDoubleFunction<T> value) {
    var before = current(name, topic);
    if (before != null) {
      registry.remove(before);
    }
    var gauge = Gauge.builder(name, owner, value).description(description).tag("cluster", cluster);
    gauges.add((topic.isEmpty() ? gauge : gauge.tag("topic", topic)).register(registry));
  }

  private @Nullable Gauge current(String name, String topic) {
    var found = registry.find(name).tag("cluster", cluster);
    return (topic.isEmpty() ? found : found.tag("topic", topic)).gauge();
  }

  /// Those of a successor are other ones with the same names, and stay.
  @Override
  @SuppressWarnings("ReferenceEquality")
  public synchronized void close() {
    for (var gauge : gauges) {
      var id = gauge.getId();
      var topic = id.getTag("topic");
      if (gauge == current(id.getName(), topic == null ? "" : topic)) {
        registry.remove(gauge);
      }
    }
    gauges.clear();
  }
}
