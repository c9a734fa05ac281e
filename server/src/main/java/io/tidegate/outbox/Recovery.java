package io.tidegate.outbox;

import io.tidegate.log.RecordLog;
import io.tidegate.log.Stored;
import io.tidegate.outbox.Fanout.Written;
import io.tidegate.plan.Destinations;
import java.time.Duration;
import java.util.Set;

/// Finds the deliveries that were written for events of one partition and not committed.
///
/// @param partition of the feed's topic
record Recovery(RecordLog log, Feed feed, int partition) {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int STRETCH = 4 << 20;

  /// True when no event was published beyond `position`, so that nothing can have been written.
  boolean isNothingBeyond(long position) {
    return log.describe(feed.topic(), LIMIT)
        .map(topic -> topic.endOffsets().getOrDefault(partition, 0L) <= position)
        .orElse(true);
  }

  /// @throws RecordLog.LogUnavailable when it cannot be read now
  void read(Ends ends, Set<Written> written) {
    for (int each = 0; each < Delivery.PARTITIONS; each++) {
      var from = ends.begin(each);
      for (var end = Long.MAX_VALUE; from < end; ) {
        var stretch = log.read(Destinations.DELIVERIES, each, from, STRETCH, LIMIT);
        end = Math.min(end, stretch.end());
        for (var record : stretch.records()) {
          note(record, written);
        }
        if (stretch.next() <= from) {
          break;
        }
        from = stretch.next();
      }
    }
  }

  /// What was asked for by hand stands for nothing that goes by itself.
  private void note(Stored record, Set<Written> written) {
    if (Delivery.Manual.read(record).isPresent()) {
      return;
    }
    var key = record.key();
    var source = Delivery.Source.read(record);
    if (key != null
        && source.isPresent()
        && source.get().log().equals(feed.topic())
        && source.get().partition() == partition) {
      written.add(new Written(source.get().offset(), key.utf8()));
    }
  }
}
