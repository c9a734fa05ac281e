package io.tidegate.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.plan.Pump;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Instant NEVER = NOW.plus(Duration.ofDays(30));

  private static RetryPolicy policy(double jitter, double random) {
    return new RetryPolicy(
        new Pump.Retry(
            OptionalInt.of(5),
            Duration.ofSeconds(1),
            2,
            Duration.ofSeconds(5),
            jitter,
            Duration.ofHours(24),
            List.of(new Pump.StatusRange(401, 403)),
            false),
        () -> random);
  }

  private static Outcome after(Attempt attempt, int number) {
    return policy(0, 0.5).judge(attempt, number, NEVER, NOW);
  }

  private static Outcome retry(Duration wait) {
    return new Outcome.Retry(NOW.plus(wait));
  }

  @Test
  void waitsTwiceAsLongEachTimeUpToTheCap() {
    assertThat(after(Receivers.status(503), 1)).isEqualTo(retry(Duration.ofSeconds(1)));
    assertThat(after(Receivers.status(404), 2)).isEqualTo(retry(Duration.ofSeconds(2)));
    assertThat(after(Receivers.status(503), 3)).isEqualTo(retry(Duration.ofSeconds(4)));
    assertThat(after(Receivers.status(503), 4)).isEqualTo(retry(Duration.ofSeconds(5)));
  }

  @Test
  void endsWithTheLastAttemptAStatusThatIsFinalOrAReceiverThatIsGone() {
    assertThat(after(Receivers.status(503), 5))
        .isEqualTo(new Outcome.GivenUp(Outcome.Reason.EXHAUSTED));
    assertThat(after(Receivers.status(402), 1))
        .isEqualTo(new Outcome.GivenUp(Outcome.Reason.PERMANENT));
    assertThat(after(Receivers.status(410), 1)).isEqualTo(new Outcome.GivenUp(Outcome.Reason.GONE));
  }

  @Test
  void waitsAsLongAsTheReceiverAsksUpToADay() {
    assertThat(after(Receivers.later(Duration.ofSeconds(30)), 1))
        .isEqualTo(retry(Duration.ofSeconds(30)));
    assertThat(after(Receivers.later(Duration.ofDays(3)), 1))
        .isEqualTo(retry(Duration.ofHours(24)));
  }

  @Test
  void doesNotWaitForAnAttemptThatComesTooLate() {
    var outcome = policy(0, 0.5).judge(Receivers.status(503), 3, NOW.plusSeconds(3), NOW);

    assertThat(outcome).isEqualTo(new Outcome.GivenUp(Outcome.Reason.EXPIRED));
  }

  @Test
  void strewsTheWaits() {
    assertThat(policy(0.2, 0).judge(Receivers.status(500), 1, NEVER, NOW))
        .isEqualTo(retry(Duration.ofMillis(800)));
    assertThat(policy(0.2, 1).judge(Receivers.status(500), 1, NEVER, NOW))
        .isEqualTo(retry(Duration.ofMillis(1200)));
  }

  @Test
  void doesNotBelieveATimestampThatIsNoneOrLiesAhead() {
    var policy = policy(0, 0.5);

    assertThat(policy.expires(-1, NOW)).isEqualTo(NOW.plus(Duration.ofHours(24)));
    assertThat(policy.expires(NOW.plusSeconds(99).toEpochMilli(), NOW))
        .isEqualTo(NOW.plus(Duration.ofHours(24)));
  }
}
