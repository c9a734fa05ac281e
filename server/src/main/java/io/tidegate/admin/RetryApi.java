package io.tidegate.admin;

import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.ledger.AttemptFound;
import io.tidegate.ledger.AttemptQuery;
import io.tidegate.ledger.EventFound;
import io.tidegate.ledger.Span;
import io.tidegate.ledger.Window;
import io.tidegate.outbox.Delivery;
import io.tidegate.outbox.Destination;
import io.tidegate.outbox.EventCopy;
import io.tidegate.outbox.Ids;
import io.tidegate.outbox.Retries.Retried;
import io.tidegate.registry.Judgement.Fault;
import io.tidegate.registry.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Retries that somebody asks for. Straight-line code for virtual threads.
///
///     POST /retry {event_id, destination_id}   one: 202 when it is stored that it is to be done
///     POST /retries {…}                        many, see `RetryQuery`
final class RetryApi {
  private static final Logger LOG = LoggerFactory.getLogger(RetryApi.class);

  private RetryApi() {}

  static Reply one(OutboxCall call) {
    var body = ApiJson.body(call.request());
    var faults = new ArrayList<Fault>();
    var eventId = required(body, "event_id", faults);
    var destinationId = required(body, "destination_id", faults);
    if (!faults.isEmpty()) {
      return OutpostJson.invalid(faults);
    }
    var event = event(call, eventId, body);
    var destination =
        call.parts()
            .outbox()
            .directory()
            .destination(event.tenant(), destinationId)
            .orElseThrow(() -> missing("destination"));
    var copy = call.ledger().contents(List.of(event.key())).get(event.key());
    if (copy == null) {
      return OutpostJson.error(410, "the log has the event no longer");
    }
    var before = call.ledger().attemptsOf(event, destinationId).count();
    var retry = new Delivery.Manual(Ids.retry(), before, initiator(call));
    return answer(retry, call.parts().outbox().retries().retry(copy, destination, retry));
  }

  private static Reply answer(Delivery.Manual retry, Retried retried) {
    return switch (retried) {
      case Retried.Accepted() ->
          ApiJson.reply(202, ApiJson.object().put("success", true).put("retry_id", retry.retry()));
      case Retried.Refused(var reason) ->
          switch (reason) {
            case DISABLED ->
                OutpostJson.error(400, "Destination is disabled", "destination_disabled");
            case UNMATCHED ->
                OutpostJson.error(400, "destination does not match event", "destination_unmatched");
          };
      case Retried.Unavailable(var cause) ->
          OutpostJson.error(503, "it may not be retried: " + cause);
    };
  }

  private static String required(ObjectNode body, String name, List<Fault> faults) {
    var text = SampleRequest.text(body, name, "");
    if (text.isEmpty()) {
      faults.add(new Fault("/" + name, "is required"));
    }
    return text;
  }

  /// Ids of events are their tenants' own, so an operator may have to say whose is meant.
  private static EventFound event(OutboxCall call, String id, ObjectNode body) {
    var named = SampleRequest.text(body, "tenant_id", "");
    var tenants = call.tenant().map(List::of).orElse(named.isEmpty() ? List.of() : List.of(named));
    var found = EventsApi.find(call, id, tenants);
    if (found.isEmpty()) {
      throw missing("event");
    }
    if (found.stream().map(EventFound::tenant).distinct().count() > 1) {
      throw Problem.of(409, "ambiguous", "several tenants have an event of this id: say tenant_id")
          .refuse();
    }
    return found.getFirst();
  }

  private static Problem.Refusal missing(String what) {
    return Problem.of(404, "not_found", what + " not found").refuse();
  }

  private static String initiator(OutboxCall call) {
    return call.tenant().map(tenant -> "tenant:" + tenant).orElse("operator");
  }

  /// Deliveries that were given up, the latest first, each once.
  static Reply many(OutboxCall call) {
    var query = RetryQuery.read(call);
    var round = new Round(call, query, new Delivery.Manual(Ids.retry(), 0, initiator(call)));
    round.run();
    LOG.atInfo()
        .addKeyValue("retry", round.manual.retry())
        .addKeyValue("initiator", round.manual.initiator())
        .addKeyValue("retried", round.retried)
        .log("deliveries were retried on demand");
    return ApiJson.reply(202, round.shown());
  }

  /// One request for many.
  private static final class Round {
    private static final int PAGE = 200;
    private static final int MOST_PAGES = 50;

    private final OutboxCall call;
    private final RetryQuery query;
    private final Delivery.Manual manual;
    private final java.util.Set<String> done = new java.util.HashSet<>();
    private final java.util.Map<String, Integer> skipped = new java.util.TreeMap<>();
    private int retried;
    private boolean more;

    Round(OutboxCall call, RetryQuery query, Delivery.Manual manual) {
      this.call = call;
      this.query = query;
      this.manual = manual;
    }

    void run() {
      Optional<Window.Cursor> cursor = Optional.empty();
      for (int page = 0; page < MOST_PAGES; page++) {
        var window = new Window(PAGE, false, cursor, false);
        var listing = call.ledger().attempts(query.attempts(window));
        var keys = listing.rows().stream().map(AttemptFound::event).distinct().toList();
        var copies = call.ledger().contents(keys);
        for (var attempt : listing.rows()) {
          if (retried >= query.limit()) {
            more = true;
            return;
          }
          retry(attempt, copies.get(attempt.event()));
        }
        if (!listing.after()) {
          return;
        }
        cursor = Optional.of(listing.rows().getLast().cursor());
      }
      more = true;
    }

    private void retry(AttemptFound attempt, @Nullable EventCopy copy) {
      if (!done.add(attempt.event() + " " + attempt.destination())) {
        return;
      }
      var state = call.ledger().attemptsOf(attempt.event(), attempt.destination());
      var destination =
          call.parts().outbox().directory().destination(attempt.tenant(), attempt.destination());
      if (state.isDelivered()) {
        skip("delivered");
      } else if (attempt.outcome().equals("retry")) {
        skip("waiting");
      } else if (copy == null || destination.isEmpty()) {
        skip("gone");
      } else if (query.isDry()) {
        retried++;
      } else {
        retry(copy, destination.get(), state.count());
      }
    }

    private void retry(EventCopy copy, Snapshot<Destination> destination, int before) {
      var each = new Delivery.Manual(manual.retry(), before, manual.initiator());
      switch (call.parts().outbox().retries().retry(copy, destination, each)) {
        case Retried.Accepted() -> retried++;
        case Retried.Refused(var reason) -> skip(reason.name().toLowerCase(java.util.Locale.ROOT));
        case Retried.Unavailable(var _) -> skip("unavailable");
      }
    }

    private void skip(String why) {
      skipped.merge(why, 1, Integer::sum);
    }

    ObjectNode shown() {
      var body = ApiJson.object().put("id", manual.retry()).put("initiator", manual.initiator());
      body.put("dry_run", query.isDry()).put("retried", retried).put("more", more);
      skipped.forEach(body.putObject("skipped")::put);
      return body;
    }
  }

  /// Which deliveries are to be retried.
  ///
  ///     {"tenant_id"?, "destination_id"?, "event_id"?, "topic"?, "since"?, "until"?, "limit"?, "dry_run"?}
  record RetryQuery(
      List<String> tenants,
      List<String> destinations,
      List<String> events,
      List<String> topics,
      Span span,
      int limit,
      boolean isDry) {
    private static final int USUAL = 100;
    private static final int MOST = 1000;

    static RetryQuery read(OutboxCall call) {
      var body = ApiJson.body(call.request());
      var span = Span.ALL.after(call.since());
      var since = SampleRequest.text(body, "since", "");
      var until = SampleRequest.text(body, "until", "");
      if (!since.isEmpty()) {
        span = span.after(LedgerForm.moment("since", since).toEpochMilli());
      }
      if (!until.isEmpty()) {
        span = span.before(LedgerForm.moment("until", until).toEpochMilli());
      }
      var query =
          new RetryQuery(
              call.tenant().map(List::of).orElseGet(() -> one(body, "tenant_id")),
              one(body, "destination_id"),
              one(body, "event_id"),
              one(body, "topic"),
              span,
              limit(body),
              body.path("dry_run").asBoolean(false));
      if (query.tenants.isEmpty() && query.destinations.isEmpty() && query.events.isEmpty()) {
        throw Problem.of(422, "invalid", "tenant_id, destination_id or event_id is required")
            .refuse();
      }
      return query;
    }

    private static List<String> one(ObjectNode body, String name) {
      var text = SampleRequest.text(body, name, "");
      return text.isEmpty() ? List.of() : List.of(text);
    }

    private static int limit(ObjectNode body) {
      var limit = body.get("limit");
      if (limit == null || limit.isNull()) {
        return USUAL;
      }
      if (!limit.isInt() || limit.asInt() < 1 || limit.asInt() > MOST) {
        throw Problem.of(422, "invalid", "limit: 1 to " + MOST + " was expected").refuse();
      }
      return limit.asInt();
    }

    AttemptQuery attempts(Window window) {
      return new AttemptQuery(
          tenants, events, destinations, List.of(), topics, Optional.of(false), span, window);
    }
  }
}
