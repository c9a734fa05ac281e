package io.tidegate.delivery;

import io.tidegate.http.Client;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import java.time.Duration;
import java.util.Optional;

/// How one try went, before anyone has judged what follows from it.
///
/// @param reply what the receiver answered, if it did
/// @param word for programs and metrics, one of a few: `2xx`, `503`, `connect_timeout`; see
///   `Verdicts`
/// @param detail a sentence for people; empty when it went well
/// @param retryAfter what the receiver asked for
/// @param length of the reply's body as far as it is known; more than is kept of it when it was cut
/// @param sent what was sent, as far as that is known
public record Attempt(
    Kind kind,
    Optional<Reply> reply,
    String word,
    String detail,
    Optional<Duration> retryAfter,
    Client.Timings timings,
    long length,
    Sent sent) {

  /// What was sent, and whereto.
  ///
  /// @param target the URL, or what a place that is none is called; empty when nothing was sent
  /// @param headers as they were sent, secrets among them unless who sent them has masked those
  /// @param address that was connected to; empty when there was no connection, or it is not known
  public record Sent(String target, Headers headers, String address) {
    public static final Sent NOTHING = new Sent("", Headers.NONE, "");
  }

  public Attempt(
      Kind kind,
      Optional<Reply> reply,
      String word,
      String detail,
      Optional<Duration> retryAfter,
      Client.Timings timings,
      long length) {
    this(kind, reply, word, detail, retryAfter, timings, length, Sent.NOTHING);
  }

  /// With all of the reply's body.
  public Attempt(
      Kind kind,
      Optional<Reply> reply,
      String word,
      String detail,
      Optional<Duration> retryAfter,
      Client.Timings timings) {
    this(
        kind,
        reply,
        word,
        detail,
        retryAfter,
        timings,
        reply.map(each -> each.body().size()).orElse(0));
  }

  /// The same, with what was sent. The address stays when it is known already.
  public Attempt sent(String target, Headers headers) {
    var what = new Sent(target, headers, sent.address());
    return new Attempt(kind, reply, word, detail, retryAfter, timings, length, what);
  }

  /// The same for one that is not to be tried again.
  public Attempt last() {
    return kind != Kind.FAILED
        ? this
        : new Attempt(Kind.PERMANENT, reply, word, detail, Optional.empty(), timings, length, sent);
  }

  /// True when the reply had more of a body than is kept.
  public boolean isCut() {
    return reply.isPresent() && length > reply.get().body().size();
  }

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
