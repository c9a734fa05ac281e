package io.tidegate.delivery;

import io.tidegate.base.Time;
import io.tidegate.http.Client;
import io.tidegate.http.Client.Failure;
import io.tidegate.http.Client.Result;
import io.tidegate.http.Client.Timings;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.plan.Pump;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What an exchange comes to.
///
/// | what came back | kind |
/// |---|---|
/// | 200 to 299 | delivered |
/// | 410 | gone |
/// | a status that the configuration calls permanent | permanent |
/// | any other status, redirections too, which are never followed | failed |
/// | no reply: time-outs, connections refused or broken, TLS, replies that are not HTTP | failed |
/// | no connection: the address, or the scheme, may not be spoken to | permanent |
///
/// Words are few, for programs and metrics: of statuses `2xx`, `3xx`, `4xx`, `5xx`, `other`, and
/// those by number of which operators want to know (`401`, `403`, `404`, `408`, `410`, `413`,
/// `429`, `500`, `502`, `503`, `504`); of exchanges without a reply the client's, in lower case
/// (`connect_timeout`, `refused_address`); and ours: `refused`, `credentials`, `signing`.
public final class Verdicts {
  /// The record can never be sent.
  static final String REFUSED = "refused";

  /// The guard had no credentials to give.
  static final String CREDENTIALS = "credentials";

  /// It could not be signed, and goes nowhere unsigned.
  static final String SIGNING = "signing";

  private static final Set<Integer> BY_NUMBER =
      Set.of(401, 403, 404, 408, 410, 413, 429, 500, 502, 503, 504);
  private static final int GONE = 410;
  private static final Timings NONE = new Timings(-1, -1, -1, -1, 0);

  private final Pump.Retry retry;
  private final Time time;

  public Verdicts(Pump.Retry retry, Time time) {
    this.retry = retry;
    this.time = time;
  }

  public Attempt of(Result result) {
    return switch (result) {
      case Result.Replied replied -> replied(replied);
      case Result.Failed(var failure, var detail, var timings) ->
          new Attempt(
              failure == Failure.REFUSED_ADDRESS ? Attempt.Kind.PERMANENT : Attempt.Kind.FAILED,
              Optional.empty(),
              failure.name().toLowerCase(Locale.ROOT),
              detail,
              Optional.empty(),
              timings);
    };
  }

  private Attempt replied(Result.Replied replied) {
    var reply = replied.reply();
    var kind = kind(reply.status());
    var retryAfter =
        kind == Attempt.Kind.FAILED
            ? reply.headers().first("retry-after").flatMap(it -> RetryAfter.of(it, time.now()))
            : Optional.<Duration>empty();
    return new Attempt(
        kind,
        Optional.of(reply),
        word(reply.status()),
        kind == Attempt.Kind.DELIVERED ? "" : "the receiver answered " + reply.status(),
        retryAfter,
        replied.timings(),
        replied.length(),
        new Attempt.Sent("", Headers.NONE, replied.address()));
  }

  private Attempt.Kind kind(int status) {
    if (status >= 200 && status <= 299) {
      return Attempt.Kind.DELIVERED;
    }
    if (status == GONE) {
      return Attempt.Kind.GONE;
    }
    var permanent =
        retry.permanent().stream()
            .anyMatch(range -> range.first() <= status && status <= range.last());
    return permanent ? Attempt.Kind.PERMANENT : Attempt.Kind.FAILED;
  }

  static String word(int status) {
    if (BY_NUMBER.contains(status)) {
      return Integer.toString(status);
    }
    return status >= 200 && status <= 599 ? status / 100 + "xx" : "other";
  }

  /// It was not sent, and another try may work.
  public static Attempt failed(String word, String detail) {
    return unsent(Attempt.Kind.FAILED, word, detail);
  }

  /// It was not sent and never will be.
  public static Attempt never(String word, String detail) {
    return unsent(Attempt.Kind.PERMANENT, word, detail);
  }

  private static Attempt unsent(Attempt.Kind kind, String word, String detail) {
    return new Attempt(kind, Optional.<Reply>empty(), word, detail, Optional.empty(), NONE);
  }

  /// For the client, in what the configuration allows.
  public static Client.Limits limits(Pump pump) {
    var patience = pump.patience();
    return new Client.Limits(
        patience.connect(),
        patience.tls(),
        patience.firstByte(),
        patience.total(),
        pump.limits().replyBytes());
  }
}
