package io.tidegate.delivery;

import io.tidegate.delivery.Outbox.Ending;
import io.tidegate.delivery.RecordRequests.Asked;
import io.tidegate.delivery.Sender.Report;
import io.tidegate.log.Stored;
import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.Optional;

/// Tells what came of a record: to the reply topic after each attempt, and to the dead letters when
/// there will be no other. A missing reply topic holds a lane up for half a minute at most, a
/// missing topic of dead letters for five.
final class Reports {
  private static final Duration FOR_REPLIES = Duration.ofSeconds(30);
  private static final Duration FOR_DEAD_LETTERS = Duration.ofMinutes(5);

  private final Pump pump;
  private final String topic;
  private final RecordRequests requests;
  private final Outbox outbox;

  Reports(Pump pump, String topic, RecordRequests requests, Outbox outbox) {
    this.pump = pump;
    this.topic = topic;
    this.requests = requests;
    this.outbox = outbox;
  }

  /// The dead letter first: it is what must not be missing when this is cut short between the two.
  void tell(Stored record, Report report) {
    var asked = requests.asked(record);
    var refusal = refusal(asked, report);
    if (report.outcome() instanceof Outcome.GivenUp && pump.deadLetters().isPresent()) {
      var letter = DeadLetterRecords.of(pump.deadLetters().get(), topic, record, report, refusal);
      outbox.put(letter, "dead_letter", FOR_DEAD_LETTERS);
    }
    var replyTo =
        switch (asked) {
          case Asked.Nothing() -> Optional.<String>empty();
          case Asked.Never(var to, var _) -> to;
          case Asked.Request request -> request.replyTo();
        };
    replyTo.ifPresent(to -> reply(to, record, report, correlation(record, asked), refusal));
  }

  private void reply(String to, Stored record, Report report, String correlation, String refusal) {
    var entry = ReplyRecords.of(to, record, report, correlation, refusal);
    if (outbox.put(entry, "reply", FOR_REPLIES) == Ending.TOO_LARGE) {
      outbox.put(ReplyRecords.withoutBody(entry), "reply", FOR_REPLIES);
    }
  }

  /// The idempotency key that was sent, or would have been.
  private String correlation(Stored record, Asked asked) {
    if (record.header(RecordWords.CORRELATION).isPresent()) {
      return "";
    }
    return asked instanceof Asked.Request request
        ? requests.id(record, request)
        : RequestHash.of(record);
  }

  private static String refusal(Asked asked, Report report) {
    if (report.attempt() != null) {
      return report.attempt().detail();
    }
    if (report.outcome() instanceof Outcome.GivenUp(var reason)) {
      return switch (reason) {
        case REFUSED ->
            asked instanceof Asked.Never(var _, var cause) ? cause : "it can never be sent";
        case EXPIRED -> "it became too old before it was accepted";
        case SKIPPED -> "an operator let it go";
        case EXHAUSTED -> "there were no attempts left";
        case PERMANENT, GONE -> "it is not wanted";
      };
    }
    return "";
  }
}
