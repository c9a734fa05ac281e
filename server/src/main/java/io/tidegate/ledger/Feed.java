package io.tidegate.ledger;

import io.tidegate.log.Stored;
import io.tidegate.outbox.Delivery;
import io.tidegate.outbox.DeliveryOutcome;
import io.tidegate.outbox.Event;
import io.tidegate.outbox.EventForm;
import java.util.List;

/// A topic that is read, and what becomes of its records.
enum Feed {
  EVENTS(EventForm.TOPIC) {
    @Override
    List<Row> rows(Stored record) {
      return EventForm.read(record)
          .map(event -> event(record, event, Keys.place(record.partition(), record.offset()), -1))
          .stream()
          .toList();
    }
  },
  DELIVERIES(Delivery.TOPIC) {
    // those that somebody asked for are seen by their attempts
    @Override
    List<Row> rows(Stored record) {
      return Delivery.read(record)
          .filter(delivery -> delivery.manual().isEmpty())
          .map(delivery -> rows(record, delivery))
          .orElse(List.of());
    }

    // events of topics that are not read here are seen by their deliveries
    private List<Row> rows(Stored record, Delivery delivery) {
      var place = Keys.place(record.partition(), record.offset());
      var key = place(delivery.source());
      var row =
          new Row.OfDelivery(
              record.offset(),
              place,
              key,
              delivery.event().tenant(),
              delivery.destination(),
              delivery.event().topic(),
              delivery.event().time().toEpochMilli());
      return Keys.isForeign(key)
          ? List.of(event(record, delivery.event(), key, place), row)
          : List.of(row);
    }
  },
  OUTCOMES(DeliveryOutcome.TOPIC) {
    @Override
    List<Row> rows(Stored record) {
      return DeliveryOutcome.read(record)
          .map(outcome -> {
            var delivery = place(outcome.place());
            return outcome.status() == DeliveryOutcome.Status.ENDED
                ? new Row.OfEnd(
                    record.offset(), delivery, outcome.at().toEpochMilli(), outcome.outcome())
                : attempt(record, delivery, outcome);
          })
          .stream()
          .toList();
    }
  };

  final String topic;

  Feed(String topic) {
    this.topic = topic;
  }

  /// None when it is none of ours.
  abstract List<Row> rows(Stored record);

  private static long place(Delivery.Source source) {
    return source.topic().isEmpty()
        ? Keys.place(source.partition(), source.offset())
        : Keys.foreign(source.topic(), source.partition(), source.offset());
  }

  private static Row event(Stored record, Event event, long key, long copy) {
    return new Row.OfEvent(
        record.offset(),
        key,
        event.id(),
        event.named() && copy < 0,
        event.tenant(),
        event.topic(),
        event.time().toEpochMilli(),
        record.timestamp(),
        copy);
  }

  private static Row attempt(Stored record, long delivery, DeliveryOutcome outcome) {
    return new Row.OfAttempt(
        record.offset(),
        Keys.attempt(delivery, outcome.number()),
        outcome.at().toEpochMilli(),
        outcome.tenant(),
        outcome.destination(),
        outcome.topic(),
        outcome.type(),
        place(outcome.source()),
        outcome.event(),
        outcome.status() == DeliveryOutcome.Status.DELIVERED,
        outcome.code(),
        outcome.counted(),
        outcome.manual().isPresent(),
        outcome.outcome(),
        outcome.next().map(java.time.Instant::toEpochMilli).orElse(0L),
        Keys.place(record.partition(), record.offset()));
  }
}
