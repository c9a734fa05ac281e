package io.tidegate.admin;

import io.tidegate.base.Bytes;
import io.tidegate.filter.Explanation;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.outbox.Event;
import io.tidegate.outbox.Prospect;
import io.tidegate.outbox.PublishBatch;
import io.tidegate.outbox.PublishForm;
import io.tidegate.outbox.Publisher.Published;
import io.tidegate.registry.Judgement.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import tools.jackson.databind.node.ObjectNode;

/// `POST /api/v1/publish`: answered when the event is stored.
///
///     {"tenant_id":"t","topic":"a","data":{…}}  →  202 {"id":"…","duplicate":false,"destination_ids":[…]}
///     /publish/batch    an array of those, or one on each line  →  202, or 207 with what each came to
///     /publish/dry-run  who would get it, and who would not and why; nothing is stored
final class PublishApi {
  private static final int MOST_PROSPECTS = 500;
  private static final int SMALL = 16 << 10;
  private static final int FEW = 16;

  private PublishApi() {}

  /// A small event for a few destinations is read and stored on the event loop; what takes longer
  /// goes to a worker.
  static CompletableFuture<Reply> publish(OutboxCall call, Executor workers) {
    if (call.values("dry_run").contains("true")) {
      return CompletableFuture.supplyAsync(() -> dryRun(call), workers);
    }
    var body = call.request().body();
    return body.size() <= SMALL
        ? publish(call, read(call, body), workers)
        : OutboxRouter.by(workers, () -> publish(call, read(call, body), Runnable::run));
  }

  private static CompletableFuture<Reply> publish(
      OutboxCall call, PublishForm.Read read, Executor workers) {
    return switch (read) {
      case PublishForm.Read.Malformed(var where) ->
          CompletableFuture.completedFuture(malformed(where));
      case PublishForm.Read.Wrong(var faults) ->
          CompletableFuture.completedFuture(OutpostJson.invalid(faults));
      case PublishForm.Read.Ok(var event) -> {
        var outbox = call.parts().outbox();
        boolean areFew = outbox.directory().count(event.tenant()) <= FEW;
        var published =
            areFew
                ? outbox.publisher().publish(event)
                : OutboxRouter.by(workers, () -> outbox.publisher().publish(event));
        yield published.thenApply(ended -> answer(event, ended));
      }
    };
  }

  private static PublishForm.Read read(OutboxCall call, Bytes body) {
    return PublishForm.read(
        body, call.parts().outbox().settings().topics(), call.parts().time().now());
  }

  private static Reply malformed(String where) {
    return OutpostJson.error(400, unreadable(where));
  }

  private static String unreadable(String where) {
    return "the body cannot be read as JSON" + (where.isEmpty() ? "" : " (" + where + ")");
  }

  private static Reply answer(Event event, Published published) {
    return switch (published) {
      case Published.Stored stored -> ApiJson.reply(202, stored(event, stored));
      case Published.TooLarge() -> OutpostJson.error(413, "the event is too large");
      case Published.Unavailable _ ->
          OutpostJson.error(503, "the event may not be stored; with an id it can be sent again");
    };
  }

  private static ObjectNode stored(Event event, Published.Stored stored) {
    var body = ApiJson.object().put("id", event.id()).put("duplicate", stored.duplicate());
    stored.destinations().forEach(body.putArray("destination_ids")::add);
    return body;
  }

  static Reply batch(OutboxCall call) {
    return switch (PublishBatch.cut(call.request().body())) {
      case PublishBatch.Cut.Malformed(var why) -> OutpostJson.error(400, why);
      case PublishBatch.Cut.TooMany() ->
          OutpostJson.error(413, "at most " + PublishBatch.MOST + " events at a time");
      case PublishBatch.Cut.Into(var parts) -> batch(call, parts);
    };
  }

  /// What can be read is stored, in this order; the rest is refused item by item.
  private static Reply batch(OutboxCall call, List<Bytes> parts) {
    var read = parts.stream().map(part -> read(call, part)).toList();
    var events = new ArrayList<Event>();
    for (var each : read) {
      if (each instanceof PublishForm.Read.Ok(var event)) {
        events.add(event);
      }
    }
    var publisher = call.parts().outbox().publisher();
    var published = events.stream().map(publisher::publish).toList().iterator();
    var body = ApiJson.object();
    var results = body.putArray("results");
    int accepted = 0;
    for (var each : read) {
      var result =
          switch (each) {
            case PublishForm.Read.Malformed(var where) -> failed(400, unreadable(where), List.of());
            case PublishForm.Read.Wrong(var faults) -> failed(422, "validation error", faults);
            case PublishForm.Read.Ok(var event) -> item(event, published.next().join());
          };
      accepted += result.path("status").asInt() == 202 ? 1 : 0;
      results.add(result);
    }
    body.put("accepted", accepted).put("refused", read.size() - accepted);
    return ApiJson.reply(accepted == read.size() ? 202 : 207, body);
  }

  private static ObjectNode item(Event event, Published published) {
    return switch (published) {
      case Published.Stored stored -> stored(event, stored).put("status", 202);
      case Published.TooLarge() ->
          failed(413, "the event is too large", List.of()).put("id", event.id());
      case Published.Unavailable _ ->
          failed(503, "the event may not be stored; with an id it can be sent again", List.of())
              .put("id", event.id());
    };
  }

  private static ObjectNode failed(int status, String message, List<Fault> faults) {
    var result = ApiJson.object().put("status", status).put("message", message);
    if (!faults.isEmpty()) {
      OutpostJson.sentences(faults).forEach(result.putArray("data")::add);
    }
    return result;
  }

  static Reply dryRun(OutboxCall call) {
    return switch (read(call, call.request().body())) {
      case PublishForm.Read.Malformed(var where) -> malformed(where);
      case PublishForm.Read.Wrong(var faults) -> OutpostJson.invalid(faults);
      case PublishForm.Read.Ok(var event) -> ApiJson.reply(200, prospects(call, event));
    };
  }

  private static ObjectNode prospects(OutboxCall call, Event event) {
    var outbox = call.parts().outbox();
    if (outbox.directory().tenant(event.tenant()).isEmpty()) {
      throw Problem.of(404, "not_found", "there is no such tenant: nobody would get it").refuse();
    }
    var found = outbox.publisher().prospects(event, MOST_PROSPECTS);
    var body = ApiJson.object();
    var ids = body.putArray("destination_ids");
    found.stream()
        .filter(each -> each.answer() == Prospect.Answer.DELIVERED)
        .forEach(each -> ids.add(each.destination().value().id()));
    var list = body.putArray("destinations");
    for (var each : found) {
      var value = each.destination().value();
      var shown = list.addObject().put("id", value.id()).put("type", value.type());
      shown.put("result", each.answer().name().toLowerCase(Locale.ROOT));
      each.explanation().ifPresent(it -> shown.set("filter", explained(it)));
    }
    body.put("truncated", outbox.directory().count(event.tenant()) > found.size());
    return body;
  }

  /// As JSON, a condition in each node.
  static ObjectNode explained(Explanation explanation) {
    var node = ApiJson.object();
    node.put("pointer", explanation.pointer()).put("at", explanation.at());
    node.put("condition", explanation.condition()).put("seen", explanation.seen());
    node.put("verdict", explanation.verdict().name().toLowerCase(Locale.ROOT));
    Optional.of(explanation.reason())
        .filter(reason -> !reason.isEmpty())
        .ifPresent(reason -> node.put("reason", reason));
    if (!explanation.parts().isEmpty()) {
      var parts = node.putArray("parts");
      explanation.parts().forEach(part -> parts.add(explained(part)));
    }
    return node;
  }
}
