package io.tidegate.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.inbox.Sender.Change;
import io.tidegate.log.Appended;
import io.tidegate.log.Appended.Reason;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Deliveries that come more than once.
class DuplicatesTest {
  private final Sender sender = new Sender().with(Sender.github());

  @AfterEach
  void close() {
    sender.close();
  }

  @Test
  void storesADeliveryOnce() {
    var first = sender.postGithub("{}", "d-1");
    assertThat(first.status()).isEqualTo(200);

    var second = sender.postGithub("{}", "d-1");

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.header("x-duplicate")).isEqualTo("true");
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(sender.stored()).hasSize(1);
    assertThat(sender.postGithub("{}", "d-2").header("x-duplicate")).isEmpty();
  }

  @Test
  void answersADuplicateOnlyWhenTheFirstIsStored() throws InterruptedException {
    var gate = new CountDownLatch(1);
    sender.log.later(() -> await(gate));
    var first = sender.postGithub("{}", "d-1");
    var second = sender.postGithub("{}", "d-1");

    assertThat(second.future()).isNotDone();
    gate.countDown();

    assertThat(first.status()).isEqualTo(200);
    assertThat(second.header("x-duplicate")).isEqualTo("true");
    assertThat(sender.stored()).hasSize(1);
  }

  private static void await(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void takesADeliveryAgainThatWasNotStored() {
    sender.log.failNext(new Appended.Unavailable(Reason.OVERLOADED, "full"));
    assertThat(sender.postGithub("{}", "d-1").status()).isEqualTo(503);
    sender.log.settle();

    var again = sender.postGithub("{}", "d-1");

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("x-duplicate")).isEmpty();
  }

  @Test
  void forgetsAfterTheWindow() {
    assertThat(sender.postGithub("{}", "d-1").status()).isEqualTo(200);
    sender.log.settle();
    sender.clock.advance(Duration.ofMinutes(11));

    assertThat(sender.postGithub("{}", "d-1").header("x-duplicate")).isEmpty();
    assertThat(sender.stored()).hasSize(2);
  }

  @Test
  void takesAnotherWordForADuplicateOnlyFromWhoeverWasVerified() {
    assertThat(sender.post("{}", "x-github-delivery", "d-1").status()).isEqualTo(401);

    assertThat(sender.postGithub("{}", "d-1").header("x-duplicate")).isEmpty();
  }

  @Test
  void doesNotCareWithoutAWindow() {
    sender.with(
        Change.of(Sender.github()).limits(1024, OptionalInt.empty(), 1, Duration.ZERO).endpoint());
    sender.postGithub("{}", "d-1").status();

    assertThat(sender.postGithub("{}", "d-1").header("x-duplicate")).isEmpty();
  }

  @Test
  void remembersABoundedNumber() {
    var duplicates = new Duplicates();
    for (int i = 0; i < 150_000; i++) {
      duplicates.enter("name " + i, "event " + i, Duration.ofDays(1), 0).complete(true);
    }

    assertThat(duplicates.size()).isEqualTo(100_000);
  }
}
