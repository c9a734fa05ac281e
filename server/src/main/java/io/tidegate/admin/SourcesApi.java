package io.tidegate.admin;

import io.tidegate.http.Reply;
import io.tidegate.outbox.FeedView;
import tools.jackson.databind.node.ObjectNode;

/// `GET /api/v1/sources`: the topics whose records are events, on this instance.
final class SourcesApi {
  private SourcesApi() {}

  static Reply list(OutboxCall call) {
    var body = ApiJson.object();
    var models = body.putArray("models");
    call.parts().outbox().feeds().forEach(feed -> models.add(shown(feed)));
    return ApiJson.reply(200, body);
  }

  private static ObjectNode shown(FeedView feed) {
    var node = ApiJson.object().put("topic", feed.topic()).put("group", feed.group());
    feed.partitions().forEach(node.putArray("partitions")::add);
    node.put("unread", feed.unread());
    feed.events().forEach(node.putObject("events")::put);
    feed.last()
        .ifPresent(last ->
            node.putObject("last_unfit")
                .put("partition", last.partition())
                .put("offset", last.offset())
                .put("reason", last.reason())
                .put("time", last.at().toString()));
    return node;
  }
}
