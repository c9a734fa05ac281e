package io.tidegate.inbox;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tidegate.guard.Checked;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// What webhooks look like from outside. Labels are words of ours, never a caller's: probing makes
/// no new series. Counting is an addition; the registry adds up when it is asked.
final class WebhookMeters implements AutoCloseable {
  /// Not `bucket`: Prometheus keeps that ending for itself, and it would be cut off.
  private static final String WITHIN = "tidegate.webhooks.requests.within";

  private static final long[] BUCKET_MICROS = {
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000
  };
  private static final List<String> STATUSES = List.of("2xx", "3xx", "4xx", "5xx");

  private final MeterRegistry registry;
  private final Tags tags;
  private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();
  private final Map<Kind, Counts[]> requests = new EnumMap<>(Kind.class);
  private final LongAdder[][] buckets = new LongAdder[STATUSES.size()][BUCKET_MICROS.length + 1];
  private final ConcurrentHashMap<String, LongAdder> rejections = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, LongAdder> failures = new ConcurrentHashMap<>();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  /// How a request finds its endpoint.
  enum Kind {
    NAMED,
    SECRET,
    UNROUTED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final class Counts {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();
  }

  WebhookMeters(MeterRegistry registry, String binding) {
    this.registry = registry;
    this.tags = Tags.of("binding", binding);
    for (var kind : Kind.values()) {
      requests.put(kind, STATUSES.stream().map(it -> timer(kind, it)).toArray(Counts[]::new));
    }
    for (int status = 0; status < STATUSES.size(); status++) {
      for (int i = 0; i <= BUCKET_MICROS.length; i++) {
        buckets[status][i] = new LongAdder();
        bucket(status, i);
      }
    }
    counter("tidegate.webhooks.duplicates", "Deliveries that had come before", tags, duplicates);
    counter("tidegate.webhooks.bytes", "Bytes of bodies taken in", tags, bytes);
  }

  private Counts timer(Kind kind, String status) {
    var counts = new Counts();
    var under = tags.and("kind", kind.word(), "status", status);
    add(
        "tidegate.webhooks.requests",
        under,
        () ->
            FunctionTimer.builder(
                    "tidegate.webhooks.requests",
                    counts,
                    it -> it.count.sum(),
                    it -> it.nanos.sum(),
                    TimeUnit.NANOSECONDS)
                .description("Requests, from the last byte to the reply")
                .tags(under)
                .register(registry));
    return counts;
  }

  private void bucket(int status, int last) {
    var le = last == BUCKET_MICROS.length ? "+Inf" : Double.toString(BUCKET_MICROS[last] / 1e6);
    var under = tags.and("status", STATUSES.get(status), "le", le);
    add(
        WITHIN,
        under,
        () ->
            FunctionCounter.builder(WITHIN, buckets[status], all -> sum(all, last))
                .description("Requests that took so many seconds at most")
                .tags(under)
                .register(registry));
  }

  private static double sum(LongAdder[] all, int last) {
    long sum = 0;
    for (int i = 0; i <= last; i++) {
      sum += all[i].sum();
    }
    return sum;
  }

  private void counter(String name, String what, Tags under, LongAdder count) {
    add(
        name,
        under,
        () ->
            FunctionCounter.builder(name, count, LongAdder::sum)
                .description(what)
                .tags(under)
                .register(registry));
  }

  void gauge(String name, String what, Tags more, Supplier<Number> value) {
    var under = tags.and(more);
    add(
        name,
        under,
        () -> Gauge.builder(name, value).description(what).tags(under).register(registry));
  }

  /// In the place of a predecessor of that name.
  private void add(String name, Tags under, Supplier<Meter> meter) {
    var before = registry.find(name).tags(under).meters();
    before.forEach(registry::remove);
    meters.add(meter.get());
  }

  void answered(Kind kind, int status, long nanos) {
    var at = Math.clamp(status / 100 - 2, 0, STATUSES.size() - 1);
    var counts = Objects.requireNonNull(requests.get(kind))[at];
    counts.count.increment();
    counts.nanos.add(nanos);
    int bucket = 0;
    while (bucket < BUCKET_MICROS.length && nanos > BUCKET_MICROS[bucket] * 1_000) {
      bucket++;
    }
    buckets[at][bucket].increment();
  }

  /// @param reason the code of a refusal
  void rejected(String reason) {
    rejections
        .computeIfAbsent(
            reason,
            _ -> {
              var count = new LongAdder();
              var under = tags.and("reason", reason);
              counter("tidegate.webhooks.rejections", "Requests by why not", under, count);
              return count;
            })
        .increment();
  }

  /// @param preset a name that is known
  void unverified(String preset, Checked.Reason reason) {
    var why = reason.name().toLowerCase(Locale.ROOT);
    failures
        .computeIfAbsent(
            preset + " " + why,
            _ -> {
              var count = new LongAdder();
              var under = tags.and("preset", preset, "reason", why);
              counter(
                  "tidegate.webhooks.verification.failures",
                  "Requests that could not be verified",
                  under,
                  count);
              return count;
            })
        .increment();
  }

  void duplicate() {
    duplicates.increment();
  }

  void received(int size) {
    bytes.add(size);
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
