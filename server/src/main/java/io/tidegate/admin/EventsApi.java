package io.tidegate.admin;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Reply;
import io.tidegate.ledger.EventFound;
import io.tidegate.ledger.EventQuery;
import io.tidegate.ledger.Span;
import io.tidegate.ledger.Window;
import io.tidegate.outbox.Event;
import io.tidegate.outbox.EventCopy;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/events`: what was published. Straight-line code for virtual threads.
///
///     GET /events?id&tenant_id&destination_id&topic&time[gte…]&limit&dir&next&prev
///     GET /events/{id}      GET /events/{id}/raw   the bytes of its data
final class EventsApi {
  private EventsApi() {}

  static Reply list(OutboxCall call) {
    var window = LedgerForm.window(call);
    var listing =
        call.ledger()
            .events(
                new EventQuery(
                    LedgerForm.wanted(call, "id"),
                    call.seen(),
                    LedgerForm.wanted(call, "destination_id"),
                    LedgerForm.wanted(call, "topic"),
                    LedgerForm.span(call),
                    call.since(),
                    window));
    var contents = call.ledger().contents(listing.rows().stream().map(EventFound::key).toList());
    return ApiJson.reply(
        200,
        LedgerForm.page(
            window,
            listing,
            EventFound::cursor,
            each -> shown(each, event(contents.get(each.key())))));
  }

  static Reply read(OutboxCall call) {
    var found = found(call, call.names().getFirst(), call.seen());
    return ApiJson.reply(
        200, shown(found, event(call.ledger().contents(List.of(found.key())).get(found.key()))));
  }

  private static @Nullable Event event(@Nullable EventCopy copy) {
    return copy == null ? null : copy.event();
  }

  static Reply raw(OutboxCall call) {
    var found = found(call, call.names().getFirst(), call.seen());
    var event = event(call.ledger().contents(List.of(found.key())).get(found.key()));
    if (event == null) {
      return OutpostJson.error(410, "the log has the event no longer");
    }
    return new Reply(
        200,
        Headers.of("content-type", "application/json", "cache-control", "no-store"),
        event.data());
  }

  /// The latest of that id among those that the caller may see.
  static EventFound found(OutboxCall call, String id, List<String> tenants) {
    return find(call, id, tenants).stream().findFirst().orElseThrow(OutboxCall::notFound);
  }

  static List<EventFound> find(OutboxCall call, String id, List<String> tenants) {
    var latest = new Window(2, false, Optional.empty(), false);
    return call.ledger()
        .events(
            new EventQuery(
                List.of(id), tenants, List.of(), List.of(), Span.ALL, call.since(), latest))
        .rows();
  }

  /// @param event null when the log has it no longer
  static ObjectNode shown(EventFound found, @Nullable Event event) {
    var body = ApiJson.object().put("id", found.id()).put("tenant_id", found.tenant());
    found.destinations().forEach(body.putArray("matched_destination_ids")::add);
    body.put("topic", found.topic());
    body.put("time", event == null ? found.time().toString() : event.time().toString());
    if (event != null) {
      contents(body, event);
    }
    return body;
  }

  static void contents(ObjectNode body, Event event) {
    OutboxPages.words(
        body, "metadata", Optional.of(event.metadata()).filter(words -> !words.isEmpty()));
    data(body, event.data());
  }

  /// As it was published; what is no JSON, in base64.
  static void data(ObjectNode body, Bytes data) {
    RawJson.of(data)
        .ifPresentOrElse(
            raw -> body.putRawValue("data", raw),
            () -> body.put("data_base64", Base64.getEncoder().encodeToString(data.array())));
  }
}
