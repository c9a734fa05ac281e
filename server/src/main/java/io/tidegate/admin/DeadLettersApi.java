package io.tidegate.admin;

import io.tidegate.delivery.DeadLetters;
import io.tidegate.delivery.DeadLetters.Selection;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.log.RecordLog.LogUnavailable;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/pumps/{name}/dead-letters/replay`: puts what was given up back into its topics. For
/// virtual threads.
final class DeadLettersApi {
  private static final Set<String> FIELDS =
      Set.of("partition", "from", "to", "topic", "key", "reason", "limit");
  private static final int USUAL = 100;
  private static final int MOST = 10_000;

  private DeadLettersApi() {}

  static Reply replay(PumpDesk pump, Request request) {
    var letters =
        pump.deadLetters()
            .orElseThrow(() ->
                Problem.of(409, "no_dead_letters", "the binding has no 'dead-letter' topic")
                    .refuse());
    try {
      return shown(letters, letters.replay(selection(ApiJson.body(request))));
    } catch (LogUnavailable away) {
      throw Problem.of(503, "log_unavailable", "the topic cannot be read or written now")
          .retryAfter(Duration.ofSeconds(1))
          .refuse();
    }
  }

  private static Reply shown(DeadLetters letters, DeadLetters.Replayed replayed) {
    var body = ApiJson.object();
    body.put("topic", letters.topic());
    body.put("replayed", replayed.replayed());
    body.put("passed_over", replayed.passedOver());
    body.put("next", replayed.next());
    var faults = body.putArray("faults");
    replayed.faults().forEach(faults::add);
    return ApiJson.reply(200, body);
  }

  private static Selection selection(ObjectNode body) {
    for (var name : body.propertyNames()) {
      if (!FIELDS.contains(name)) {
        throw malformed(name, "one of " + FIELDS.stream().sorted().toList());
      }
    }
    return new Selection(
        (int) number(body, "partition", 0, 0, Integer.MAX_VALUE),
        number(body, "from", 0, 0, Long.MAX_VALUE),
        number(body, "to", Long.MAX_VALUE, 0, Long.MAX_VALUE),
        text(body, "topic"),
        text(body, "key"),
        text(body, "reason"),
        (int) number(body, "limit", USUAL, 1, MOST));
  }

  private static long number(ObjectNode body, String name, long usual, long least, long most) {
    var value = body.get(name);
    if (value == null) {
      return usual;
    }
    if (value.isIntegralNumber()
        && value.canConvertToLong()
        && value.asLong() >= least
        && value.asLong() <= most) {
      return value.asLong();
    }
    throw malformed(name, "a whole number from " + least + (most == MOST ? " to " + MOST : ""));
  }

  private static Optional<String> text(ObjectNode body, String name) {
    var value = body.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value.isString()) {
      return Optional.of(value.asString());
    }
    throw malformed(name, "a text");
  }

  private static Problem.Refusal malformed(String name, String expected) {
    return Problem.of(400, "malformed", name + ": " + expected + " was expected").refuse();
  }
}
