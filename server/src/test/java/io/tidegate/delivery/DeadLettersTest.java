package io.tidegate.delivery;

import static io.tidegate.delivery.Pumps.DEAD;
import static io.tidegate.delivery.Pumps.TOPIC;
import static io.tidegate.delivery.Pumps.URL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.ManualTime;
import io.tidegate.delivery.DeadLetters.Selection;
import io.tidegate.delivery.Sender.Report;
import io.tidegate.log.Appended;
import io.tidegate.log.MemoryLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import io.tidegate.registry.SealingKey;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final Instant AT = Instant.parse("2026-11-22T08:00:00Z");

  private final MemoryLog log =
      new MemoryLog().topic(TOPIC, 1, false).topic(Pumps.REPLIES, 1, false).topic(DEAD, 1, false);
  private HttpSenders senders;
  private DeadLetters letters;

  @BeforeEach
  void start() {
    var needs =
        new HttpSenders.Needs(
            log,
            _ -> new FakeClient(),
            _ -> Optional.empty(),
            SealingKey.parse(SealingKey.generate()),
            new ManualTime(AT),
            new SimpleMeterRegistry());
    senders = new HttpSenders(new Pumps().build(), needs);
    letters = senders.deadLetters().orElseThrow();
  }

  @AfterEach
  void close() {
    senders.close();
    log.close();
  }

  private void bury(Stored record, String source, Outcome.Reason reason) {
    senders.on(source).report(record, new Report(0, null, new Outcome.GivenUp(reason), AT));
  }

  private void bury(String key) {
    bury(Pumps.record(key, "{}", "x-a", "1"), TOPIC, Outcome.Reason.EXHAUSTED);
  }

  @Test
  void areTheSameRequestsWhenTheyArePutBack() {
    var record = Pumps.record(URL, "{}", "x-a", "1", "zilla:correlation-id", "c");
    bury(record, TOPIC, Outcome.Reason.GONE);

    var replayed = letters.replay(Selection.all(0));

    assertThat(replayed).isEqualTo(new DeadLetters.Replayed(1, 0, 1, java.util.List.of()));
    var back = log.stored(TOPIC).getLast();
    assertThat(back.key()).isEqualTo(record.key());
    assertThat(back.headers()).isEqualTo(record.headers());
    assertThat(back.value()).isEqualTo(record.value());
    assertThat(RequestHash.of(back)).isEqualTo(RequestHash.of(record));
  }

  @Test
  void areChosenByPlaceUrlAndReason() {
    bury("https://a.example/1");
    bury("https://a.example/2");
    bury("https://b.example/3");
    bury(Pumps.record("https://a.example/4", "{}"), TOPIC, Outcome.Reason.GONE);
    var ofA = Optional.of("https://a.example/*");
    var chosen =
        new Selection(
            0, 1, 4, Optional.of(TOPIC), ofA, Optional.of("exhausted"), Integer.MAX_VALUE);

    assertThat(letters.replay(chosen).replayed()).isEqualTo(1);
    assertThat(log.stored(TOPIC).getLast().key()).isEqualTo(Bytes.utf8("https://a.example/2"));
  }

  @Test
  void areNotMoreThanWereAskedForAndGoOnFromThere() {
    for (int i = 0; i < 5; i++) {
      bury("https://a.example/" + i);
    }
    var two = new Selection(0, 0, 5, Optional.empty(), Optional.empty(), Optional.empty(), 2);

    var first = letters.replay(two);
    var second =
        letters.replay(
            new Selection(
                0, first.next(), 5, Optional.empty(), Optional.empty(), Optional.empty(), 9));

    assertThat(first.replayed()).isEqualTo(2);
    assertThat(second.replayed()).isEqualTo(3);
    assertThat(log.stored(TOPIC)).hasSize(5);
  }

  @Test
  void goNowhereButIntoTopicsOfTheirBinding() {
    bury(Pumps.record(URL, "{}"), "somebody-elses", Outcome.Reason.GONE);

    var replayed = letters.replay(Selection.all(0));

    assertThat(replayed.replayed()).isZero();
    assertThat(replayed.faults())
        .containsExactly("the letter at 0/0 does not come from a topic of this binding");
  }

  @Test
  void waitForAClusterThatIsAway() {
    bury(URL);
    log.failNext(new Appended.Unavailable(Appended.Reason.UNREACHABLE, "away"));

    assertThatThrownBy(() -> letters.replay(Selection.all(0))).isInstanceOf(LogUnavailable.class);
    assertThat(letters.replay(Selection.all(0)).replayed()).isEqualTo(1);
  }
}
