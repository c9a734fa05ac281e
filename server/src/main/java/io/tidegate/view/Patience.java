package io.tidegate.view;

import io.tidegate.base.Time;
import io.tidegate.base.Time.Alarm;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Readers that wait until a view is ready for them: a few seconds, and not more of them than fit.
final class Patience {
  private static final int MOST = 20_000;

  private final Time time;
  private final Duration limit;
  private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();

  Patience(Time time, Duration limit) {
    this.time = time;
    this.limit = limit;
  }

  /// Looks each time something changed, and does once what it then sees is to be done; or `giveUp`
  /// when the time is over.
  void await(Look look, Runnable giveUp) {
    if (waiting.size() >= MOST) {
      giveUp.run();
      return;
    }
    var reader = new Waiting(look, giveUp);
    waiting.add(reader);
    reader.alarm = time.after(limit, reader::end);
    // It was told nothing of what changed before it was in the set.
    reader.look();
  }

  boolean isIdle() {
    return waiting.isEmpty();
  }

  /// Something changed.
  void wake() {
    waiting.forEach(Waiting::look);
  }

  /// Nothing will change any more.
  void endAll() {
    waiting.forEach(Waiting::end);
  }

  /// Says what is to be done; null while it is too early.
  interface Look {
    @Nullable Runnable now();
  }

  private final class Waiting {
    private final Look look;
    private final Runnable giveUp;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Alarm alarm;

    Waiting(Look look, Runnable giveUp) {
      this.look = look;
      this.giveUp = giveUp;
    }

    void look() {
      var go = over.get() ? null : look.now();
      if (go != null) {
        finish(go);
      }
    }

    void end() {
      finish(giveUp);
    }

    private void finish(Runnable with) {
      if (!over.compareAndSet(false, true)) {
        return;
      }
      waiting.remove(this);
      var running = alarm;
      if (running != null) {
        running.cancel();
      }
      with.run();
    }
  }
}
