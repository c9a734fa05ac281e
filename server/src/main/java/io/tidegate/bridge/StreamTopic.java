package io.tidegate.bridge;

import io.tidegate.base.Time;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.http.SessionWatch;
import io.tidegate.log.RecordLog.From;
import io.tidegate.plan.StreamMapping;
import io.tidegate.view.Match;
import io.tidegate.view.TopicView;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Answers with what a topic holds and what comes into it, as a stream of events.
final class StreamTopic implements TopicAction {
  private static final String IDEMPOTENCY_HEADER = "idempotency-key";

  /// Ids come in a header or in the query; what is longer than any of ours is refused.
  private static final int LONGEST_ID = 16 << 10;

  private final StreamMapping.Route route;
  private final StreamMapping.Manner manner;
  private final Topics topics;
  private final LiveStreams live;
  private final Function<String, Optional<Duration>> challenges;
  private final Time time;

  StreamTopic(
      StreamMapping.Route route,
      StreamMapping.Manner manner,
      Topics topics,
      LiveStreams live,
      Function<String, Optional<Duration>> challenges,
      Time time) {
    this.route = route;
    this.manner = manner;
    this.topics = topics;
    this.live = live;
    this.challenges = challenges;
    this.time = time;
  }

  @Override
  public void handle(Request request, Map<String, String> params, Responder caller) {
    var scope = new RequestScope(request, params, IDEMPOTENCY_HEADER);
    var topic = TopicName.of(route.topic(), scope);
    var match = Filters.match(route.filters(), scope);
    var lastId = lastId(request);
    var responder = comesBack(request, lastId) ? new Returning(caller, text(request)) : caller;
    var session = SessionWatch.of(request, caller, challenges);
    topics.view(
        route.topic(),
        topic,
        responder,
        view ->
            BugReport.guarded(
                responder, () -> open(request, view, match, lastId, session, responder)));
  }

  /// An `EventSource`, or what behaves like one, that has been here before.
  private static boolean comesBack(Request request, LastEventId lastId) {
    return !(lastId instanceof LastEventId.None)
        && request.headers().joined("accept").orElse("").contains("text/event-stream");
  }

  private EventText text(Request request) {
    return StreamForm.of(route.eventId(), request.headers()).text();
  }

  private LastEventId lastId(Request request) {
    var id = LastEventId.of(request);
    if (id instanceof LastEventId.Unreadable) {
      if (request.headers().first("last-event-id").orElse(request.query()).length() > LONGEST_ID) {
        throw Problem.of(400, "event_id_too_long", "No event had such a long id.").refuse();
      }
      live.unreadableId();
    }
    return id;
  }

  private void open(
      Request request,
      TopicView view,
      Match match,
      LastEventId lastId,
      SessionWatch session,
      Responder responder) {
    var next = lastId instanceof LastEventId.At(var known) ? known : Map.<Integer, Long>of();
    var isNew = lastId instanceof LastEventId.None;
    var order =
        new EventStream.Order(
            view,
            match,
            StreamForm.of(route.eventId(), request.headers()),
            manner,
            lastId instanceof LastEventId.Unreadable,
            () -> refuse(view.topic(), responder));
    var otherwise = isNew && isLive(view.topic()) ? From.LATEST : From.EARLIEST;
    new EventStream(order, responder, live, time, session).begin(next, otherwise);
  }

  private boolean isLive(String topic) {
    for (var names : route.live()) {
      if (names.match(topic).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private void refuse(String topic, Responder responder) {
    topics
        .facts()
        .existence(
            topic,
            existence -> {
              var isMissing = existence == TopicFacts.Existence.MISSING;
              responder.reply(Reply.of(isMissing ? Outcomes.noSuchTopic() : Outcomes.unready()));
            });
  }
}
