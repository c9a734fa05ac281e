package io.tidegate.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.log.Appended.At;
import io.tidegate.log.Appended.Reason;
import io.tidegate.log.Appended.Unavailable;
import io.tidegate.log.Appended.Unknown;
import io.tidegate.log.RecordLog.From;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Also tries the levers that other rooms' tests pull.
class MemoryLogTest extends RecordLogContract {
  private final MemoryLog memory = new MemoryLog();

  @Override
  RecordLog open() {
    return memory;
  }

  @Test
  void failsTheNextAppendsAsAsked() {
    create(1);
    memory.failNext(new Unknown("lost"));

    assertThat(append("k", "a")).isEqualTo(new Unknown("lost"));
    assertThat(append("k", "b")).isEqualTo(new At(0, 0));
  }

  @Test
  void isOutOfReachWhileItIsAway() {
    create(1);
    log.follow(topic, Map.of(), From.EARLIEST, seen);

    memory.goAway();

    assertThat(append("k", "a")).isEqualTo(new Unavailable(Reason.UNREACHABLE, "away"));
    memory.settle();
    assertThat(seen.isInTrouble()).isTrue();
    memory.comeBack();
    append("k", "b");
    memory.settle();
    assertThat(seen.values()).containsExactly("b");
    assertThat(seen.isInTrouble()).isFalse();
  }

  @Test
  void losesWhatIsTruncated() {
    create(1);
    List.of("a", "b", "c").forEach(value -> append("k", value));

    memory.truncate(topic, 0, 2);

    log.follow(topic, Map.of(0, 0L), From.EARLIEST, seen);
    memory.settle();
    assertThat(seen.values()).containsExactly("c");
    assertThat(seen.truncated).containsEntry(0, 2L);
  }

  @Test
  void followsAddedPartitionsFromTheirBeginning() {
    create(1);
    log.follow(topic, Map.of(), From.LATEST, seen);
    memory.settle();

    memory.grow(topic, 2);
    append(null, "a");
    append(null, "b");

    memory.settle();
    assertThat(seen.values()).containsExactlyInAnyOrder("a", "b");
  }
}
