package io.tidegate.ledger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// What operators see of the ledger.
final class LedgerMeters implements AutoCloseable {
  private static final double MILLIS = 1e3;

  private final MeterRegistry meters;
  private final Map<Feed, Counter> folded = new EnumMap<>(Feed.class);
  private final Counter rebuilt;
  private final Map<Feed, Long> newest = new ConcurrentHashMap<>();
  private final List<Meter> gauges;
  private volatile long written;

  /// @param bytes what the file takes
  /// @param nowMillis milliseconds since 1970
  LedgerMeters(MeterRegistry meters, LongSupplier bytes, LongSupplier nowMillis) {
    this.meters = meters;
    for (var feed : Feed.values()) {
      folded.put(
          feed,
          Counter.builder("tidegate.ledger.records")
              .description("Records written into the ledger")
              .tag("kind", feed.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
    this.rebuilt =
        Counter.builder("tidegate.ledger.rebuilds")
            .description("How often the ledger was set aside and made anew")
            .register(meters);
    this.gauges =
        List.of(
            Gauge.builder("tidegate.ledger.bytes", bytes::getAsLong)
                .description("What the ledger's file takes")
                .baseUnit("bytes")
                .register(meters),
            Gauge.builder("tidegate.ledger.delay", () -> delay(nowMillis.getAsLong()))
                .description("Time between the last attempt's record and its being written here")
                .baseUnit("seconds")
                .register(meters));
  }

  private double delay(long now) {
    var last = newest.getOrDefault(Feed.OUTCOMES, 0L);
    return last == 0 || now < last ? 0 : Math.max(0, written - last) / MILLIS;
  }

  void folded(Batch batch, long now) {
    Objects.requireNonNull(folded.get(batch.feed())).increment(batch.rows().size());
    if (batch.newest() > 0) {
      newest.put(batch.feed(), batch.newest());
      written = now;
    }
  }

  void rebuilt() {
    rebuilt.increment();
  }

  @Override
  public void close() {
    gauges.forEach(meters::remove);
  }
}
