package io.tidegate.delivery;

import io.tidegate.log.RecordLog.TopicSpec;
import java.util.List;
import java.util.Map;

/// The topics that deliveries need for themselves. Their partition counts are for ever.
public final class DeliveryTopics {
  /// What came of every attempt, in order for each partition that is delivered.
  public static final String ATTEMPTS = "tidegate.attempts";

  /// How far each partition is, compacted.
  public static final String PROGRESS = "tidegate.progress";

  private static final String WEEK = "604800000";

  private DeliveryTopics() {}

  public static List<TopicSpec> all() {
    return List.of(
        new TopicSpec(ATTEMPTS, 8, false, Map.of("retention.ms", WEEK)),
        new TopicSpec(
            PROGRESS,
            1,
            true,
            Map.of("segment.bytes", "33554432", "min.cleanable.dirty.ratio", "0.3")));
  }
}
