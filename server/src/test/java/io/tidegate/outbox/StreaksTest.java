package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.delivery.Attempt;
import io.tidegate.delivery.Outcome.Retry;
import io.tidegate.delivery.Sender.Report;
import io.tidegate.http.Client;
import io.tidegate.log.MemoryLog;
import io.tidegate.log.Stored;
import io.tidegate.outbox.Changes.Backlog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreaksTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Instant NOON = Instant.parse("2027-01-31T12:00:00Z");
  private static final Disabling RULE =
      new Disabling(3, Duration.ofMinutes(10), Duration.ofDays(5));

  private final OutboxScene scene = new OutboxScene(TopicPolicy.OPEN, 1000);
  private final MemoryLog log = scene.log;
  private final Outbox outbox = scene.outbox;
  private final Streaks streaks = streaks();

  private int offset;

  @BeforeEach
  void start() {
    scene.open();
    scene.tenant("t");
    scene.webhook("{\"id\":\"d\",\"topics\":\"*\"}");
    streaks.start();
  }

  @AfterEach
  void stop() {
    streaks.close();
    scene.close();
  }

  private Streaks streaks() {
    return new Streaks(
        RULE, log, outbox.changes(), new DoneByHand(log, Time.system()), new SimpleMeterRegistry());
  }

  @Test
  void disablesWhatFailsOftenEnoughForLongEnough() {
    fail(NOON);
    fail(NOON.plusSeconds(60));
    fail(NOON.plusSeconds(120));
    assertThat(streaks.of("t/d").orElseThrow().failures()).isEqualTo(3);

    fail(NOON.plusSeconds(600));

    await().atMost(LIMIT).until(() -> !destination().isEnabled());
    assertThat(destination().disabled().orElseThrow().reason())
        .isEqualTo("4 attempts in a row failed since 2027-01-31T12:00:00Z, the last one with 503");
    await().atMost(LIMIT).until(() -> streaks.of("t/d").isEmpty());
  }

  @Test
  void disablesWhatFailsForVeryLongHoweverSeldom() {
    fail(NOON);
    fail(NOON.plus(Duration.ofDays(2)));

    fail(NOON.plus(Duration.ofDays(5)));

    await().atMost(LIMIT).until(() -> !destination().isEnabled());
  }

  @Test
  void beginsAnewWithEverySuccess() {
    fail(NOON);
    fail(NOON.plusSeconds(300));
    end(Attempt.Kind.DELIVERED, "2xx", version(), NOON.plusSeconds(301));

    fail(NOON.plusSeconds(600));

    assertThat(streaks.of("t/d").orElseThrow().failures()).isEqualTo(1);
    assertThat(destination().isEnabled()).isTrue();
  }

  @Test
  void disablesAtOnceWhatIsGone() {
    end(Attempt.Kind.GONE, "410", version(), NOON);

    await().atMost(LIMIT).until(() -> !destination().isEnabled());
    assertThat(destination().disabled().orElseThrow().reason()).contains("410");
  }

  @Test
  void leavesAloneWhatWasEnabledAgainMeanwhile() {
    var old = version();
    outbox.changes().disable(destination(), "by hand");
    outbox.changes().enable(destination(), Backlog.DELIVER);

    end(Attempt.Kind.GONE, "410", old, NOON);

    await().atMost(LIMIT).until(() -> !log.stored("tidegate.rejections").isEmpty());
    assertThat(destination().isEnabled()).isTrue();
    assertThat(streaks.of("t/d")).isPresent();
  }

  @Test
  void isNotMisledByFaultsOfOurOwn() {
    for (int i = 0; i < 10; i++) {
      end(Attempt.Kind.FAILED, "log_unavailable", version(), NOON.plusSeconds(i * 600));
    }

    assertThat(streaks.of("t/d")).isEmpty();
  }

  @Test
  void countsATargetThatIsAway() {
    end(Attempt.Kind.FAILED, "unavailable", version(), NOON);

    assertThat(streaks.of("t/d").orElseThrow().failures()).isEqualTo(1);
  }

  @Test
  void goesOnWhereTheLastOwnerWas() {
    for (int i = 0; i < 5; i++) {
      fail(NOON.plusSeconds(i * 40));
    }

    try (var next = streaks()) {
      next.start();

      await().atMost(LIMIT).until(() -> next.of("t/d").isPresent());
      assertThat(next.of("t/d").orElseThrow().since()).isEqualTo(NOON);
      await().atMost(LIMIT).until(() -> next.of("t/d").orElseThrow().failures() == 5);
      end(Attempt.Kind.DELIVERED, "2xx", version(), NOON.plusSeconds(400));
      await().atMost(LIMIT).until(() -> next.of("t/d").isEmpty());
    }
  }

  private void fail(Instant at) {
    end(Attempt.Kind.FAILED, "503", version(), at);
  }

  private void end(Attempt.Kind kind, String word, long version, Instant at) {
    var record = new Stored(0, offset++, 0, Bytes.utf8("t/d"), List.of(), Bytes.EMPTY);
    var attempt =
        new Attempt(
            kind,
            Optional.empty(),
            word,
            "",
            Optional.empty(),
            new Client.Timings(-1, -1, -1, -1, 0));
    streaks.begin(record, version);
    streaks.end(record, new Report(1, attempt, new Retry(at), at));
  }

  private long version() {
    return outbox.directory().destination("t", "d").orElseThrow().version();
  }

  private Destination destination() {
    return outbox.directory().destination("t", "d").orElseThrow().value();
  }
}
