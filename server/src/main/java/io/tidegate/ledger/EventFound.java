package io.tidegate.ledger;

import java.time.Instant;
import java.util.List;

/// An event as the ledger knows it; its data and metadata are in the log (`Ledger.contents`).
///
/// @param key names it here
/// @param time as its publisher says
/// @param destinations ids of those that it was to be delivered to
public record EventFound(
    long key,
    String id,
    String tenant,
    String topic,
    Instant time,
    Instant stored,
    List<String> destinations) {
  public EventFound {
    destinations = List.copyOf(destinations);
  }

  public Window.Cursor cursor() {
    return new Window.Cursor(time.toEpochMilli(), key);
  }
}
