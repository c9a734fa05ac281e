package io.tidegate.inbox;

import io.tidegate.base.Bytes;
import io.tidegate.guard.Checked;
import io.tidegate.http.Request;
import java.time.Instant;
import java.util.Optional;

/// An event that has passed every check, on its way to becoming a record.
///
/// @param url the full one, as the sender knows it
/// @param verified empty when nothing was checked
/// @param value what will be the record's: the body, or one event of a batch
record Received(
    Endpoint endpoint,
    Request request,
    String url,
    Instant at,
    String eventId,
    Optional<String> deliveryId,
    Optional<Checked.Verified> verified,
    Bytes value) {

  Received one(Bytes part, String id) {
    return new Received(endpoint, request, url, at, id, deliveryId, verified, part);
  }
}
