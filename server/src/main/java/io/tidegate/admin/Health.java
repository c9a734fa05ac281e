package io.tidegate.admin;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Whether the process does its work. Every part that can fail while idle is probed in turn, on a
/// thread of its own, and the last answers are kept, so that asking for health costs nothing and
/// cannot hang with what is ill.
///
///     starting --running()--> running --draining()--> draining
public final class Health implements AutoCloseable {

  /// The phase of the process's life.
  public enum Phase {
    STARTING,
    RUNNING,
    DRAINING
  }

  private final Map<String, Supplier<Optional<String>>> probes = new ConcurrentHashMap<>();
  private final Map<String, String> troubles = new ConcurrentHashMap<>();
  private final ScheduledExecutorService prober =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("health").daemon().factory());
  private volatile Phase phase = Phase.STARTING;

  /// @param every how long a trouble may go unnoticed
  public Health(Duration every) {
    var _ =
        prober.scheduleWithFixedDelay(
            this::probeAll, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Probes `name` from now on. The probe must end within seconds; empty means well.
  public void watch(String name, Supplier<Optional<String>> probe) {
    probes.put(name, probe);
    probe(name, probe);
  }

  public void forget(String name) {
    probes.remove(name);
    troubles.remove(name);
  }

  public void running() {
    phase = Phase.RUNNING;
  }

  public void draining() {
    phase = Phase.DRAINING;
  }

  public Phase phase() {
    return phase;
  }

  /// What is wrong, by the name of the part; empty when all is well.
  public Map<String, String> troubles() {
    return new LinkedHashMap<>(troubles);
  }

  public boolean isReady() {
    return phase == Phase.RUNNING && troubles.isEmpty();
  }

  private void probeAll() {
    probes.forEach(this::probe);
  }

  private void probe(String name, Supplier<Optional<String>> probe) {
    Optional<String> trouble;
    try {
      trouble = probe.get();
    } catch (RuntimeException failed) {
      trouble = Optional.of("the check itself failed: " + failed.getMessage());
    }
    if (trouble.isPresent() && probes.containsKey(name)) {
      troubles.put(name, trouble.get());
    } else {
      troubles.remove(name);
    }
  }

  @Override
  public void close() {
    prober.shutdownNow();
  }
}
