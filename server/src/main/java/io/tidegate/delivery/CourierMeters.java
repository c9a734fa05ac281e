package io.tidegate.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// What operators see of a courier. Nothing here is labelled by what records hold: the number of
/// series is bounded by the words for outcomes.
final class CourierMeters implements AutoCloseable {
  private static final int MOST_WORDS = 64;

  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<String, Counter> attempts = new ConcurrentHashMap<>();
  private final Map<Outcome.Reason, Counter> givenUp = new ConcurrentHashMap<>();
  private final Counter retries;
  private final Counter lost;
  private final Counter blocked;
  private final Timer first;
  private final List<Meter> gauges = new CopyOnWriteArrayList<>();

  CourierMeters(MeterRegistry registry, String pump) {
    this.registry = registry;
    this.tags = Tags.of("pump", pump);
    this.retries = counter("tidegate.delivery.retries", "Attempts that were not the first");
    this.lost =
        counter("tidegate.delivery.lost", "Records that retention removed before they were known");
    this.blocked =
        counter("tidegate.delivery.blocked", "Records for which a lane waits for the operator");
    this.first =
        Timer.builder("tidegate.delivery.first")
            .description("From when a record was read until its first attempt was over")
            .tags(tags)
            .serviceLevelObjectives(
                Duration.ofMillis(5),
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60))
            .register(registry);
    for (var reason : Outcome.Reason.values()) {
      givenUp.put(reason, givenUpCounter(reason));
    }
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  private Counter givenUpCounter(Outcome.Reason reason) {
    return Counter.builder("tidegate.delivery.given.up")
        .description("Records for which there will be no other attempt")
        .tags(tags.and("reason", reason.name().toLowerCase(Locale.ROOT)))
        .register(registry);
  }

  /// @param millis since the record was read
  void attempt(Attempt attempt, int number, long millis) {
    attempts(attempt.word()).increment();
    if (number > 1) {
      retries.increment();
    } else {
      first.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
    }
  }

  private Counter attempts(String word) {
    var known = attempts.get(word);
    if (known != null) {
      return known;
    }
    var bounded = attempts.size() < MOST_WORDS ? word : "other";
    return attempts.computeIfAbsent(
        bounded,
        each ->
            Counter.builder("tidegate.delivery.attempts")
                .description("Attempts, by how they went")
                .tags(tags.and("class", each))
                .register(registry));
  }

  void givenUp(Outcome.Reason reason) {
    var counter = givenUp.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  void lost(long records) {
    var expired = givenUp.get(Outcome.Reason.EXPIRED);
    if (records > 0 && expired != null) {
      lost.increment((double) records);
      expired.increment((double) records);
    }
  }

  void blocked() {
    blocked.increment();
  }

  <T> void gauge(String name, String description, Tags more, T source, ToDoubleFunction<T> value) {
    var fullName = "tidegate.delivery." + name;
    var all = tags.and(more);
    var before = registry.find(fullName).tags(all).gauge();
    if (before != null) {
      registry.remove(before); // of a courier that this one follows
    }
    gauges.add(
        Gauge.builder(fullName, source, value)
            .description(description)
            .tags(all)
            .register(registry));
  }

  /// Those of a successor that is there already stay: they are other ones with the same names.
  @Override
  @SuppressWarnings("ReferenceEquality")
  public void close() {
    for (var gauge : gauges) {
      var id = gauge.getId();
      if (gauge == registry.find(id.getName()).tags(id.getTags()).gauge()) {
        registry.remove(gauge);
      }
    }
  }
}
