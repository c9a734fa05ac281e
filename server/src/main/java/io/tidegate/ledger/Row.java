package io.tidegate.ledger;

/// What is written of one record. Times are milliseconds since 1970, keys and places as in `Keys`.
sealed interface Row {

  /// Of the record that it comes from.
  long offset();

  /// @param named whether its publisher gave it its id, so that it may come again
  /// @param copy where a delivery lies that holds it, when it lies in a topic of somebody's; else
  ///   -1
  record OfEvent(
      long offset,
      long key,
      String id,
      boolean named,
      String tenant,
      String topic,
      long time,
      long stored,
      long copy)
      implements Row {}

  /// @param event where it lies
  record OfDelivery(
      long offset, long key, long event, String tenant, String destination, String topic, long time)
      implements Row {}

  /// @param event where it lies; `eventId` is what it is called
  /// @param next 0 when there is none
  /// @param place where the rest of it is
  record OfAttempt(
      long offset,
      long key,
      long at,
      String tenant,
      String destination,
      String topic,
      String type,
      long event,
      String eventId,
      boolean delivered,
      String code,
      int number,
      boolean manual,
      String outcome,
      long next,
      long place)
      implements Row {}

  /// A delivery ended without another attempt.
  record OfEnd(long offset, long key, long at, String reason) implements Row {}
}
