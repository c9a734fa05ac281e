package io.tidegate.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.broker.SharedBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who works when members come, go and fall silent.
class KafkaOwnershipIT {
  private final String topic = "owned-" + UUID.randomUUID();
  private final ForeignClient other = new ForeignClient(SharedBroker.bootstrap());
  private final RecordLog log =
      new KafkaLog(
          KafkaSettings.plain("test", SharedBroker.bootstrap()),
          Time.system(),
          new SimpleMeterRegistry());
  private final Working one = new Working();
  private final Working two = new Working();

  @AfterEach
  void closeAll() {
    log.close();
    other.close();
  }

  @Test
  void passesOnWithinSecondsWhenAnOwnerIsKilled() {
    other.create(topic, 1);
    one.takePart(log.own(topic, topic, one));
    other.append(topic, Map.of(), List.of("a", "b"));
    await().atMost(Seen.LIMIT).until(() -> one.has("a", "b"));
    one.membership().commit(0, 1);
    two.takePart(log.own(topic, topic, two));
    awaitCommitted();

    ((KafkaOwnership) one.membership()).vanish();

    await().atMost(Duration.ofSeconds(25)).until(() -> two.has("b"));
    assertThat(two.values).containsExactly("b");
  }

  @Test
  void staysWithItsOwnerWhenAnotherMemberComes() {
    other.create(topic, 1);
    one.takePart(log.own(topic, topic, one));
    await().atMost(Seen.LIMIT).until(() -> one.owned.size() == 1);

    two.takePart(log.own(topic, topic, two));
    other.append(topic, Map.of(), List.of("a"));

    await().atMost(Seen.LIMIT).until(() -> one.has("a"));
    assertThat(one.began).hasSize(1);
    assertThat(two.values).isEmpty();
  }

  @Test
  void takesUpATopicThatIsCreatedLater() {
    one.takePart(log.own(topic, topic, one));

    other.create(topic, 1);
    other.append(topic, Map.of(), List.of("a"));

    await().atMost(Seen.LIMIT).until(() -> one.has("a"));
  }

  private void awaitCommitted() {
    await().atMost(Seen.LIMIT).until(() -> other.committed(topic, topic) == 1);
  }
}
