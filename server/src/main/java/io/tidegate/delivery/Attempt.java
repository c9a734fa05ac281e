package io.tidegate.delivery;

import io.tidegate.http.Client;
import io.tidegate.http.Reply;
import java.time.Duration;
import java.util.Optional;

/// How one try went, before anyone has judged what follows from it.
///
/// @param reply what the receiver answered, if it did
/// @param word for programs and metrics: `2xx`, `5xx`, `connect_timeout`
/// @param detail a sentence for people; empty when it went well
/// @param retryAfter what the receiver asked for
public record Attempt(
    Kind kind,
    Optional<Reply> reply,
    String word,
    String detail,
    Optional<Duration> retryAfter,
    Client.Timings timings) {

  public enum Kind {
    DELIVERED,
    /// Another try may work.
    FAILED,
    /// No other try will ever work.
    PERMANENT,
    /// The receiver says that it is gone for good: 410.
    GONE
  }
}
