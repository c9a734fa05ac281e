package io.tidegate.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// A look at the topic behind `POST /events` from outside, through its log and not through HTTP.
///
/// @param records how many there are
record EventTopic(int partitions, long records) {

  static final String NAME = "bench-events";

  private static final int SECONDS = 10;

  /// Empty when the side does not show its log at that port.
  static Optional<EventTopic> at(int kafkaPort) {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers", "127.0.0.1:" + kafkaPort,
            "default.api.timeout.ms", SECONDS * 1000,
            "request.timeout.ms", SECONDS * 1000);
    try (var admin = Admin.create(settings)) {
      var topic =
          admin.describeTopics(List.of(NAME)).allTopicNames().get(SECONDS, TimeUnit.SECONDS);
      var partitions = topic.values().iterator().next().partitions().size();
      return Optional.of(new EventTopic(partitions, records(admin, partitions)));
    } catch (ExecutionException | TimeoutException _) {
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static long records(Admin admin, int partitions)
      throws ExecutionException, InterruptedException, TimeoutException {
    var ends =
        IntStream.range(0, partitions)
            .boxed()
            .collect(
                Collectors.toMap(
                    partition -> new TopicPartition(NAME, partition), _ -> OffsetSpec.latest()));
    return admin.listOffsets(ends).all().get(SECONDS, TimeUnit.SECONDS).values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }
}
