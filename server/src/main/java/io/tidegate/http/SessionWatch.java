package io.tidegate.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Whether the sessions that let a reader in still hold, and when it is time to ask for a newer
/// one.
///
/// Looked at by one thread at a time.
public final class SessionWatch {
  private static final Look FINE = new Look.Fine();
  private static final String CONTENT_TYPE = "application/x-challenge-response";

  private final List<Held> held;

  private SessionWatch(List<Held> held) {
    this.held = held;
  }

  /// On the event loop.
  ///
  /// @param challenges how long before its end a session of a guard is asked to be renewed
  public static SessionWatch of(
      Request request, Responder responder, Function<String, Optional<Duration>> challenges) {
    return new SessionWatch(
        request.sessions().values().stream()
            .filter(session -> session.expires().isPresent())
            .map(session -> new Held(responder.hold(session), challenges.apply(session.guard())))
            .toList());
  }

  /// What is to be done now.
  public sealed interface Look {
    record Fine() implements Look {}

    /// The reader should prove itself again.
    ///
    /// @param data tells it how, as JSON in one line
    record Challenge(String data) implements Look {}

    record Over() implements Look {}
  }

  public Look look(Instant now) {
    var result = FINE;
    for (var one : held) {
      var expires = one.tenure.session().expires().orElse(Instant.MAX);
      if (!now.isBefore(expires)) {
        return new Look.Over();
      }
      if (one.isDue(now, expires)) {
        one.askedBefore = expires;
        result = new Look.Challenge(data(one.tenure));
      }
    }
    return result;
  }

  private static String data(Tenure tenure) {
    var ticket =
        tenure.ticket().map(it -> ",\"" + Tenure.TICKET_HEADER + "\":\"" + it + "\"").orElse("");
    return "{\"method\":\"POST\",\"headers\":{\"content-type\":\""
        + CONTENT_TYPE
        + "\""
        + ticket
        + "}}";
  }

  private static final class Held {
    private final Tenure tenure;
    private final Optional<Duration> challenge;

    /// The end of the session that was asked about last.
    private @Nullable Instant askedBefore;

    Held(Tenure tenure, Optional<Duration> challenge) {
      this.tenure = tenure;
      this.challenge = challenge;
    }

    boolean isDue(Instant now, Instant expires) {
      return challenge.isPresent()
          && !expires.equals(askedBefore)
          && !now.isBefore(expires.minus(challenge.get()));
    }
  }
}
