package io.tidegate.inbox;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A request that an endpoint has had, as operators see it. Holds no credentials.
///
/// @param id that of the request, as the sender got it in `x-request-id`
/// @param query without credentials
/// @param headers without credentials
/// @param body empty when it was too large to keep, or has been let go since
/// @param size bytes of the body as it came
/// @param outcome `stored`, `queued`, `duplicate`, `handshake`, or the code of the refusal
/// @param detail why it was refused; for operators alone
/// @param eventId of the event that it became, or that it repeated
public record LoggedRequest(
    String id,
    Instant at,
    String endpoint,
    String method,
    String path,
    String query,
    Headers headers,
    String remote,
    Optional<Bytes> body,
    long size,
    int status,
    String outcome,
    String detail,
    Optional<String> eventId,
    Duration took) {

  /// The same without its body.
  LoggedRequest light() {
    return new LoggedRequest(
        id,
        at,
        endpoint,
        method,
        path,
        query,
        headers,
        remote,
        Optional.empty(),
        size,
        status,
        outcome,
        detail,
        eventId,
        took);
  }

  /// What it takes in memory, about.
  long weight() {
    return 400 + query.length() + 60L * headers.size() + body.map(Bytes::size).orElse(0);
  }
}
