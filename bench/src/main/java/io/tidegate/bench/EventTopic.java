package io.tidegate.bench;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// A look at the topic of what was stored from outside, through its log and not through HTTP.
///
/// @param records how many there are
record EventTopic(int partitions, long records) {

  static final String NAME = "bench-events";

  /// Where the product keeps what was published.
  private static final String PUBLISHED = "tidegate.events";

  private static final int SECONDS = 10;

  /// Empty when the side does not show its log at that port.
  static Optional<EventTopic> at(int kafkaPort) {
    return look(kafkaPort, all -> all.contains(PUBLISHED) ? PUBLISHED : NAME);
  }

  /// How many records a topic holds; empty when that cannot be seen.
  static OptionalLong count(int kafkaPort, String name) {
    return look(kafkaPort, _ -> name)
        .map(found -> OptionalLong.of(found.records()))
        .orElse(OptionalLong.empty());
  }

  /// @param choice of the names of all topics
  private static Optional<EventTopic> look(
      int kafkaPort, Function<Collection<String>, String> choice) {
    try (var admin = Admin.create(settings(kafkaPort))) {
      var name = choice.apply(admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS));
      var topic =
          admin.describeTopics(List.of(name)).allTopicNames().get(SECONDS, TimeUnit.SECONDS);
      var partitions = topic.values().iterator().next().partitions().size();
      return Optional.of(new EventTopic(partitions, records(admin, name, partitions)));
    } catch (ExecutionException | TimeoutException _) {
      return Optional.empty(); // the report then says that it could not be seen
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Map<String, Object> settings(int kafkaPort) {
    return Map.of(
        "bootstrap.servers", "127.0.0.1:" + kafkaPort,
        "default.api.timeout.ms", SECONDS * 1000,
        "request.timeout.ms", SECONDS * 1000);
  }

  private static long records(Admin admin, String name, int partitions)
      throws ExecutionException, InterruptedException, TimeoutException {
    var ends =
        IntStream.range(0, partitions)
            .boxed()
            .collect(
                Collectors.toMap(
                    partition -> new TopicPartition(name, partition), _ -> OffsetSpec.latest()));
    return admin.listOffsets(ends).all().get(SECONDS, TimeUnit.SECONDS).values().stream()
        .mapToLong(end -> end.offset())
        .sum();
  }
}
