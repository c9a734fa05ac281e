package io.tidegate.admin;

import io.tidegate.base.Bytes;
import io.tidegate.ledger.AttemptFound;
import io.tidegate.outbox.Delivery;
import io.tidegate.outbox.DeliveryOutcome;
import io.tidegate.outbox.Event;
import io.tidegate.outbox.EventCopy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// Attempts as callers see them, with what they wish to be included.
///
/// @param events by their keys; empty unless they are wanted
/// @param seen by the keys of attempts; empty unless it is wanted
/// @param budget bytes of events and destinations that the reply may still hold
/// @param destinations as they are shown, by their keys
record AttemptView(
    OutboxCall call,
    Set<String> include,
    Map<Long, EventCopy> events,
    Map<Long, DeliveryOutcome> seen,
    AtomicInteger budget,
    Map<String, Optional<String>> destinations) {

  /// Of what repeats in one reply; what would be more is left out, as it is with what the log has
  /// no longer.
  private static final int MOST_BYTES = 8 << 20;

  static AttemptView of(OutboxCall call, List<AttemptFound> attempts) {
    var include = Set.copyOf(LedgerForm.words(call, "include"));
    var ledger = call.ledger();
    return new AttemptView(
        call,
        include,
        include.contains("event") || include.contains("event.data")
            ? ledger.contents(attempts.stream().map(AttemptFound::event).distinct().toList())
            : Map.of(),
        include.contains("response_data") ? ledger.seen(attempts) : Map.of(),
        new AtomicInteger(MOST_BYTES),
        new HashMap<>());
  }

  ObjectNode shown(AttemptFound attempt) {
    var body = ApiJson.object().put("id", attempt.id()).put("tenant_id", attempt.tenant());
    body.put("event_id", attempt.eventId()).put("destination_id", attempt.destination());
    body.put("destination_type", attempt.type()).put("topic", attempt.topic());
    body.put("status", attempt.delivered() ? "success" : "failed");
    body.put("time", attempt.at().toString()).put("code", attempt.code());
    body.put("attempt_number", attempt.number()).put("manual", attempt.manual());
    body.put("outcome", attempt.outcome());
    attempt.next().ifPresent(next -> body.put("next_attempt_at", next.toString()));
    var outcome = seen.get(attempt.key());
    if (outcome != null) {
      seen(body, outcome);
    }
    var event = events.get(attempt.event());
    if (event != null) {
      body.set("event", event(attempt, event.event()));
    }
    if (include.contains("destination")) {
      destination(attempt)
          .filter(shown -> fits(shown.length()))
          .ifPresent(shown -> body.putRawValue("destination", new RawValue(shown)));
    }
    return body;
  }

  private Optional<String> destination(AttemptFound attempt) {
    return destinations.computeIfAbsent(
        attempt.tenant() + "/" + attempt.destination(),
        _ ->
            call.parts()
                .outbox()
                .directory()
                .destination(attempt.tenant(), attempt.destination())
                .map(found -> DestinationsApi.shown(call, found, Map.of()).toString()));
  }

  private ObjectNode event(AttemptFound attempt, Event event) {
    var body = ApiJson.object().put("id", event.id()).put("tenant_id", event.tenant());
    body.put("destination_id", attempt.destination()).put("topic", event.topic());
    body.put("time", event.time().toString()).put("eligible_for_retry", event.retried());
    if (fits(length(event.metadata()))) {
      OutboxPages.words(
          body, "metadata", Optional.of(event.metadata()).filter(words -> !words.isEmpty()));
    }
    if (include.contains("event.data") && fits(event.data().size())) {
      EventsApi.data(body, event.data());
    }
    return body;
  }

  private boolean fits(int more) {
    return budget.getAndUpdate(left -> more > left ? left : left - more) >= more;
  }

  private static int length(Map<String, String> words) {
    return words.entrySet().stream()
        .mapToInt(each -> each.getKey().length() + each.getValue().length())
        .sum();
  }

  /// `response_data` is Outpost's; what else the attempt saw stands beside it.
  private static void seen(ObjectNode body, DeliveryOutcome outcome) {
    var read = outcome.seen().isEmpty() ? ApiJson.object() : ApiJson.read(outcome.seen().utf8());
    var data = body.putObject("response_data");
    if (read.get("response") instanceof ObjectNode response) {
      data.put("status", response.path("status").asInt());
      data.set("headers", headers(response.get("headers")));
      body(data, response);
    }
    if (read.get("error") instanceof ObjectNode error) {
      data.set("error", error);
    }
    if (read.get("request") instanceof ObjectNode request) {
      var shown = body.putObject("request").put("url", request.path("url").asString(""));
      shown.set("headers", headers(request.get("headers")));
    }
    for (var name : List.of("address", "timings_ms")) {
      if (read.get(name) != null) {
        body.set(name, read.get(name));
      }
    }
    body.put("trigger", outcome.manual().isPresent() ? "manual" : "automatic");
    outcome.manual().map(Delivery.Manual::initiator).ifPresent(who -> body.put("initiator", who));
    outcome.manual().map(Delivery.Manual::retry).ifPresent(id -> body.put("retry_id", id));
  }

  /// JSON as JSON, when it is said to be that and whole.
  private static void body(ObjectNode data, ObjectNode response) {
    var text = response.path("body").asString("");
    var length = response.path("length").asLong();
    if (response.get("body_base64") != null) {
      data.set("body_base64", response.get("body_base64"));
    } else {
      var isJson =
          headers(response.get("headers"))
              .path("content-type")
              .asString("")
              .startsWith("application/json");
      Optional<RawValue> raw = isJson ? RawJson.of(Bytes.utf8(text)) : Optional.empty();
      raw.ifPresentOrElse(json -> data.putRawValue("body", json), () -> data.put("body", text));
    }
    data.put("length", length);
  }

  private static ObjectNode headers(@Nullable JsonNode list) {
    var headers = ApiJson.object();
    if (list instanceof ArrayNode pairs) {
      for (var pair : pairs) {
        var name = pair.path(0).asString("");
        var value = pair.path(1).asString("");
        var before = headers.get(name);
        headers.put(name, before == null ? value : before.asString("") + ", " + value);
      }
    }
    return headers;
  }
}
