package io.tidegate.ledger;

import java.time.Instant;
import java.util.Optional;

/// An attempt as the ledger knows it; what it saw is in the log (`Ledger.seen`).
///
/// @param event the key of its event
/// @param code the status of the reply, or a word for why there is none
/// @param number of the attempts to bring this event there, retries by hand included
/// @param outcome what follows: `delivered`, `retry`, or why there is no other attempt
/// @param place where the rest of it lies
public record AttemptFound(
    long key,
    Instant at,
    String tenant,
    String destination,
    String type,
    String topic,
    long event,
    String eventId,
    boolean delivered,
    String code,
    int number,
    boolean manual,
    String outcome,
    Optional<Instant> next,
    long place) {

  /// What callers call it.
  public String id() {
    return Keys.attemptId(key);
  }

  public Window.Cursor cursor() {
    return new Window.Cursor(at.toEpochMilli(), key);
  }
}
