package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.delivery.Outcome;
import io.tidegate.delivery.Sender.Report;
import io.tidegate.log.Entry;
import io.tidegate.log.Header;
import io.tidegate.log.RecordLog.TopicSpec;
import io.tidegate.log.Stored;
import io.tidegate.outbox.Delivery.Source;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What came of one attempt to bring an event to its destination, or of a delivery that ended
/// without one: the destination as the key, what things are found by in one header, fields between
/// tabs; what the attempt saw as JSON in the value (see `SeenForm`). Its place and number name it:
/// one that is told twice is recognised.
///
/// @param place of the delivery, in the topic of deliveries
/// @param number of the attempt at that delivery, from 1; 0 when it ended without one
/// @param counted its number when what came before a retry by hand is counted, too
/// @param type of the destination; empty when that is gone
/// @param event its id; `source` is where it lies
/// @param code the status of the reply, or a word for why there is none
/// @param outcome what follows: `delivered`, `retry`, or why there will be no other attempt
/// @param next when another attempt is due
/// @param micros that the attempt took; -1 when that is not known
/// @param seen JSON
public record DeliveryOutcome(
    Source place,
    int number,
    int counted,
    String tenant,
    String destination,
    String type,
    String event,
    String topic,
    Source source,
    Instant at,
    Status status,
    String code,
    String outcome,
    Optional<Instant> next,
    Optional<Delivery.Manual> manual,
    long micros,
    Bytes seen) {
  public static final String TOPIC = "tidegate.outcomes";

  private static final int PARTITIONS = 8;
  private static final String WEEK = "604800000";
  private static final String HEADER = "tidegate-outcome";
  private static final String VERSION = "1";
  private static final int FIELDS = 16;

  public enum Status {
    DELIVERED,
    FAILED,
    /// There was no attempt.
    ENDED
  }

  static TopicSpec spec() {
    return new TopicSpec(TOPIC, PARTITIONS, false, Map.of("retention.ms", WEEK));
  }

  /// @param record in which the delivery lies
  static DeliveryOutcome of(Stored record, Delivery delivery, String type, Report report) {
    var attempt = report.attempt();
    var event = delivery.event();
    return new DeliveryOutcome(
        new Source("", record.partition(), record.offset()),
        attempt == null ? 0 : report.number(),
        delivery.manual().map(Delivery.Manual::before).orElse(0) + report.number(),
        event.tenant(),
        delivery.destination(),
        type,
        event.id(),
        event.topic(),
        delivery.source(),
        report.at(),
        status(report),
        code(report),
        word(report.outcome()),
        report.outcome() instanceof Outcome.Retry(var at) ? Optional.of(at) : Optional.empty(),
        delivery.manual(),
        attempt == null ? -1 : TimeUnit.NANOSECONDS.toMicros(attempt.timings().total()),
        attempt == null ? Bytes.utf8("{}") : SeenForm.write(attempt));
  }

  private static Status status(Report report) {
    if (report.attempt() == null) {
      return Status.ENDED;
    }
    return report.outcome() instanceof Outcome.Delivered ? Status.DELIVERED : Status.FAILED;
  }

  private static String code(Report report) {
    var attempt = report.attempt();
    if (attempt == null) {
      return word(report.outcome());
    }
    return attempt.reply().map(reply -> Integer.toString(reply.status())).orElse(attempt.word());
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered() -> "delivered";
      case Outcome.Retry _ -> "retry";
      case Outcome.GivenUp(var reason) -> reason.name().toLowerCase(Locale.ROOT);
    };
  }

  public Entry entry() {
    var fields =
        String.join(
            "\t",
            VERSION,
            place.text(),
            Integer.toString(number),
            Integer.toString(counted),
            type,
            event.replace('\t', ' '),
            topic.replace('\t', ' '),
            source.text(),
            Long.toString(at.toEpochMilli()),
            status.name(),
            code,
            outcome,
            next.map(each -> Long.toString(each.toEpochMilli())).orElse(""),
            manual.map(Delivery.Manual::retry).orElse(""),
            manual.map(Delivery.Manual::initiator).orElse(""),
            Long.toString(micros));
    return new Entry(
        TOPIC, Bytes.utf8(Ids.key(tenant, destination)), List.of(Header.of(HEADER, fields)), seen);
  }

  /// Nothing when it is none of ours.
  public static Optional<DeliveryOutcome> read(Stored record) {
    var key = record.key();
    var header = record.header(HEADER);
    if (key == null || header.isEmpty()) {
      return Optional.empty();
    }
    var fields = header.get().utf8().split("\t", -1);
    var name = key.utf8();
    int slash = name.indexOf('/');
    if (fields.length < FIELDS || !fields[0].equals(VERSION) || slash < 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          of(name.substring(0, slash), name.substring(slash + 1), fields, record.value()));
    } catch (IllegalArgumentException | java.util.NoSuchElementException notOurs) {
      return Optional.empty();
    }
  }

  private static DeliveryOutcome of(
      String tenant,
      String destination,
      String[] fields,
      @org.jspecify.annotations.Nullable Bytes seen) {
    var counted = Integer.parseInt(fields[3]);
    var number = Integer.parseInt(fields[2]);
    return new DeliveryOutcome(
        Source.parse(fields[1]).orElseThrow(),
        number,
        counted,
        tenant,
        destination,
        fields[4],
        fields[5],
        fields[6],
        Source.parse(fields[7]).orElseThrow(),
        Instant.ofEpochMilli(Long.parseLong(fields[8])),
        Status.valueOf(fields[9]),
        fields[10],
        fields[11],
        fields[12].isEmpty()
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(Long.parseLong(fields[12]))),
        fields[13].isEmpty()
            ? Optional.empty()
            : Optional.of(new Delivery.Manual(fields[13], counted - number, fields[14])),
        Long.parseLong(fields[15]),
        seen == null ? Bytes.EMPTY : seen);
  }
}
