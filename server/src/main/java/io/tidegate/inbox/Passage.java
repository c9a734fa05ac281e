package io.tidegate.inbox;

import io.tidegate.base.Bytes;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One request at an endpoint, from its last byte to its answer: answers once, counts it and writes
/// it down.
final class Passage {
  private final Inbox inbox;
  private final Reception reception;
  private final Request request;
  private final Responder responder;
  private final long begun;
  private final Instant at;

  Passage(Inbox inbox, Reception reception, Request request, Responder responder) {
    this.inbox = inbox;
    this.reception = reception;
    this.request = request;
    this.responder = responder;
    this.begun = inbox.time().nanos();
    this.at = inbox.time().now();
  }

  Request request() {
    return request;
  }

  Instant at() {
    return at;
  }

  long begun() {
    return begun;
  }

  /// All is well.
  void end(Reply reply, String outcome, Optional<String> eventId) {
    finish(reply, outcome, "", eventId);
  }

  /// @param detail for operators
  void refuse(Problem problem, String detail) {
    inbox.meters().rejected(problem.code());
    finish(Reply.of(problem), problem.code(), detail, Optional.empty());
  }

  private void finish(Reply reply, String outcome, String detail, Optional<String> eventId) {
    responder.reply(reply);
    var took = inbox.time().nanos() - begun;
    inbox.meters().answered(kind(reception), reply.status(), took);
    inbox.log().add(logged(reply.status(), outcome, detail, eventId, took));
  }

  private LoggedRequest logged(
      int status, String outcome, String detail, Optional<String> eventId, long took) {
    var body = request.body();
    return new LoggedRequest(
        request.id(),
        at,
        reception.endpoint().id(),
        request.method(),
        request.path(),
        QueryText.shown(request.query()),
        reception.shown(request.headers()),
        request.remote(),
        kept(body),
        body.size(),
        status,
        outcome,
        detail,
        eventId,
        Duration.ofNanos(took));
  }

  private static Optional<Bytes> kept(Bytes body) {
    return body.size() > RequestLog.LARGEST_BODY ? Optional.empty() : Optional.of(body);
  }

  static WebhookMeters.Kind kind(Reception reception) {
    return switch (reception.way()) {
      case SECRET -> WebhookMeters.Kind.SECRET;
      case NAMED -> WebhookMeters.Kind.NAMED;
    };
  }
}
