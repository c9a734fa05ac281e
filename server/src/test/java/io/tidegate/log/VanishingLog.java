package io.tidegate.log;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A real log whose members can stop like a process that is killed: the group has to miss them.
public final class VanishingLog implements RecordLog {
  private final KafkaLog log;
  private final List<KafkaOwnership> memberships = new CopyOnWriteArrayList<>();

  public VanishingLog(KafkaLog log) {
    this.log = log;
  }

  public void vanish() {
    memberships.forEach(KafkaOwnership::vanish);
  }

  @Override
  public void append(Entry entry, Acks acks, Consumer<Appended> then) {
    log.append(entry, acks, then);
  }

  @Override
  public Optional<TopicInfo> describe(String topic, Duration limit) {
    return log.describe(topic, limit);
  }

  @Override
  public void create(Collection<TopicSpec> wanted, Duration limit) {
    log.create(wanted, limit);
  }

  @Override
  public Tail follow(String topic, Map<Integer, Long> next, From from, Follower follower) {
    return log.follow(topic, next, from, follower);
  }

  @Override
  public Ownership own(String topic, String group, Owner owner) {
    var membership = log.own(topic, group, owner);
    memberships.add((KafkaOwnership) membership);
    return membership;
  }

  @Override
  public Stretch read(String topic, int partition, long from, int bytes, Duration limit) {
    return log.read(topic, partition, from, bytes, limit);
  }

  @Override
  public Optional<String> check(Duration limit) {
    return log.check(limit);
  }

  @Override
  public void close() {
    log.close();
  }
}
