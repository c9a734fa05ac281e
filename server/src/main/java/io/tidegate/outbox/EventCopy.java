package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.util.List;
import java.util.Optional;

/// An event as it was found in the log, and what goes with its deliveries.
///
/// @param source where it lies
/// @param isWhole false when the data stayed at the source
public record EventCopy(Event event, Delivery.Source source, List<Header> told, boolean isWhole) {
  public EventCopy {
    told = List.copyOf(told);
  }

  /// Of a record of the topic of published events.
  public static Optional<EventCopy> published(Stored record) {
    var source = new Delivery.Source("", record.partition(), record.offset());
    return EventForm.read(record)
        .map(event -> new EventCopy(event, source, record.headers(), true));
  }

  /// Of a record of the topic of deliveries.
  public static Optional<EventCopy> delivered(Stored record) {
    return Delivery.read(record)
        .map(delivery ->
            new EventCopy(
                delivery.event(),
                delivery.source(),
                Delivery.told(record),
                !delivery.isReference()));
  }

  /// The same with its data.
  public EventCopy with(Bytes data) {
    var whole =
        new Event(
            event.id(),
            event.named(),
            event.tenant(),
            event.topic(),
            event.destination(),
            event.time(),
            event.retried(),
            event.metadata(),
            data);
    return new EventCopy(whole, source, told, true);
  }
}
