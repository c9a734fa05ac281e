package io.tidegate.admin;

import io.tidegate.http.Reply;
import io.tidegate.outbox.Event;
import io.tidegate.outbox.PublishForm;
import io.tidegate.outbox.Publisher.Published;

/// `POST /api/v1/publish`: answered when the event is stored.
///
///     {"tenant_id":"t","topic":"a","data":{…}}  →  202 {"id":"…","duplicate":false,"destination_ids":[…]}
final class PublishApi {
  private PublishApi() {}

  static Reply publish(OutboxCall call) {
    var outbox = call.parts().outbox();
    var body = call.request().body();
    return switch (PublishForm.read(body, outbox.settings().topics(), call.parts().time().now())) {
      case PublishForm.Read.Malformed(var where) ->
          OutpostJson.error(
              400, "the body cannot be read as JSON" + (where.isEmpty() ? "" : " (" + where + ")"));
      case PublishForm.Read.Wrong(var faults) -> OutpostJson.invalid(faults);
      case PublishForm.Read.Ok(var event) -> answer(event, outbox.publisher().publish(event));
    };
  }

  private static Reply answer(Event event, Published published) {
    return switch (published) {
      case Published.Stored(var duplicate, var destinations) -> {
        var body = ApiJson.object().put("id", event.id()).put("duplicate", duplicate);
        destinations.forEach(body.putArray("destination_ids")::add);
        yield ApiJson.reply(202, body);
      }
      case Published.TooLarge() -> OutpostJson.error(413, "the event is too large");
      case Published.Unavailable _ ->
          OutpostJson.error(503, "the event may not be stored; with an id it can be sent again");
    };
  }
}
