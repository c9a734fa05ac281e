package io.tidegate.bridge;

import io.tidegate.base.Time;
import io.tidegate.http.Problem;
import io.tidegate.http.Reply;
import io.tidegate.http.Responder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Where callers wait for something to happen in a topic. It holds so many and no more, and each of
/// them for a limited time. Any thread.
final class WaitingRoom {
  /// Longer than any caller is kept, whatever it prefers.
  static final Duration LONGEST = Duration.ofMinutes(5);

  private final Time time;
  private final int seats;
  private final AtomicInteger taken = new AtomicInteger();

  WaitingRoom(Time time, int seats) {
    this.time = time;
    this.seats = seats;
  }

  /// Lets a caller wait. Whoever calls this sets a limit next.
  ///
  /// @throws Problem.Refusal when the room is full
  Wait enter(Responder responder) {
    if (taken.incrementAndGet() > seats) {
      taken.decrementAndGet();
      throw Outcomes.tooManyWaiting().refuse();
    }
    var wait = new Wait(responder);
    responder.onGone(wait::end);
    return wait;
  }

  int taken() {
    return taken.get();
  }

  /// One caller who waits:
  ///
  ///     waiting --answer--> over
  ///             --hangs up--> over
  final class Wait {
    private final Responder responder;
    private final List<Runnable> tidyUp = new ArrayList<>(3);
    private boolean over;

    private Wait(Responder responder) {
      this.responder = responder;
    }

    /// When that much time has passed, `late` may answer the caller, or leave it waiting for
    /// something else that is sure to come.
    void limit(Duration limit, Runnable late) {
      var alarm = time.after(limit, late);
      whenOver(alarm::cancel);
    }

    /// The first answer counts; later ones, and those to a caller who is gone, do nothing.
    void answer(Reply reply) {
      if (end()) {
        responder.reply(reply);
      }
    }

    /// Ends the wait without an answer, for one who sees to the reply itself. True the first time.
    boolean end() {
      synchronized (tidyUp) {
        if (over) {
          return false;
        }
        over = true;
      }
      taken.decrementAndGet();
      tidyUp.forEach(Runnable::run);
      return true;
    }

    /// Runs `action` when the wait is over; at once if it is.
    void whenOver(Runnable action) {
      synchronized (tidyUp) {
        if (!over) {
          tidyUp.add(action);
          return;
        }
      }
      action.run();
    }
  }
}
