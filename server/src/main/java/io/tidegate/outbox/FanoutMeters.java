package io.tidegate.outbox;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.log.Stored;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/// What operators see of the making of deliveries from one topic. The number of series is bounded
/// by the few ways in which a record may end here.
final class FanoutMeters implements AutoCloseable {
  private static final String DELIVERIES =
      "Deliveries by whether they were made, filtered out, or too large for their topic";

  private final MeterRegistry meters;
  private final String topic;
  private final LongAdder deliveries;
  private final LongAdder filtered;
  private final Map<String, LongAdder> refused = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> events = new ConcurrentHashMap<>();
  private final List<Meter> registered = new CopyOnWriteArrayList<>();
  private volatile Optional<FeedView.Unfit> last = Optional.empty();

  FanoutMeters(MeterRegistry meters, String topic) {
    this.meters = meters;
    this.topic = topic;
    this.deliveries = counter("tidegate.fanout.deliveries", DELIVERIES, "made");
    this.filtered = counter("tidegate.fanout.deliveries", DELIVERIES, "filtered");
  }

  /// Counts whether or not anybody measures.
  private LongAdder counter(String name, String description, String outcome) {
    var adder = new LongAdder();
    registered.add(
        FunctionCounter.builder(name, adder, LongAdder::sum)
            .description(description)
            .tag("topic", topic)
            .tag("outcome", outcome)
            .register(meters));
    return adder;
  }

  private void event(String outcome) {
    events
        .computeIfAbsent(
            outcome,
            each -> counter("tidegate.fanout.events", "Events by what became of them", each))
        .increment();
  }

  /// Deliveries of which the topic does not take enough.
  ///
  /// @param outcome `oversized` when they end as failed attempts, `lost` when not even that
  void ended(String outcome, int count) {
    refused
        .computeIfAbsent(outcome, each -> counter("tidegate.fanout.deliveries", DELIVERIES, each))
        .add(count);
  }

  /// @param left destinations that would have got it, but for their filters
  void matched(int made, int left) {
    deliveries.add(made);
    filtered.add(left);
    event(made > 0 ? "matched" : left > 0 ? "filtered" : "unmatched");
  }

  void repeated() {
    event("repeated");
  }

  void unfit(Stored record, String reason) {
    event(reason);
    last =
        Optional.of(new FeedView.Unfit(record.partition(), record.offset(), reason, record.time()));
  }

  Map<String, Long> events() {
    var counts = new TreeMap<String, Long>();
    events.forEach((outcome, count) -> counts.put(outcome, count.sum()));
    return counts;
  }

  Optional<FeedView.Unfit> last() {
    return last;
  }

  @Override
  public void close() {
    registered.forEach(meters::remove);
  }
}
