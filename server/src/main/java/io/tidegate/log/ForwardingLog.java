package io.tidegate.log;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A log before another one: whatever is not said differently, the other one does.
public interface ForwardingLog extends RecordLog {

  /// The one behind it.
  RecordLog log();

  @Override
  default void append(Entry entry, Acks acks, Consumer<Appended> then) {
    log().append(entry, acks, then);
  }

  @Override
  default Optional<TopicInfo> describe(String topic, Duration limit) {
    return log().describe(topic, limit);
  }

  @Override
  default void create(Collection<TopicSpec> wanted, Duration limit) {
    log().create(wanted, limit);
  }

  @Override
  default Tail follow(String topic, Map<Integer, Long> next, From from, Follower follower) {
    return log().follow(topic, next, from, follower);
  }

  @Override
  default Ownership own(String topic, String group, Owner owner) {
    return log().own(topic, group, owner);
  }

  @Override
  default Stretch read(String topic, int partition, long from, int bytes, Duration limit) {
    return log().read(topic, partition, from, bytes, limit);
  }

  @Override
  default Optional<String> check(Duration limit) {
    return log().check(limit);
  }

  @Override
  default void close() {
    log().close();
  }
}
