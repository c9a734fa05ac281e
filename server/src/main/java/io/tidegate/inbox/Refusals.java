package io.tidegate.inbox;

import io.tidegate.http.Problem;
import io.tidegate.log.Appended;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;

/// What a sender is told when it is not well. The same bytes for everything that must not be told
/// apart.
final class Refusals {
  private static final int LONGEST_RETRY_SECONDS = 5;
  private static final Problem NOT_FOUND = Problem.of(404, "not_found", "nothing is here");
  private static final Problem UNAUTHORIZED =
      Problem.of(401, "invalid_signature", "the request could not be verified");

  private Refusals() {}

  static Problem notFound() {
    return NOT_FOUND;
  }

  /// For every reason why a caller could not prove itself.
  static Problem unauthorized() {
    return UNAUTHORIZED;
  }

  static Problem notAllowed(Collection<String> methods) {
    return Problem.of(405, "method_not_allowed", "this address does not take that method")
        .with("allow", String.join(", ", methods));
  }

  static Problem unsupportedType() {
    return Problem.of(415, "unsupported_media_type", "this content type is not taken here");
  }

  static Problem rateLimited(Duration wait) {
    return Problem.of(429, "rate_limited", "too many requests").retryAfter(wait);
  }

  static Problem stale() {
    return Problem.of(503, "registry_stale", "it is not certain who may send; try again")
        .retryAfter(Duration.ofSeconds(5));
  }

  static Problem shuttingDown() {
    return Problem.of(503, "shutting_down", "shutting down; try again")
        .retryAfter(Duration.ofSeconds(1));
  }

  static Problem overloaded() {
    return later(Problem.of(503, "overloaded", "the event cannot be stored just now"));
  }

  static Problem badBatch() {
    return Problem.of(
        400,
        "bad_batch",
        "the body is no JSON list of at most " + CloudEvents.MOST + " CloudEvents");
  }

  static Problem tooLarge() {
    return Problem.of(413, "payload_too_large", "the body is larger than the topic takes");
  }

  /// What went wrong at the log.
  static Problem of(Appended failure) {
    return switch (failure) {
      case Appended.At _ -> throw new IllegalArgumentException("that is no failure");
      case Appended.Refused(var reason, var _) ->
          reason == Appended.Reason.TOO_LARGE
              ? tooLarge()
              : Problem.of(502, "log_refused", "the log does not take this event");
      case Appended.Unavailable(var reason, var _) ->
          switch (reason) {
            case CLOSED -> shuttingDown();
            case NO_SUCH_TOPIC ->
                later(Problem.of(503, "no_such_topic", "the topic behind this does not exist"));
            case OVERLOADED, UNREACHABLE, DISK_FULL, TOO_LARGE, NOT_AUTHORIZED, INVALID ->
                overloaded();
          };
      case Appended.Unknown _ ->
          later(
              Problem.of(
                  503, "outcome_unknown", "the event may or may not be stored; send it again"));
    };
  }

  /// A random moment, so that those who are refused together do not return together.
  private static Problem later(Problem problem) {
    var seconds = ThreadLocalRandom.current().nextInt(1, LONGEST_RETRY_SECONDS + 1);
    return problem.retryAfter(Duration.ofSeconds(seconds));
  }
}
