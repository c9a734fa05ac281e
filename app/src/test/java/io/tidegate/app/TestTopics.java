package io.tidegate.app;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// Topics of tests that do not begin with a Tidegate.
final class TestTopics {
  private TestTopics() {}

  /// Until every leader is at work. Before that the first batches of a producer may stick.
  static void awaitLeaders(Admin admin, String topic, int partitions) {
    var ends = new HashMap<TopicPartition, OffsetSpec>();
    for (int i = 0; i < partitions; i++) {
      ends.put(new TopicPartition(topic, i), OffsetSpec.latest());
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreException(ExecutionException.class)
        .until(() -> admin.listOffsets(ends).all().get().size() == partitions);
  }
}
