package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.delivery.Attempt;
import io.tidegate.delivery.Outcome;
import io.tidegate.delivery.Routing;
import io.tidegate.delivery.Sender;
import io.tidegate.delivery.Verdicts;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.Stored;
import io.tidegate.plan.Pump;
import io.tidegate.registry.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Brings deliveries to their destinations as those are at the moment of the attempt: a new URL or
/// secret counts for what is owed already, a deleted destination gets nothing more, a disabled one
/// keeps what it is owed until that is too old. Any number of threads.
final class DeliverySender implements Sender {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofMillis(250);
  private static final Duration YOUNG = Duration.ofMinutes(1);
  private static final Duration SHORTEST_HOLD = Duration.ofSeconds(5);
  private static final Duration LONGEST_HOLD = Duration.ofMinutes(10);
  private static final int MOST_REMEMBERED = 20_000;

  /// Nothing was tried, since our own log is away: the delivery waits. No target's word.
  static final String WAITS = "log_unavailable";

  /// Not all of the event got into our own log. No target's word.
  static final String OVERSIZED = "oversized";

  private final Parts parts;
  private final Pump.Ordering ordering;
  private final Outcomes outcomes;
  private final DoneByHand doneByHand;

  /// Where deliveries were seen lately; for the same one further on, see `isRepeated`.
  private final Map<String, Long> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /// What it works with.
  ///
  /// @param carrier is closed with this
  record Parts(
      RecordLog log,
      Directory directory,
      Carrier carrier,
      Streaks streaks,
      DoneByHand doneByHand,
      Time time) {}

  DeliverySender(Pump pump, Parts parts) {
    this.parts = parts;
    this.ordering = pump.ordering();
    this.outcomes = new Outcomes(parts.log());
    this.doneByHand = parts.doneByHand();
  }

  /// The destination is its own authority, so that limits and breakers of one tenant's destination
  /// are no other's.
  @Override
  public Routing route(Stored record) {
    var delivery = Delivery.read(record);
    if (delivery.isEmpty() || isRepeated(record, delivery.get())) {
      return new Routing.Skip();
    }
    var key = delivery.get().key();
    if (parts.directory().isGone(key)) {
      return new Routing.Skip();
    }
    return new Routing.To(Bytes.utf8(lane(record, delivery.get())), key);
  }

  /// What stays in order: nothing, all of a destination, or what has the same value in a field.
  /// What was asked for by hand runs beside all that.
  private String lane(Stored record, Delivery delivery) {
    if (delivery.manual().isPresent()) {
      return delivery.id() + " " + delivery.manual().get().retry();
    }
    return switch (ordering) {
      case Pump.Ordering.None() -> delivery.id();
      case Pump.Ordering.Key() -> delivery.key();
      case Pump.Ordering.ByHeader(var name) ->
          record
              .header(name)
              .map(value -> delivery.key() + "/" + value.utf8())
              .orElseGet(delivery::id);
    };
  }

  /// What makes it different from any other: ids of events may be used again, and places, too, when
  /// a topic is created again.
  private static String place(Delivery delivery) {
    return delivery.source().text()
        + " "
        + delivery.event().time().toEpochMilli()
        + " "
        + delivery.key();
  }

  /// An owner of events that was held up may write once more what the next one has written already.
  private boolean isRepeated(Stored record, Delivery delivery) {
    var name =
        record.partition()
            + delivery.manual().map(manual -> " " + manual.retry() + " ").orElse(" ")
            + place(delivery);
    synchronized (seen) {
      var first = seen.putIfAbsent(name, record.offset());
      return first != null && first < record.offset();
    }
  }

  /// What a disabled destination is owed waits without using up attempts; `Courier.wake` ends the
  /// wait. What was let go when it was enabled again, or is owed to one that was deleted, is not
  /// sent any more.
  @Override
  public Admission admission(Stored record, Routing.To to) {
    var found = parts.directory().byKey(to.authority());
    var matched = Delivery.matched(record);
    if (found.isEmpty() && parts.directory().isGone(to.authority())) {
      return new Admission.Never();
    }
    if (found.isEmpty() || found.get().version() < matched) {
      return new Admission.Later(catchingUp(record));
    }
    var destination = found.get().value();
    if (matched < destination.owedFrom() || isDoneByHand(record)) {
      return new Admission.Never();
    }
    if (destination.disabled().isPresent()) {
      return new Admission.Later(hold(destination.disabled().get().at()));
    }
    parts.streaks().begin(record, found.get().version());
    return new Admission.Now();
  }

  /// Whoever matched it knew more of the destination than this instance does, for a moment.
  private Duration catchingUp(Stored record) {
    var age = Duration.between(record.time(), parts.time().now());
    return age.compareTo(YOUNG) < 0 ? SOON : SHORTEST_HOLD;
  }

  private boolean isDoneByHand(Stored record) {
    return !doneByHand.isEmpty()
        && Delivery.read(record)
            .filter(delivery -> delivery.manual().isEmpty() && doneByHand.has(place(delivery)))
            .isPresent();
  }

  /// The longer it was disabled the more seldom it is looked at.
  private Duration hold(Instant since) {
    var quarter = Duration.between(since, parts.time().now()).dividedBy(4);
    if (quarter.compareTo(SHORTEST_HOLD) < 0) {
      return SHORTEST_HOLD;
    }
    return quarter.compareTo(LONGEST_HOLD) > 0 ? LONGEST_HOLD : quarter;
  }

  @Override
  public Attempt send(Stored record, Routing.To to, int number) {
    var delivery = Delivery.read(record).orElseThrow();
    var found = parts.directory().byKey(delivery.key());
    if (found.isEmpty()) {
      return parts.directory().isGone(delivery.key())
          ? Verdicts.never("deleted", "the destination was deleted")
          : Verdicts.failed("unknown", "the destination is not known here yet");
    }
    var attempt = send(delivery, found.get());
    return delivery.event().retried() && delivery.manual().isEmpty() ? attempt : attempt.last();
  }

  private Attempt send(Delivery delivery, Snapshot<Destination> found) {
    if (delivery.isOversized()) {
      return Verdicts.never(
          OVERSIZED,
          "what goes with the event is larger than the topic " + Delivery.TOPIC + " takes");
    }
    try {
      return data(delivery)
          .map(data -> parts.carrier().carry(found, delivery.id(), delivery.event(), data))
          .orElseGet(() -> Verdicts.never("expired", "the event is not in the log any more"));
    } catch (LogUnavailable away) {
      return Verdicts.failed(WAITS, "the event cannot be read now");
    }
  }

  /// What was too large to be copied is where the event is, as long as the log keeps it.
  private Optional<Bytes> data(Delivery delivery) {
    if (!delivery.isReference()) {
      return Optional.of(delivery.event().data());
    }
    var source = delivery.source();
    return parts
        .log()
        .read(source.log(), source.partition(), source.offset(), 1, LIMIT)
        .records()
        .stream()
        .filter(record -> record.offset() == source.offset())
        .findFirst()
        .map(record -> record.value() == null ? Bytes.EMPTY : record.value());
  }

  /// Written down for those who look things up; where deliveries are is in the journal.
  @Override
  public void report(Stored record, Report report) {
    if (!isWaiting(report)) {
      Delivery.read(record).ifPresent(delivery -> tell(record, delivery, report));
    }
    parts.streaks().end(record, report);
  }

  private static boolean isWaiting(Report report) {
    var attempt = report.attempt();
    return attempt != null
        && attempt.word().equals(WAITS)
        && report.outcome() instanceof Outcome.Retry;
  }

  private void tell(Stored record, Delivery delivery, Report report) {
    var type =
        parts.directory().byKey(delivery.key()).map(found -> found.value().type()).orElse("");
    outcomes.tell(DeliveryOutcome.of(record, delivery, type, report));
    if (delivery.manual().isPresent() && report.outcome() instanceof Outcome.Delivered) {
      doneByHand.add(place(delivery));
    }
  }

  @Override
  public void close() {
    parts.carrier().close();
  }
}
