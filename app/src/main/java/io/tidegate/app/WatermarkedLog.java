package io.tidegate.app;

import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A log on a disk of ours: refuses to append while the disk is nearly full, so that the node
/// inside never runs into its end, which would stop it. Reading goes on.
///
/// @param isFull asked for every append, so it must be a value that is at hand
record WatermarkedLog(RecordLog log, BooleanSupplier isFull) implements RecordLog {
  private static final Appended REFUSED =
      new Appended.Unavailable(Appended.Reason.DISK_FULL, "the disk is below its watermark");

  @Override
  public void append(Entry entry, Acks acks, Consumer<Appended> then) {
    if (isFull.getAsBoolean()) {
      then.accept(REFUSED);
    } else {
      log.append(entry, acks, then);
    }
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
    return log.own(topic, group, owner);
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
