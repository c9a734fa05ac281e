package io.tidegate.delivery;

import io.tidegate.plan.Pump;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;

/// Says what follows from an attempt: whether there is another one, and when.
///
/// @param random between 0 and 1, for the jitter
record RetryPolicy(Pump.Retry rules, DoubleSupplier random) {

  /// What a receiver may ask for at most.
  static final Duration LONGEST_WISH = Duration.ofHours(24);

  /// A year without any limit is long enough.
  private static final double MOST_MILLIS = Duration.ofDays(365).toMillis();

  /// @param number of the attempt, 1 for the first
  /// @param expires when the record is too old
  Outcome judge(Attempt attempt, int number, Instant expires, Instant now) {
    return switch (attempt.kind()) {
      case DELIVERED -> new Outcome.Delivered();
      case PERMANENT -> new Outcome.GivenUp(Outcome.Reason.PERMANENT);
      case GONE -> new Outcome.GivenUp(Outcome.Reason.GONE);
      case FAILED -> failed(attempt, number, expires, now);
    };
  }

  private Outcome failed(Attempt attempt, int number, Instant expires, Instant now) {
    if (isPermanent(attempt)) {
      return new Outcome.GivenUp(Outcome.Reason.PERMANENT);
    }
    if (rules.attempts().isPresent() && number >= rules.attempts().getAsInt()) {
      return new Outcome.GivenUp(Outcome.Reason.EXHAUSTED);
    }
    var at = now.plus(pause(attempt, number));
    return at.isAfter(expires)
        ? new Outcome.GivenUp(Outcome.Reason.EXPIRED)
        : new Outcome.Retry(at);
  }

  private boolean isPermanent(Attempt attempt) {
    return attempt.reply().isPresent()
        && rules.permanent().stream()
            .anyMatch(range ->
                attempt.reply().get().status() >= range.first()
                    && attempt.reply().get().status() <= range.last());
  }

  /// The schedule's wait, or the receiver's wish when that is longer.
  private Duration pause(Attempt attempt, int number) {
    var planned = Duration.ofMillis((long) (plannedMillis(number) * jitter()));
    return attempt
        .retryAfter()
        .map(wish -> wish.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wish)
        .filter(wish -> wish.compareTo(planned) > 0)
        .orElse(planned);
  }

  private double plannedMillis(int number) {
    var millis = rules.initial().toMillis() * Math.pow(rules.factor(), number - 1.0);
    return Math.min(Math.min(millis, (double) rules.max().toMillis()), MOST_MILLIS);
  }

  private double jitter() {
    return 1 + rules.jitter() * (2 * random.getAsDouble() - 1);
  }

  /// When a record is too old.
  ///
  /// @param seen when it was first seen here: a timestamp that lies later, or that is none, is not
  ///   believed
  Instant expires(long timestamp, Instant seen) {
    var born = timestamp > 0 ? Instant.ofEpochMilli(timestamp) : seen;
    return (born.isAfter(seen) ? seen : born).plus(rules.expire());
  }
}
