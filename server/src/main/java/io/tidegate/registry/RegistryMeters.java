package io.tidegate.registry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// What operators see of the registries.
final class RegistryMeters implements AutoCloseable {
  private static final String COMMANDS = "tidegate.registry.commands";

  private final MeterRegistry meters;
  private final Counter accepted;
  private final Counter repeated;
  private final Counter repairs;
  private final Map<String, Counter> rejected = new ConcurrentHashMap<>();
  private final List<Meter> gauges = new CopyOnWriteArrayList<>();

  RegistryMeters(MeterRegistry meters) {
    this.meters = meters;
    this.accepted = commands("accepted", "");
    this.repeated = commands("repeated", "");
    this.repairs =
        Counter.builder("tidegate.registry.repairs")
            .description("Snapshots written anew because their last record did not count")
            .register(meters);
  }

  private Counter commands(String outcome, String code) {
    return Counter.builder(COMMANDS)
        .description("Commands judged by this instance")
        .tag("outcome", outcome)
        .tag("code", code)
        .register(meters);
  }

  void accepted() {
    accepted.increment();
  }

  void repeated() {
    repeated.increment();
  }

  void rejected(String code) {
    rejected.computeIfAbsent(code, each -> commands("rejected", each)).increment();
  }

  <E> List<E> repaired(List<E> entries) {
    repairs.increment(entries.size());
    return entries;
  }

  void watch(Registry<?> registry) {
    var kind = registry.kind().name();
    gauges.add(
        Gauge.builder("tidegate.registry.entries", registry, Registry::size)
            .description("Things known, revoked ones included")
            .tag("kind", kind)
            .register(meters));
    gauges.add(
        Gauge.builder("tidegate.registry.offset", registry, Registry::offset)
            .description("How far the topic of snapshots has been read")
            .tag("kind", kind)
            .register(meters));
    gauges.add(
        Gauge.builder("tidegate.registry.unreadable", registry, Registry::unreadable)
            .description("Records that could not be read")
            .tag("kind", kind)
            .register(meters));
    gauges.add(
        Gauge.builder("tidegate.registry.lag", registry, each -> each.staleness().toMillis() / 1e3)
            .description("For how long changes may not have been heard of")
            .baseUnit("seconds")
            .tag("kind", kind)
            .register(meters));
  }

  @Override
  public void close() {
    gauges.forEach(meters::remove);
  }
}
