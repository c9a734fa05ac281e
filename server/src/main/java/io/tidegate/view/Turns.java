package io.tidegate.view;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Steps that may wait, taken one after the other, on a virtual thread that lives while there are
/// any.
final class Turns {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  private final String name;
  private final Queue<Runnable> steps = new ArrayDeque<>();
  private boolean running;

  Turns(String name) {
    this.name = name;
  }

  void add(Runnable step) {
    synchronized (steps) {
      steps.add(step);
      if (running) {
        return;
      }
      running = true;
    }
    Thread.ofVirtual().name(name).start(this::run);
  }

  private void run() {
    for (var step = take(); step != null; step = take()) {
      try {
        step.run();
      } catch (RuntimeException bug) {
        LOG.atError().addKeyValue("step", name).setCause(bug).log("a step failed");
      }
    }
  }

  private @Nullable Runnable take() {
    synchronized (steps) {
      var step = steps.poll();
      running = step != null;
      return step;
    }
  }
}
