package io.tidegate.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.log.Stored;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// What operators see of the making of deliveries from one topic. The number of series is bounded
/// by the few ways in which a record may end here.
final class FanoutMeters {
  private final MeterRegistry meters;
  private final String topic;
  private final Counter deliveries;
  private final Counter filtered;
  private final Map<String, Counter> events = new ConcurrentHashMap<>();
  private volatile Optional<FeedView.Unfit> last = Optional.empty();

  FanoutMeters(MeterRegistry meters, String topic) {
    this.meters = meters;
    this.topic = topic;
    this.deliveries =
        counter("tidegate.fanout.deliveries", "Deliveries that were made of events", "made");
    this.filtered =
        counter("tidegate.fanout.deliveries", "Deliveries that were made of events", "filtered");
  }

  private Counter counter(String name, String description, String outcome) {
    return Counter.builder(name)
        .description(description)
        .tag("topic", topic)
        .tag("outcome", outcome)
        .register(meters);
  }

  private void event(String outcome) {
    events
        .computeIfAbsent(
            outcome,
            each -> counter("tidegate.fanout.events", "Events by what became of them", each))
        .increment();
  }

  /// @param left destinations that would have got it, but for their filters
  void matched(int made, int left) {
    deliveries.increment(made);
    filtered.increment(left);
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
    events.forEach((outcome, counter) -> counts.put(outcome, (long) counter.count()));
    return counts;
  }

  Optional<FeedView.Unfit> last() {
    return last;
  }
}
