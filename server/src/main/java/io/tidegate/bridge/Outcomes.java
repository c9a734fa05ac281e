package io.tidegate.bridge;

import io.tidegate.http.Problem;
import io.tidegate.log.Appended;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// What a caller is told when the log did not take, or does not have, what was asked for.
final class Outcomes {
  private static final int SHORTEST_RETRY_SECONDS = 1;
  private static final int LONGEST_RETRY_SECONDS = 5;

  private Outcomes() {}

  static Problem of(Appended.Refused refused) {
    return switch (refused.reason()) {
      case TOO_LARGE -> tooLarge();
      // It is Tidegate that may not write there. The caller's own credentials are fine, so 403
      // would send the wrong person looking.
      case NOT_AUTHORIZED ->
          Problem.of(
              502, "log_refused", "The cluster does not let the gateway write to this topic.");
      case INVALID, NO_SUCH_TOPIC, OVERLOADED, UNREACHABLE, DISK_FULL, CLOSED ->
          Problem.of(400, "invalid_record", "The topic does not take this record.");
    };
  }

  static Problem of(Appended.Unavailable unavailable) {
    return later(
        switch (unavailable.reason()) {
          case NO_SUCH_TOPIC ->
              Problem.of(503, "no_such_topic", "The topic behind this route does not exist.");
          case OVERLOADED ->
              Problem.of(503, "overloaded", "Too much is waiting to be stored just now.");
          case DISK_FULL -> Problem.of(503, "disk_full", "There is no room to store more.");
          case CLOSED -> Problem.of(503, "closing", "The gateway is shutting down.");
          case UNREACHABLE, TOO_LARGE, NOT_AUTHORIZED, INVALID ->
              Problem.of(503, "log_unavailable", "The log cannot be reached just now.");
        });
  }

  static Problem unknown() {
    return later(
        Problem.of(
            503,
            "outcome_unknown",
            "The log did not confirm in time; the record may or may not be stored."));
  }

  static Problem unready() {
    return later(Problem.of(503, "view_unready", "The topic cannot be read just now."));
  }

  static Problem tooManyWaiting() {
    return later(Problem.of(503, "too_many_waiting", "Too many requests are waiting already."));
  }

  static Problem tooLarge() {
    return Problem.of(413, "too_large", "The body is larger than the topic takes.");
  }

  static Problem noSuchTopic() {
    return Problem.of(404, "no_such_topic", "There is no such topic here.");
  }

  static Problem notFound() {
    return Problem.of(404, "not_found", "There is no record for this request.");
  }

  /// A random moment within a few seconds, so that those who are refused together do not return
  /// together.
  private static Problem later(Problem problem) {
    var seconds =
        ThreadLocalRandom.current().nextInt(SHORTEST_RETRY_SECONDS, LONGEST_RETRY_SECONDS + 1);
    return problem.retryAfter(Duration.ofSeconds(seconds));
  }
}
