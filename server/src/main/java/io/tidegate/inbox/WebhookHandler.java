package io.tidegate.inbox;

import io.tidegate.guard.Checked;
import io.tidegate.guard.Handshake;
import io.tidegate.http.Handler;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import java.util.List;
import java.util.Optional;

/// Takes in one request of one endpoint:
///
///     handshake? → verified? → seen before? → record → stored (or queued) → answer
///
/// Runs on the event loop and never blocks.
final class WebhookHandler implements Handler {
  private final Inbox inbox;
  private final Reception reception;

  WebhookHandler(Inbox inbox, Reception reception) {
    this.inbox = inbox;
    this.reception = reception;
  }

  @Override
  public long bodyLimit() {
    return reception.endpoint().limits().body();
  }

  @Override
  public Problem tooLarge(Request head, Problem usual) {
    var problem = Problem.of(413, "payload_too_large", usual.detail());
    new Passage(inbox, reception, head, Silent.RESPONDER).refuse(problem, usual.detail());
    return problem;
  }

  @Override
  public void handle(Request request, Responder responder) {
    var passage = new Passage(inbox, reception, request, responder);
    try {
      var url = inbox.url(request);
      if (!shakesHands(passage, url)) {
        take(passage, url);
      }
    } catch (Problem.Refusal refusal) {
      passage.refuse(refusal.problem(), refusal.problem().detail());
    }
  }

  private boolean shakesHands(Passage passage, String url) {
    var request = passage.request();
    for (var handshake : reception.verifier().handshakes()) {
      if (!handshake.method().equals(request.method())) {
        continue;
      }
      switch (handshake.answer(request, url)) {
        case Handshake.Answer.NotOne() -> {}
        case Handshake.Answer.Respond(var reply) -> {
          passage.end(reply, "handshake", Optional.empty());
          return true;
        }
        case Handshake.Answer.Refuse(var problem, var detail) -> {
          passage.refuse(problem, detail);
          return true;
        }
        case Handshake.Answer.Visit visit -> {
          inbox.confirm(reception.endpoint(), visit);
          passage.end(Reply.of(200), "handshake", Optional.empty());
          return true;
        }
      }
    }
    if (!request.method().equals("POST")) {
      throw Refusals.notAllowed(reception.methods()).refuse();
    }
    return false;
  }

  private void take(Passage passage, String url) {
    var request = passage.request();
    var checked = reception.verifier().check(request, url);
    if (checked.isPresent() && checked.get() instanceof Checked.Denied denied) {
      inbox.meters().unverified(reception.endpoint().verification().preset(), denied.reason());
      passage.refuse(Refusals.unauthorized(), denied.reason() + ": " + denied.detail());
      return;
    }
    var verified = checked.map(it -> (Checked.Verified) it); // a Denied has gone home above
    var received =
        new Received(
            reception.endpoint(),
            request,
            url,
            passage.at(),
            EventIds.next(passage.at().toEpochMilli()),
            deliveryId(request, verified),
            verified,
            request.body());
    once(passage, received);
  }

  /// What the sender calls the delivery; where its scheme has no word for it, what is usual.
  private static Optional<String> deliveryId(Request request, Optional<Checked.Verified> verified) {
    return verified
        .flatMap(Checked.Verified::deliveryId)
        .or(() -> request.headers().first("idempotency-key").filter(WebhookHandler::isShort))
        .or(() -> CloudEvents.name(request).filter(WebhookHandler::isShort));
  }

  private static boolean isShort(String id) {
    return !id.isBlank() && id.length() <= 512;
  }

  private void once(Passage passage, Received received) {
    var window = reception.endpoint().limits().window();
    if (received.deliveryId().isEmpty() || window.isZero()) {
      store(passage, received, Optional.empty());
      return;
    }
    var name = reception.endpoint().id() + ' ' + received.deliveryId().get();
    var claim = inbox.duplicates().enter(name, received.eventId(), window, passage.begun());
    if (claim.eventId().equals(received.eventId())) {
      store(passage, received, Optional.of(claim));
    } else {
      var _ = claim.thenAccept(stored -> repeated(passage, claim, stored));
    }
  }

  private void repeated(Passage passage, Duplicates.Claim claim, boolean stored) {
    if (stored) {
      inbox.meters().duplicate();
      var reply = Answers.duplicate(reception.endpoint(), claim.eventId());
      passage.end(reply, "duplicate", Optional.of(claim.eventId()));
    } else {
      passage.refuse(Refusals.overloaded(), "the first of these deliveries could not be stored");
    }
  }

  private void store(Passage passage, Received received, Optional<Duplicates.Claim> claim) {
    List<Entry> entries;
    try {
      entries = reception.form().entries(received);
    } catch (RuntimeException refusal) {
      claim.ifPresent(inbox.duplicates()::failed); // others may wait for it
      throw refusal;
    }
    switch (reception.endpoint().ack()) {
      case MEMORY -> queue(passage, received, entries, claim);
      case DURABLE -> inbox.store(entries, outcome -> stored(passage, received, claim, outcome));
    }
  }

  private void queue(
      Passage passage, Received received, List<Entry> entries, Optional<Duplicates.Claim> claim) {
    if (inbox.queue(entries)) {
      claim.ifPresent(it -> it.complete(true));
      inbox.meters().received(received.value().size());
      passage.end(
          Answers.queued(reception.endpoint(), received.eventId()),
          "queued",
          Optional.of(received.eventId()));
    } else {
      claim.ifPresent(inbox.duplicates()::failed);
      var problem = inbox.isClosed() ? Refusals.shuttingDown() : Refusals.overloaded();
      passage.refuse(problem, "the queue in memory is full");
    }
  }

  private void stored(
      Passage passage, Received received, Optional<Duplicates.Claim> claim, Appended outcome) {
    if (outcome instanceof Appended.At) {
      inbox.meters().received(received.value().size());
      passage.end(
          Answers.stored(reception.endpoint(), received.eventId()),
          "stored",
          Optional.of(received.eventId()));
      claim.ifPresent(it -> it.complete(true));
    } else {
      passage.refuse(Refusals.of(outcome), cause(outcome));
      claim.ifPresent(inbox.duplicates()::failed);
    }
  }

  private static String cause(Appended outcome) {
    return switch (outcome) {
      case Appended.At _ -> "";
      case Appended.Refused(var reason, var cause) -> reason + ": " + cause;
      case Appended.Unavailable(var reason, var cause) -> reason + ": " + cause;
      case Appended.Unknown(var cause) -> cause;
    };
  }
}
