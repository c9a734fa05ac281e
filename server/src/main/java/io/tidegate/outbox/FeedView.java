package io.tidegate.outbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A topic whose records are events, as this instance sees it.
///
/// @param partitions those that this instance works on
/// @param unread records in them that were not looked at yet
/// @param events how many there were since the start, by what became of them: `matched`, `filtered`
///   (destinations want the topic, and none the event), `unmatched`, `repeated`, and what cannot be
///   an event: `no_tenant`, `no_topic`, `no_id`, `no_value`, `not_published`
/// @param last the last one that cannot be an event
public record FeedView(
    String topic,
    String group,
    List<Integer> partitions,
    long unread,
    Map<String, Long> events,
    Optional<Unfit> last) {

  /// A record that cannot be an event.
  ///
  /// @param reason as in `events`
  public record Unfit(int partition, long offset, String reason, Instant at) {}
}
