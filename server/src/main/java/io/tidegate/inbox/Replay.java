package io.tidegate.inbox;

import io.tidegate.base.Bytes;
import io.tidegate.http.Problem;
import io.tidegate.http.Request;
import io.tidegate.log.Appended;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Stores a request of the request log once more. Whoever may do that has looked at it: it is not
/// verified again, and its record says so.
public final class Replay {
  private final Inbox inbox;

  Replay(Inbox inbox) {
    this.inbox = inbox;
  }

  /// How a replay ended.
  public sealed interface Outcome {

    /// It is stored, as this event.
    record Stored(String eventId) implements Outcome {}

    /// There is no such endpoint or request, at least not any more.
    record Unknown() implements Outcome {}

    /// The body was too large to keep.
    record WithoutBody() implements Outcome {}

    record Failed(Problem problem) implements Outcome {}
  }

  void run(String endpoint, String id, Consumer<Outcome> then) {
    var logged = inbox.requests().find(endpoint, id);
    var reception = reception(endpoint);
    if (logged.isEmpty() || reception.isEmpty()) {
      then.accept(new Outcome.Unknown());
    } else if (logged.get().body().isEmpty()) {
      then.accept(new Outcome.WithoutBody());
    } else {
      store(reception.get(), logged.get(), logged.get().body().get(), then);
    }
  }

  private Optional<Reception> reception(String endpoint) {
    var desk = inbox.desk();
    if (endpoint.startsWith("topics/")) {
      var topic = endpoint.substring("topics/".length());
      var terms = desk.mapping().named();
      return desk.allows(topic)
          ? Optional.of(
              inbox
                  .receptions()
                  .named(topic, terms, inbox.config(), () -> StaticEndpoints.named(topic, terms)))
          : Optional.empty();
    }
    return desk.endpoints()
        .find(endpoint)
        .filter(found -> found.revoked().isEmpty())
        .map(found -> inbox.receptions().of(found, inbox.config()));
  }

  private void store(
      Reception reception, LoggedRequest logged, Bytes body, Consumer<Outcome> then) {
    var now = inbox.time().now();
    var eventId = EventIds.next(now.toEpochMilli());
    var request = request(logged, body);
    var received =
        new Received(
            reception.endpoint(),
            request,
            inbox.url(request),
            now,
            eventId,
            Optional.empty(),
            Optional.empty(),
            body);
    try {
      var entries =
          reception.form().entries(received).stream()
              .map(entry -> RecordForm.replayed(entry, logged.eventId().orElse(logged.id())))
              .toList();
      inbox.store(entries, outcome -> then.accept(outcome(outcome, eventId)));
    } catch (Problem.Refusal refusal) {
      then.accept(new Outcome.Failed(refusal.problem()));
    }
  }

  private static Outcome outcome(Appended outcome, String eventId) {
    return outcome instanceof Appended.At
        ? new Outcome.Stored(eventId)
        : new Outcome.Failed(Refusals.of(outcome));
  }

  private static Request request(LoggedRequest logged, Bytes body) {
    return new Request(
        logged.id(),
        "https",
        "replay:443",
        logged.method(),
        logged.path(),
        logged.query(),
        logged.headers(),
        body,
        logged.remote(),
        Map.of());
  }
}
