package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.log.Header;
import io.tidegate.plan.KafkaMapping;
import io.tidegate.view.Match;
import io.tidegate.view.TopicView;
import java.util.ArrayList;
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
    var match = match(scope);
    topics.view(
        fetch.topic(),
        topic,
        responder,
        view -> {
          Runnable read = () -> BugReport.guarded(responder, () -> then.accept(view, match));
          topics.ownWrites().whenVisible(view, match, read);
        });
  }

  private Match match(RequestScope scope) {
    if (fetch.filters().isEmpty()) {
      return Match.ALL;
    }
    var clauses = new ArrayList<Match.Clause>(fetch.filters().size());
    for (var filter : fetch.filters()) {
      var headers = new ArrayList<Header>(filter.headers().size());
      for (var header : filter.headers()) {
        headers.add(Header.of(header.name(), header.value().render(scope)));
      }
      var key = filter.key().isPresent() ? Bytes.utf8(filter.key().get().render(scope)) : null;
      clauses.add(new Match.Clause(key, headers));
    }
    return new Match(clauses);
  }
}
