package io.tidegate.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A real log whose members can stop like a process that is killed: the group has to miss them.
public final class VanishingLog implements ForwardingLog {
  private final KafkaLog log;
  private final List<KafkaOwnership> memberships = new CopyOnWriteArrayList<>();

  public VanishingLog(KafkaLog log) {
    this.log = log;
  }

  @Override
  public RecordLog log() {
    return log;
  }

  public void vanish() {
    memberships.forEach(KafkaOwnership::vanish);
  }

  @Override
  public Ownership own(String topic, String group, Owner owner) {
    var membership = log.own(topic, group, owner);
    memberships.add((KafkaOwnership) membership);
    return membership;
  }
}
