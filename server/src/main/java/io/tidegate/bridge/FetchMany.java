package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.bridge.MergedArrays.Made;
import io.tidegate.http.Headers;
import io.tidegate.http.Prefer;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.log.Stored;
import io.tidegate.plan.KafkaMapping;
import io.tidegate.view.Match;
import io.tidegate.view.Progress;
import io.tidegate.view.TopicView;
import java.util.Map;

/// Answers with all records that match as one JSON array. Its ETag holds the offset of the last
/// record of every partition of the topic, so any record added to the topic changes it.
final class FetchMany implements TopicAction {
  private final Reading reading;
  private final Topics topics;
  private final WaitingRoom room;
  private final Time time;

  FetchMany(KafkaMapping.Fetch fetch, Topics topics, WaitingRoom room, Time time) {
    this.reading = new Reading(fetch, topics);
    this.topics = topics;
    this.room = room;
    this.time = time;
  }

  @Override
  public void handle(Request request, Map<String, String> params, Responder responder) {
    var condition = Condition.of(request.headers());
    var prefer = Prefer.of(request.headers()).atMost(WaitingRoom.LONGEST);
    var isHead = request.method().equals("HEAD");
    reading.begin(
        request,
        params,
        responder,
        (view, match) -> {
          var had = condition.within(view.applied());
          var answer = new Answer(view, match, had, prefer, isHead, responder);
          topics.ownWrites().whenCaughtUp(view, had, () -> guarded(answer));
        });
  }

  private static void guarded(Answer answer) {
    BugReport.guarded(answer.responder, answer::give);
  }

  /// The answer to one caller.
  private final class Answer {
    private final TopicView view;
    private final Match match;
    private final Condition condition;
    private final Prefer prefer;
    private final boolean isHead;
    private final Responder responder;

    Answer(
        TopicView view,
        Match match,
        Condition condition,
        Prefer prefer,
        boolean isHead,
        Responder responder) {
      this.view = view;
      this.match = match;
      this.condition = condition;
      this.prefer = prefer;
      this.isHead = isHead;
      this.responder = responder;
    }

    void give() {
      topics
          .arrays()
          .make(
              view,
              match,
              made -> {
                if (prefer.patience().isPresent() && isKnown(made)) {
                  BugReport.guarded(responder, () -> waitForChange(made));
                } else {
                  BugReport.guarded(responder, () -> answer(made));
                }
              });
    }

    /// Watches first, and looks once more whether something came before that.
    private void waitForChange(Made known) {
      var wait = room.enter(responder);
      wait.limit(prefer.patience().orElseThrow(), () -> finish(wait));
      var watch =
          view.watch(
              Changes.of(match),
              stored -> {
                if (Changes.isOne(match, stored)) {
                  finish(wait);
                }
              });
      wait.whenOver(watch::close);
      if (!known.isOf(view.version())) {
        topics
            .arrays()
            .make(
                view,
                match,
                made -> {
                  if (!isKnown(made)) {
                    finish(wait);
                  }
                });
      }
    }

    private void finish(WaitingRoom.Wait wait) {
      if (wait.end()) {
        topics.workers().execute(() -> BugReport.guarded(responder, this::answerAsItIs));
      }
    }

    private void answerAsItIs() {
      topics.arrays().make(view, match, made -> BugReport.guarded(responder, () -> answer(made)));
    }

    private boolean isKnown(Made made) {
      if (condition.isAbsent()) {
        return false;
      }
      return switch (made) {
        case Made.Whole whole -> isKnown(whole.latest());
        case Made.TooLarge tooLarge -> isKnown(tooLarge.latest());
        case Made.Unready() -> false;
      };
    }

    private boolean isKnown(Progress latest) {
      return condition.any() || condition.equalTo(latest).isPresent();
    }

    private void answer(Made made) {
      switch (made) {
        case Made.Whole whole when isKnown(whole) -> unchanged(whole.headers());
        case Made.Whole whole ->
            responder.reply(new Reply(200, applied(whole.headers()), whole.body()));
        case Made.TooLarge tooLarge when isKnown(tooLarge) -> unchanged(tooLarge.headers());
        case Made.TooLarge tooLarge -> stream(tooLarge.headers());
        case Made.Unready() -> responder.reply(Reply.of(Outcomes.unready()));
      }
    }

    private void unchanged(Headers headers) {
      responder.reply(new Reply(304, applied(headers), Bytes.EMPTY));
    }

    private void stream(Headers headers) {
      var out = responder.open(200, applied(headers));
      if (isHead) {
        out.end();
      } else {
        new ArrayStream(view, match, topics.workers(), time, out).begin(responder);
      }
    }

    private Headers applied(Headers headers) {
      return prefer.patience().isEmpty()
          ? headers
          : headers.with("preference-applied", "wait=" + prefer.patience().get().toSeconds());
    }
  }

  /// What changes an array: a record that belongs in it, or a tombstone, which takes one out but
  /// has none of its headers.
  private static final class Changes {
    private Changes() {}

    static Match of(Match match) {
      for (var clause : match.anyOf()) {
        if (!clause.headers().isEmpty()) {
          return Match.ALL;
        }
      }
      return match;
    }

    static boolean isOne(Match match, Stored stored) {
      return stored.isTombstone() || match.test(stored);
    }
  }
}
