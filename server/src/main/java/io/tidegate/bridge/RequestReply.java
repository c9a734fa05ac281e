package io.tidegate.bridge;

import io.tidegate.http.Headers;
import io.tidegate.http.Prefer;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.log.Acks;
import io.tidegate.log.Stored;
import io.tidegate.plan.KafkaMapping;
import io.tidegate.plan.KafkaMapping.Correlation;
import io.tidegate.view.Match;
import io.tidegate.view.TopicView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Hands a request to a service through a topic, and its reply back through another. The caller
/// waits for the reply, or, where the route allows it and the caller prefers it (`respond-async`),
/// is told with 202 where to ask for it.
///
/// A reply that is there already is the answer, and nothing is stored: that is how a repeated
/// request is recognised. A GET is a request to the service like any other, unless its path is one
/// that a 202 told.
final class RequestReply implements TopicAction {
  /// Longer than a log takes to say how an append ended.
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final KafkaMapping.Produce produce;
  private final Correlation correlation;
  private final Topics topics;
  private final WaitingRoom room;
  private final Acks acks;
  private final List<PollAddress> polls;

  RequestReply(
      KafkaMapping.Produce produce, Correlation correlation, Topics topics, WaitingRoom room) {
    this.produce = produce;
    this.correlation = correlation;
    this.topics = topics;
    this.room = room;
    this.acks = OneWay.acks(produce.acks());
    this.polls = PollAddress.among(correlation.async());
  }

  @Override
  public long bodyLimit(Request head, Map<String, String> params) {
    return OneWay.bodyLimit(
        produce, topics, new RequestScope(head, params, produce.idempotencyHeader()));
  }

  @Override
  public void handle(Request request, Map<String, String> params, Responder responder) {
    var prefer = Prefer.of(request.headers()).atMost(WaitingRoom.LONGEST);
    var poll = poll(request);
    if (poll.isPresent()) {
      var all = new HashMap<>(params);
      all.putAll(poll.get().params());
      var id = poll.get().correlationId();
      var scopeOfPoll = new RequestScope(request, all, produce.idempotencyHeader()).correlate(id);
      look(scopeOfPoll, id, prefer, responder);
    } else {
      ask(
          request,
          new RequestScope(request, params, produce.idempotencyHeader()),
          prefer,
          responder);
    }
  }

  private void ask(Request request, RequestScope scope, Prefer prefer, Responder responder) {
    var replyTopic = TopicName.of(correlation.replyTo(), scope);
    var record = RequestRecord.of(produce, replyTopic, request, scope);
    record.fit(
        topics,
        responder,
        fit ->
            topics.view(
                correlation.replyTo(),
                replyTopic,
                responder,
                view -> ask(view, fit, scope, prefer, responder)));
  }

  private void ask(
      TopicView replies,
      RequestRecord record,
      RequestScope scope,
      Prefer prefer,
      Responder responder) {
    var canRepeat = scope.givenIdempotencyKey().isPresent();
    var question =
        new Exchange.Question(record, acks, replies, correlation.replyIdHeader(), canRepeat);
    var id = record.correlationId();
    if (prefer.respondAsync() && !correlation.async().isEmpty()) {
      var limit = prefer.patience().orElse(correlation.limit());
      new Submitter(scope.correlate(id), prefer, responder).ask(question, limit);
    } else {
      var limit = prefer.atMost(correlation.limit()).patience().orElse(correlation.limit());
      new Asker(id, prefer, responder).ask(question, limit);
    }
  }

  private Optional<PollAddress.Poll> poll(Request request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Optional.empty();
    }
    for (var address : polls) {
      var poll = address.match(request);
      if (poll.isPresent()) {
        return poll;
      }
    }
    return Optional.empty();
  }

  /// A poll: the reply if it is there, or comes while the caller is ready to wait; else 202 again.
  private void look(RequestScope scope, String correlationId, Prefer prefer, Responder responder) {
    var topic = TopicName.of(correlation.replyTo(), scope);
    var match = Exchanges.match(correlation.replyIdHeader(), correlationId);
    topics.view(
        correlation.replyTo(),
        topic,
        responder,
        view -> {
          if (prefer.patience().isEmpty()) {
            view.newest(match, newest -> responder.reply(polled(newest, scope, prefer)));
          } else {
            waitForReply(view, match, scope, prefer, responder);
          }
        });
  }

  private void waitForReply(
      TopicView view, Match match, RequestScope scope, Prefer prefer, Responder responder) {
    var wait = room.enter(responder);
    var watch = view.watch(match, stored -> wait.answer(reply(stored, applied(prefer))));
    wait.whenOver(watch::close);
    wait.limit(
        prefer.patience().get(),
        () -> wait.answer(PollAddress.tell(correlation.async(), scope, applied(prefer))));
    view.newest(
        match,
        newest -> {
          if (!(newest instanceof TopicView.Newest.Absent)) {
            wait.answer(polled(newest, scope, prefer));
          }
        });
  }

  private Reply polled(TopicView.Newest newest, RequestScope scope, Prefer prefer) {
    return switch (newest) {
      case TopicView.Newest.Found(var stored) -> reply(stored, applied(prefer));
      case TopicView.Newest.Absent _ ->
          PollAddress.tell(correlation.async(), scope, applied(prefer));
      case TopicView.Newest.Unready _ -> Reply.of(Outcomes.unready());
    };
  }

  private Reply reply(Stored stored, Headers applied) {
    return ReplyRecord.reply(stored, correlation.replyIdHeader(), applied);
  }

  private static Headers applied(Prefer prefer) {
    return prefer.patience().isEmpty()
        ? Headers.NONE
        : Headers.of("preference-applied", "wait=" + prefer.patience().get().toSeconds());
  }

  /// One who waits at an exchange.
  private abstract sealed class Waiter implements Exchange.Caller {
    final Prefer prefer;
    final WaitingRoom.Wait wait;

    Waiter(Prefer prefer, Responder responder) {
      this.prefer = prefer;
      this.wait = room.enter(responder);
    }

    final void ask(Exchange.Question question, Duration limit) {
      wait.limit(limit, this::late);
      var exchange = topics.exchanges().ask(question, this);
      wait.whenOver(() -> exchange.leave(this));
    }

    abstract void late();

    @Override
    public final void failed(Problem problem) {
      wait.answer(Reply.of(problem));
    }
  }

  /// One who waits for the reply itself.
  private final class Asker extends Waiter {
    private final String correlationId;

    Asker(String correlationId, Prefer prefer, Responder responder) {
      super(prefer.atMost(correlation.limit()), responder);
      this.correlationId = correlationId;
    }

    @Override
    public void stored() {}

    @Override
    public void answered(Stored stored) {
      wait.answer(reply(stored, applied(prefer)));
    }

    @Override
    void late() {
      var problem =
          Problem.of(
              504,
              "no_reply",
              "No reply to request %s in time. One that comes later is kept, and the same request finds it."
                  .formatted(correlationId));
      for (var header : applied(prefer)) {
        problem = problem.with(header.name(), header.value());
      }
      wait.answer(Reply.of(problem));
    }
  }

  /// One who is content with knowing where to ask, at once or after a while.
  private final class Submitter extends Waiter {
    private final RequestScope scope;
    private boolean isStored;
    private boolean isLate;

    Submitter(RequestScope scope, Prefer prefer, Responder responder) {
      super(prefer, responder);
      this.scope = scope;
      this.isLate = prefer.patience().isEmpty();
    }

    @Override
    public void stored() {
      synchronized (this) {
        isStored = true;
      }
      acceptForLater();
    }

    @Override
    void late() {
      synchronized (this) {
        isLate = true;
      }
      acceptForLater();
      wait.limit(GRACE, () -> wait.answer(Reply.of(Outcomes.unknown())));
    }

    @Override
    public void answered(Stored stored) {
      if (prefer.patience().isPresent()) {
        wait.answer(reply(stored, applied(prefer)));
      } else {
        stored();
      }
    }

    private void acceptForLater() {
      boolean isDue;
      synchronized (this) {
        isDue = isStored && isLate;
      }
      if (isDue) {
        var applied = Headers.of("preference-applied", "respond-async");
        wait.answer(PollAddress.tell(correlation.async(), scope, applied));
      }
    }
  }
}
