package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.log.Acks;
import io.tidegate.log.MemoryLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventIdsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String TENANT = "t";

  private final MemoryLog log = new MemoryLog();

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void tellsWhoIsFarBehindWhatIsRepeatedThere() throws Exception {
    log.create(List.of(EventForm.topic()), LIMIT);
    publish("a", true);
    publish("b", true);
    publish("a", true);
    for (int i = 0; i < 2 * RecentIds.MOST; i++) {
      publish("other", false);
    }
    publish("b", true);
    log.settle();
    int partition = filled();

    try (var ids = new EventIds(log, Time.system())) {
      ids.start(LIMIT);
      assertThat(ids.awaitReplay(LIMIT)).isTrue();
      ids.reach(partition, 1);

      assertThat(isRepeated(ids, partition, 1)).isFalse();
      assertThat(isRepeated(ids, partition, 2)).isTrue();
      var last = 3 + 2 * RecentIds.MOST;
      assertThat(isRepeated(ids, partition, last)).as("too far behind the first b").isFalse();
      publish("b", true);
      assertThat(isRepeated(ids, partition, last + 1)).as("of what comes later").isTrue();
    }
  }

  private static boolean isRepeated(EventIds ids, int partition, long offset) throws Exception {
    return ids.isRepeated(partition, offset).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private int filled() {
    return log.describe(EventForm.TOPIC, LIMIT).orElseThrow().endOffsets().entrySet().stream()
        .filter(each -> each.getValue() > 0)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private void publish(String id, boolean named) {
    var event =
        new Event(
            id,
            named,
            TENANT,
            "x",
            Optional.empty(),
            Instant.EPOCH,
            true,
            Map.of(),
            Bytes.utf8("{}"));
    log.append(EventForm.write(event, "0/0"), Acks.IN_SYNC_REPLICAS, _ -> {});
  }
}
