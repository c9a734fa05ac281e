package io.tidegate.bridge;

import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.plan.KafkaMapping;
import io.tidegate.view.Match;
import io.tidegate.view.TopicView;
import java.util.Map;
import java.util.function.BiConsumer;

/// The way of a GET to its view: which topic, which records, and what this node wrote itself made
/// visible first.
final class Reading {
  private static final String IDEMPOTENCY_HEADER = "idempotency-key";

  private final KafkaMapping.Fetch fetch;
  private final Topics topics;

  Reading(KafkaMapping.Fetch fetch, Topics topics) {
    this.fetch = fetch;
    this.topics = topics;
  }

  /// Hands the view and what to look for to `then`: at once if nothing has to be waited for, else
  /// from another thread.
  void begin(
      Request request,
      Map<String, String> params,
      Responder responder,
      BiConsumer<TopicView, Match> then) {
    var scope = new RequestScope(request, params, IDEMPOTENCY_HEADER);
    var topic = TopicName.of(fetch.topic(), scope);
    var match = Filters.match(fetch.filters(), scope);
    topics.view(
        fetch.topic(),
        topic,
        responder,
        view -> {
          Runnable read = () -> BugReport.guarded(responder, () -> then.accept(view, match));
          topics.ownWrites().whenVisible(view, match, read);
        });
  }
}
