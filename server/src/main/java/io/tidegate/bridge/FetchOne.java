package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.http.Prefer;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Request;
import io.tidegate.http.Responder;
import io.tidegate.log.Stored;
import io.tidegate.plan.KafkaMapping;
import io.tidegate.view.Match;
import io.tidegate.view.TopicView;
import java.util.ArrayList;
import java.util.Map;

/// Answers with the newest record that matches. Its ETag says how far the caller has come, so that
/// it can ask for what is newer, and wait for it.
///
/// The ETag is written without quotes, since that is what existing clients send back; any form is
/// understood (`Condition`).
final class FetchOne implements TopicAction {
  private final Reading reading;
  private final WaitingRoom room;

  FetchOne(KafkaMapping.Fetch fetch, Topics topics, WaitingRoom room) {
    this.reading = new Reading(fetch, topics);
    this.room = room;
  }

  @Override
  public void handle(Request request, Map<String, String> params, Responder responder) {
    var question =
        new Question(
            Condition.of(request.headers()),
            Prefer.of(request.headers()).atMost(WaitingRoom.LONGEST));
    reading.begin(
        request,
        params,
        responder,
        (view, match) -> {
          if (question.prefer.patience().isPresent()) {
            wait(view, match, question.within(view), responder);
          } else {
            view.newest(match, newest -> responder.reply(question.answer(newest)));
          }
        });
  }

  /// Watches before it looks, so that nothing slips through between the two.
  private void wait(TopicView view, Match match, Question question, Responder responder) {
    var limit = question.prefer.patience().orElseThrow();
    var wait = room.enter(responder);
    wait.limit(limit, () -> view.newest(match, newest -> wait.answer(question.answer(newest))));
    var watch =
        view.watch(
            match,
            stored -> {
              if (question.isNews(stored)) {
                wait.answer(question.found(stored));
              }
            });
    wait.whenOver(watch::close);
    view.newest(
        match,
        newest -> {
          switch (newest) {
            case TopicView.Newest.Found(var stored) when question.settles(stored) ->
                wait.answer(question.found(stored));
            case TopicView.Newest.Found _, TopicView.Newest.Absent _ -> {}
            case TopicView.Newest.Unready _ -> wait.answer(question.answer(newest));
          }
        });
  }

  /// What one caller has, and what it would like.
  private record Question(Condition condition, Prefer prefer) {

    Question within(TopicView view) {
      return new Question(condition.within(view.applied()), prefer);
    }

    Reply answer(TopicView.Newest newest) {
      return switch (newest) {
        case TopicView.Newest.Found(var stored) -> current(stored);
        case TopicView.Newest.Absent _ ->
            condition.tags().isEmpty()
                ? problem(Outcomes.notFound())
                : unchanged(condition.tags().getFirst().text());
        case TopicView.Newest.Unready _ -> problem(Outcomes.unready());
      };
    }

    /// True when this record ends a wait as soon as it is seen in the topic.
    boolean isNews(Stored stored) {
      return condition.any() || settles(stored);
    }

    /// True when there is no need to wait, this record being there. Who has nothing waits for
    /// something, so a tombstone does not do; to who has something it is news.
    boolean settles(Stored stored) {
      return condition.isAbsent()
          ? !stored.isTombstone()
          : !condition.any() && condition.covering(stored).isEmpty();
    }

    private Reply current(Stored stored) {
      if (condition.any() && !stored.isTombstone()) {
        return unchanged(tag(stored));
      }
      var covering = condition.covering(stored);
      return covering.isPresent() && !stored.isTombstone()
          ? unchanged(covering.get().text())
          : found(stored);
    }

    Reply found(Stored stored) {
      if (stored.value() == null) {
        return problem(Outcomes.notFound());
      }
      var fields = new ArrayList<Headers.Field>(3);
      var type = stored.header("content-type").map(Bytes::utf8);
      if (type.isPresent() && FieldSyntax.isValue(type.get())) {
        fields.add(new Headers.Field("content-type", type.get()));
      }
      fields.add(new Headers.Field("etag", tag(stored)));
      var headers = applied(Headers.of(fields)).withAll(TraceContext.of(stored));
      return stored.value().isEmpty()
          ? Reply.of(204, headers)
          : new Reply(200, headers, stored.value());
    }

    private Reply unchanged(String tag) {
      return new Reply(304, applied(Headers.of("etag", tag)), Bytes.EMPTY);
    }

    private Reply problem(Problem problem) {
      return Reply.of(
          new Problem(
              problem.status(), problem.code(), problem.detail(), applied(problem.headers())));
    }

    private Headers applied(Headers headers) {
      return prefer.patience().isEmpty()
          ? headers
          : headers.with("preference-applied", "wait=" + prefer.patience().get().toSeconds());
    }
  }

  /// How far the record brings its reader, and the tag that its writer gave it.
  static String tag(Stored stored) {
    var progress = ProgressTag.encode(stored.partition(), stored.offset() + 1);
    var given = stored.header("etag").map(Bytes::utf8).filter(FieldSyntax::isValue);
    return given.map(tag -> progress + "/" + tag).orElse(progress);
  }
}
