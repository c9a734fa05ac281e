package io.tidegate.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.base.Bytes;
import io.tidegate.inbox.Sender.Change;
import io.tidegate.log.Appended;
import io.tidegate.log.Appended.Reason;
import io.tidegate.log.Entry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is acknowledged from memory.
class MemoryQueueTest {
  private final Sender sender =
      new Sender().with(Change.of(Sender.endpoint()).inMemory().endpoint());

  @AfterEach
  void close() {
    sender.close();
  }

  @Test
  void acknowledgesAtOnceAndStoresInAMoment() {
    var answer = sender.post("1");

    assertThat(answer.future()).isDone();
    assertThat(answer.status()).isEqualTo(202);
    await().until(() -> sender.stored().size() == 1);
  }

  @Test
  void storesWhatItHoldsWhenTheLogIsBack() {
    sender.log.goAway();
    for (int i = 0; i < 100; i++) {
      assertThat(sender.post("event " + i).status()).isEqualTo(202);
    }
    sender.log.comeBack();

    await().until(() -> sender.stored().size() == 100);
    await().untilAsserted(() -> assertThat(gauge("tidegate.webhooks.memory.used")).isZero());
    assertThat(gauge("tidegate.webhooks.memory.used.bytes")).isZero();
  }

  private double gauge(String name) {
    return sender.metrics.get(name).gauge().value();
  }

  @Test
  void holdsNoMoreThanItMay() {
    sender.log.goAway();
    var accepted = 0;
    for (int i = 0; i < 1200; i++) {
      accepted += sender.post("1").status() == 202 ? 1 : 0;
    }

    assertThat(accepted).isEqualTo(1000);
    assertThat(sender.post("1").body()).contains("overloaded");
    assertThat(sender.send("GET", "/health", "").body()).isEqualTo("{\"status\":\"degraded\"}");
  }

  @Test
  void holdsNoMoreBytesThanItMay() {
    sender.log.goAway();
    var large = "x".repeat(300_000);

    assertThat(List.of(1, 2, 3, 4).stream().map(_ -> sender.post(large).status()))
        .containsExactly(202, 202, 202, 503);
  }

  @Test
  void storesWhatItHoldsBeforeItIsGone() {
    for (int i = 0; i < 500; i++) {
      sender.post("event " + i);
    }
    sender.inbox.close();

    assertThat(sender.stored()).hasSize(500);
  }

  @Test
  void givesUpWhatTheLogWillNeverTake() {
    sender.log.failNext(new Appended.Refused(Reason.INVALID, "no"));
    sender.post("1");

    await().untilAsserted(() -> assertThat(gauge("tidegate.webhooks.memory.dropped")).isEqualTo(1));
    assertThat(gauge("tidegate.webhooks.memory.used")).isZero();
  }

  @Test
  void takesABatchWholeOrNotAtAll() {
    var queue = new MemoryQueue((_, _, _) -> {}, new MemoryQueue.Bounds(3, 1 << 20));
    var entry = new Entry("t", null, List.of(), Bytes.utf8("1"));

    assertThat(queue.offer(List.of(entry, entry))).isTrue();
    assertThat(queue.offer(List.of(entry, entry))).isFalse();
    assertThat(queue.messages()).isEqualTo(2);
    assertThat(queue.offer(List.of(entry))).isTrue();
  }
}
