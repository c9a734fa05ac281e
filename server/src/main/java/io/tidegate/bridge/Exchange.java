package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Problem;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Stored;
import io.tidegate.view.TopicView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request under way through its topics, and everyone who asked it:
///
///     looking --reply is there--> over
///             --no reply yet--> storing --not stored--> over
///                               storing --stored--> asked --reply, or nobody waits--> over
///
/// The reply topic is watched before it is looked through, so that no reply slips in between. Any
/// thread; no lock is held while a caller is told.
final class Exchange {
  private final Exchanges exchanges;
  private final Question question;
  private final List<Caller> callers = new ArrayList<>(1);
  private Stage stage = Stage.LOOKING;
  private TopicView.@Nullable Watch watch;

  Exchange(Exchanges exchanges, Question question) {
    this.exchanges = exchanges;
    this.question = question;
  }

  /// Who wants to know how it goes on. Called at most once each, `stored` first.
  interface Caller {
    void stored();

    void answered(Stored reply);

    void failed(Problem problem);
  }

  /// What is asked, and where the reply will be.
  ///
  /// @param replyIdHeader carries the correlation id on the reply
  /// @param canRepeat the caller has given an idempotency key, so that the request can come again
  record Question(
      RequestRecord record, Acks acks, TopicView replies, String replyIdHeader, boolean canRepeat) {

    Id id() {
      return new Id(record.entry().topic(), replies.topic(), Bytes.utf8(record.correlationId()));
    }
  }

  /// What makes two requests the same.
  record Id(String topic, String replyTopic, Bytes correlationId) {}

  private enum Stage {
    LOOKING,
    ASKED,
    OVER
  }

  /// False when it is over, and another exchange has to be begun.
  boolean join(Caller caller) {
    Stage now;
    synchronized (this) {
      now = stage;
      if (now != Stage.OVER) {
        callers.add(caller);
      }
    }
    if (now == Stage.ASKED) {
      caller.stored();
    }
    return now != Stage.OVER;
  }

  /// A caller who no longer waits. The last one closes the exchange behind him.
  void leave(Caller caller) {
    synchronized (this) {
      callers.remove(caller);
    }
    endIfDeserted();
  }

  void begin() {
    var match = Exchanges.match(question.replyIdHeader, question.record.correlationId());
    var watching = question.replies.watch(match, this::answered);
    boolean isOver;
    synchronized (this) {
      watch = watching;
      isOver = stage == Stage.OVER;
    }
    if (isOver) {
      watching.close();
    } else {
      question.replies.newest(match, this::looked);
    }
  }

  private void looked(TopicView.Newest found) {
    switch (found) {
      case TopicView.Newest.Found(var reply) -> answered(reply);
      case TopicView.Newest.Unready _ -> failed(Outcomes.unready());
      case TopicView.Newest.Absent _ -> {
        if (question.canRepeat && exchanges.wasAsked(question.id())) {
          stored();
        } else {
          exchanges.append(question, this::appended);
        }
      }
    }
  }

  private void appended(Appended outcome) {
    switch (outcome) {
      case Appended.At _ -> stored();
      case Appended.Refused refused -> failed(Outcomes.of(refused));
      case Appended.Unavailable unavailable -> failed(Outcomes.of(unavailable));
      case Appended.Unknown _ -> failed(Outcomes.unknown());
    }
  }

  private void stored() {
    List<Caller> present;
    synchronized (this) {
      if (stage == Stage.OVER) {
        return;
      }
      stage = Stage.ASKED;
      present = List.copyOf(callers);
    }
    present.forEach(Caller::stored);
    endIfDeserted();
  }

  private void answered(Stored reply) {
    end().forEach(caller -> caller.answered(reply));
  }

  private void failed(Problem problem) {
    end().forEach(caller -> caller.failed(problem));
  }

  /// Before it is stored it goes on, whoever waits for it or not.
  private void endIfDeserted() {
    synchronized (this) {
      if (stage != Stage.ASKED || !callers.isEmpty()) {
        return;
      }
      stage = Stage.OVER;
    }
    release();
  }

  /// Whoever was still there; nobody when it was over before.
  private List<Caller> end() {
    List<Caller> present;
    synchronized (this) {
      if (stage == Stage.OVER) {
        return List.of();
      }
      stage = Stage.OVER;
      present = List.copyOf(callers);
      callers.clear();
    }
    release();
    return present;
  }

  private void release() {
    TopicView.Watch watching;
    synchronized (this) {
      watching = watch;
    }
    if (watching != null) {
      watching.close();
    }
    exchanges.over(question.id(), this);
  }
}
