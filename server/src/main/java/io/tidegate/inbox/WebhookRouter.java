package io.tidegate.inbox;

import io.tidegate.guard.Checked;
import io.tidegate.http.Handler;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.inbox.WebhookMeters.Kind;
import java.time.Duration;

/// Finds the endpoint of a request from its head alone: `/e/{id}`, `/topics/{name}`, `/health`. Ids
/// that are unknown, revoked, expired or no ids at all get the same answer for the same work.
///
/// Any thread.
final class WebhookRouter implements io.tidegate.http.Router {
  private static final String SECRET = "/e/";
  private static final String NAMED = "/topics/";
  private static final String BEARER = "bearer ";

  private final Inbox inbox;

  WebhookRouter(Inbox inbox) {
    this.inbox = inbox;
  }

  @Override
  public Handler route(Request head) {
    var path = head.path();
    if (path.startsWith(SECRET)) {
      return secret(head, path.substring(SECRET.length()));
    }
    if (path.startsWith(NAMED)) {
      return named(head, path.substring(NAMED.length()));
    }
    if (path.equals("/health") && head.method().equals("GET")) {
      return (_, responder) -> responder.reply(inbox.word());
    }
    throw unrouted();
  }

  private Handler secret(Request head, String id) {
    refuseWhileUncertain();
    var desk = inbox.desk();
    var found = EndpointId.isLegal(id) ? desk.endpoints().find(id).orElse(null) : null;
    if (found == null) {
      throw unrouted();
    }
    var reception = inbox.receptions().of(found, inbox.config());
    if (found.revoked().isPresent()) {
      throw gone(reception, head, "revoked: " + found.revoked().get().reason());
    }
    if (found.expires().isPresent() && !inbox.time().now().isBefore(found.expires().get())) {
      throw gone(reception, head, "expired");
    }
    return admit(reception, head);
  }

  /// What is known may be too old: a URL that is revoked by now would still be open.
  private void refuseWhileUncertain() {
    var standing = inbox.desk().endpoints().standing();
    var isCertain =
        switch (standing) {
          case HEALTHY -> true;
          case DEGRADED -> !rejectsWhenDegraded();
          case STARTING, UNAVAILABLE -> false;
        };
    if (!isCertain) {
      throw counted(Kind.SECRET, Refusals.stale());
    }
    if (inbox.isClosed()) {
      throw counted(Kind.SECRET, Refusals.shuttingDown());
    }
  }

  private boolean rejectsWhenDegraded() {
    return inbox
        .config()
        .rejectWhenDegraded()
        .orElseGet(() -> inbox.desk().mapping().registry().rejectWhenDegraded());
  }

  private Handler named(Request head, String topic) {
    var desk = inbox.desk();
    var token = desk.mapping().token();
    if (token.isPresent() && !token.get().matches(bearer(head))) {
      inbox.meters().unverified("token", Checked.Reason.MISMATCH);
      throw counted(Kind.NAMED, Refusals.unauthorized().with("www-authenticate", "Bearer"));
    }
    if (!desk.allows(topic)) {
      throw unrouted();
    }
    if (inbox.isClosed()) {
      throw counted(Kind.NAMED, Refusals.shuttingDown());
    }
    var terms = desk.mapping().named();
    var reception =
        inbox
            .receptions()
            .named(topic, terms, inbox.config(), () -> StaticEndpoints.named(topic, terms));
    return admit(reception, head);
  }

  private static String bearer(Request head) {
    var given = head.headers().first("authorization").orElse("");
    return given.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? given.substring(BEARER.length()).strip()
        : "";
  }

  private Handler admit(Reception reception, Request head) {
    if (!reception.methods().contains(head.method())) {
      throw refused(reception, head, Refusals.notAllowed(reception.methods()), head.method());
    }
    if (head.method().equals("POST") && !reception.takes(head.headers())) {
      throw refused(reception, head, Refusals.unsupportedType(), "content type");
    }
    var wait = reception.untilFree(inbox.time().nanos());
    if (wait > 0) {
      var problem = Refusals.rateLimited(Duration.ofNanos(wait));
      throw refused(reception, head, problem, "over the rate limit of the endpoint");
    }
    return new WebhookHandler(inbox, reception);
  }

  private Problem.Refusal gone(Reception reception, Request head, String detail) {
    return refused(reception, head, Refusals.notFound(), detail);
  }

  private Problem.Refusal refused(
      Reception reception, Request head, Problem problem, String detail) {
    new Passage(inbox, reception, head, Silent.RESPONDER).refuse(problem, detail);
    return problem.refuse();
  }

  /// Not written down: it may be one of a million guesses.
  private Problem.Refusal unrouted() {
    return counted(Kind.UNROUTED, Refusals.notFound());
  }

  private Problem.Refusal counted(Kind kind, Problem problem) {
    inbox.meters().rejected(problem.code());
    inbox.meters().answered(kind, problem.status(), 0);
    return problem.refuse();
  }

  /// The word that a load balancer wants, and no more.
  static Reply word(String word, boolean open) {
    var reply = io.tidegate.base.Bytes.utf8("{\"status\":\"" + word + "\"}");
    var headers =
        io.tidegate.http.Headers.of(
            "content-type", "application/json", "cache-control", "no-store");
    return new Reply(open ? 200 : 503, headers, reply);
  }
}
