package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.log.Appended;
import io.tidegate.view.Match;
import io.tidegate.view.TopicView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Read your own write: remembers how far this node has been told that its records are stored, and
/// lets a reader wait, briefly, until the view has come as far. The same for what a reader has seen
/// at another node.
///
/// Any thread; nothing blocks. A GET that has nothing to wait for costs two look-ups.
final class OwnWrites {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Time time;
  private final Executor workers;

  /// By topic and partition. Only what the cluster stored gets in, so the cluster bounds it.
  private final ConcurrentHashMap<String, Map<Integer, Mark>> marks = new ConcurrentHashMap<>();

  OwnWrites(Time time, Executor workers) {
    this.time = time;
    this.workers = workers;
  }

  void note(String topic, Appended.At at) {
    if (at.offset() >= 0) {
      marks
          .computeIfAbsent(topic, _ -> new ConcurrentHashMap<>())
          .computeIfAbsent(at.partition(), Mark::new)
          .raise(at.offset());
    }
  }

  /// Runs `then` once: at once when everything this node wrote, where `match` could find it, is in
  /// the view; else on a worker, when it is or after a second.
  void whenVisible(TopicView view, Match match, Runnable then) {
    var written = marks.get(view.topic());
    var due = written == null ? List.<Due>of() : due(view, match, written);
    if (due.isEmpty()) {
      then.run();
    } else {
      new Waiting(due, then).begin(view);
    }
  }

  /// Runs `then` once: at once when the view has what the caller has seen, as its tags say; else on
  /// a worker, when it has, or after a second.
  void whenCaughtUp(TopicView view, Condition seen, Runnable then) {
    var applied = view.applied();
    var due = new ArrayList<Due>();
    for (var tag : seen.tags()) {
      tag.progress()
          .offsets()
          .forEach((partition, offset) -> {
            if (offset >= applied.at(partition, Long.MAX_VALUE)) {
              due.add(new Due(partition, offset, () -> {}));
            }
          });
    }
    if (due.isEmpty()) {
      then.run();
    } else {
      new Waiting(due, then).begin(view);
    }
  }

  private static List<Due> due(TopicView view, Match match, Map<Integer, Mark> written) {
    var key = onlyKey(match);
    if (key != null) {
      var mark = written.get(view.partitionOf(key));
      return mark == null || mark.isVisible() ? List.of() : List.of(mark.due());
    }
    var due = new ArrayList<Due>();
    for (var mark : written.values()) {
      if (!mark.isVisible()) {
        due.add(mark.due());
      }
    }
    return due;
  }

  private static @Nullable Bytes onlyKey(Match match) {
    return match.anyOf().size() == 1 ? match.anyOf().getFirst().key() : null;
  }

  /// How far this node has written into a partition, and how much of that was seen in the view.
  private static final class Mark {
    private final int partition;
    private final AtomicLong stored = new AtomicLong(-1);
    private final AtomicLong visible = new AtomicLong(-1);

    Mark(int partition) {
      this.partition = partition;
    }

    void raise(long offset) {
      stored.accumulateAndGet(offset, Math::max);
    }

    Due due() {
      long upTo = stored.get();
      return new Due(partition, upTo, () -> visible.accumulateAndGet(upTo, Math::max));
    }

    boolean isVisible() {
      return visible.get() >= stored.get();
    }
  }

  /// @param seen run when the view has the record, or when it is not waited for any longer
  private record Due(int partition, long offset, Runnable seen) {}

  /// One reader who waits for several partitions.
  private final class Waiting {
    private final List<Due> due;
    private final Runnable then;
    private final AtomicInteger missing;
    private final List<Runnable> tidyUp = new ArrayList<>();
    private boolean began;
    private boolean over;

    Waiting(List<Due> due, Runnable then) {
      this.due = due;
      this.then = then;
      this.missing = new AtomicInteger(due.size());
    }

    void begin(TopicView view) {
      for (var each : due) {
        var watch =
            view.whenApplied(
                each.partition,
                each.offset,
                () -> {
                  each.seen.run();
                  arrived();
                });
        whenOver(watch::close);
      }
      boolean isOver;
      synchronized (tidyUp) {
        began = true;
        isOver = over;
      }
      if (isOver) {
        then.run();
      } else {
        whenOver(time.after(PATIENCE, this::giveUp)::cancel);
      }
    }

    private void arrived() {
      if (missing.decrementAndGet() == 0) {
        end();
      }
    }

    /// Nobody waits again for what does not come, such as an offset of a topic made anew.
    private void giveUp() {
      due.forEach(each -> each.seen.run());
      end();
    }

    private void end() {
      boolean elsewhere;
      synchronized (tidyUp) {
        if (over) {
          return;
        }
        over = true;
        elsewhere = began;
      }
      tidyUp.forEach(Runnable::run);
      if (elsewhere) {
        workers.execute(then);
      }
    }

    private void whenOver(Runnable action) {
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
