package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.MemoryLog;
import io.tidegate.log.RecordLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WatermarkedLogTest {
  private final AtomicBoolean full = new AtomicBoolean();
  private final RecordLog log = new WatermarkedLog(new MemoryLog(), full::get);

  @Test
  void appendsWhileThereIsRoom() throws Exception {
    log.create(List.of(new RecordLog.TopicSpec("t", 1, false, Map.of())), Duration.ofSeconds(1));

    assertThat(append()).isInstanceOf(Appended.At.class);
  }

  @Test
  void refusesToAppendWhenTheDiskIsNearlyFullAndTakesUpAgain() throws Exception {
    log.create(List.of(new RecordLog.TopicSpec("t", 1, false, Map.of())), Duration.ofSeconds(1));
    full.set(true);

    var refused = append();
    full.set(false);

    assertThat(refused)
        .isInstanceOfSatisfying(
            Appended.Unavailable.class,
            it -> assertThat(it.reason()).isEqualTo(Appended.Reason.DISK_FULL));
    assertThat(append()).isInstanceOf(Appended.At.class);
  }

  private Appended append() throws Exception {
    var ended = new CompletableFuture<Appended>();
    var entry = new Entry("t", null, List.of(), Bytes.utf8("x"));
    log.append(entry, Acks.IN_SYNC_REPLICAS, ended::complete);
    return ended.get();
  }
}
