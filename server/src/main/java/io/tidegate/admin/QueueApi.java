package io.tidegate.admin;

import io.tidegate.delivery.CourierView;
import io.tidegate.http.Reply;
import io.tidegate.outbox.Outbox;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/v1/tenants/{tenant}/destinations/{id}/queue`: what a destination is owed by this
/// instance, and how it does. `complete` says whether this instance owns all there is; else another
/// one may owe it something as well, and operators are told which one has answered.
final class QueueApi {
  private QueueApi() {}

  static Reply read(OutboxCall call) {
    var destination = call.destination().value();
    var outbox = call.parts().outbox();
    var body = ApiJson.object();
    if (call.isOperators()) {
      body.put("instance", call.parts().instance());
    }
    var failing = outbox.failing(destination);
    body.put(
        "health",
        !destination.isEnabled() ? "disabled" : failing.isPresent() ? "failing" : "healthy");
    failing.ifPresent(streak ->
        body.putObject("failing")
            .put("attempts", streak.failures())
            .put("since", streak.since().toString())
            .put("last", streak.last().toString()));
    outbox
        .queue(destination)
        .ifPresentOrElse(
            queue -> write(queue, body.putObject("queue")), () -> body.putNull("queue"));
    return ApiJson.reply(200, body);
  }

  private static void write(CourierView.Queue queue, ObjectNode node) {
    node.put("complete", queue.partitions() == Outbox.DELIVERY_PARTITIONS);
    node.putObject("partitions")
        .put("here", queue.partitions())
        .put("all", Outbox.DELIVERY_PARTITIONS);
    node.put("owed", queue.owed()).put("more", queue.more());
    node.put("sending", queue.sending()).put("waiting", queue.waiting());
    queue.oldest().ifPresent(age -> node.put("oldest_seconds", age.toMillis() / 1e3));
    queue.next().ifPresent(next -> node.put("next_attempt", next.toString()));
    queue
        .broken()
        .ifPresent(broken ->
            node.putObject("breaker")
                .put("probing", broken.probing())
                .put("failures", broken.failures())
                .put("pause_seconds", broken.pause().toMillis() / 1e3));
  }
}
