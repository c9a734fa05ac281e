package io.tidegate.bridge;

import io.tidegate.base.Time;
import io.tidegate.http.Responder;
import io.tidegate.log.Stored;
import io.tidegate.view.Match;
import io.tidegate.view.Progress;
import io.tidegate.view.TopicView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/// An array that is too large to be held, on its way to one caller: read as fast as the caller
/// takes it.
///
/// When too much is queued the scan is stopped, and goes on where it was once the caller has caught
/// up, so that a slow caller holds no thread.
final class ArrayStream implements TopicView.Scan {
  private static final int PIECE = 64 << 10;
  private static final long MOST_QUEUED = 1 << 20;
  private static final long GO_ON_AT = 256 << 10;
  private static final Duration LONGEST_STALL = Duration.ofMinutes(1);

  private final TopicView view;
  private final Match match;
  private final Executor workers;
  private final Time time;
  private final Responder.Outflow out;
  private final JsonArray array = new JsonArray();
  private final Map<Integer, Long> next = new HashMap<>();
  private volatile boolean isGone;

  ArrayStream(TopicView view, Match match, Executor workers, Time time, Responder.Outflow out) {
    this.view = view;
    this.match = match;
    this.workers = workers;
    this.time = time;
    this.out = out;
  }

  void begin(Responder responder) {
    responder.onGone(() -> isGone = true);
    goOn();
  }

  private void goOn() {
    workers.execute(() -> {
      try {
        view.each(match, Progress.of(next), this);
      } catch (RuntimeException bug) {
        BugReport.write(bug);
        out.abort();
      }
    });
  }

  @Override
  public boolean records(List<Stored> batch) {
    for (var stored : batch) {
      if (isGone) {
        return false;
      }
      array.add(stored);
      next.put(stored.partition(), stored.offset() + 1);
      if (array.size() >= PIECE && out.write(array.take()) > MOST_QUEUED) {
        waitForRoom();
        return false;
      }
    }
    return true;
  }

  private void waitForRoom() {
    var alarm =
        time.after(
            LONGEST_STALL,
            () -> {
              isGone = true;
              out.abort();
            });
    out.onDrained(
        GO_ON_AT,
        () -> {
          alarm.cancel();
          if (!isGone) {
            goOn();
          }
        });
  }

  @Override
  public void end(Progress upTo) {
    array.close();
    out.write(array.take());
    out.end();
  }

  @Override
  public void unready(String cause) {
    out.abort();
  }
}
