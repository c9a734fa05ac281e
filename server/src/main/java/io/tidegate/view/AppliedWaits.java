package io.tidegate.view;

import io.tidegate.view.TopicView.Watch;
import java.util.Comparator;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Those who wait until a partition is applied up to an offset.
final class AppliedWaits {
  private static final Logger LOG = LoggerFactory.getLogger(AppliedWaits.class);
  private static final Watch DONE = () -> {};

  private final ConcurrentHashMap<Integer, ConcurrentSkipListSet<Wait>> byPartition =
      new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /// @param next how far a partition is applied now
  Watch add(int partition, long offset, IntToLongFunction next, Runnable then) {
    if (next.applyAsLong(partition) > offset) {
      then.run();
      return DONE;
    }
    var waits =
        byPartition.computeIfAbsent(partition, _ -> new ConcurrentSkipListSet<>(Wait.ORDER));
    var wait = new Wait(offset, numbers.incrementAndGet(), then);
    waits.add(wait);
    // Applied in between? Then either this or the applying thread takes it out, and runs it.
    if (next.applyAsLong(partition) > offset && waits.remove(wait)) {
      then.run();
      return DONE;
    }
    return () -> waits.remove(wait);
  }

  boolean isEmpty() {
    return byPartition.values().stream().allMatch(ConcurrentSkipListSet::isEmpty);
  }

  void applied(int partition, long next) {
    var waits = byPartition.get(partition);
    if (waits == null) {
      return;
    }
    for (var first = first(waits); first != null && first.offset() < next; first = first(waits)) {
      if (waits.remove(first)) {
        run(first);
      }
    }
  }

  private static @Nullable Wait first(ConcurrentSkipListSet<Wait> waits) {
    try {
      return waits.isEmpty() ? null : waits.first();
    } catch (NoSuchElementException closedMeanwhile) {
      return null;
    }
  }

  private static void run(Wait wait) {
    try {
      wait.then().run();
    } catch (RuntimeException bug) {
      LOG.atError().setCause(bug).log("what waited for a view failed");
    }
  }

  private record Wait(long offset, long number, Runnable then) {
    private static final Comparator<Wait> ORDER =
        Comparator.comparingLong(Wait::offset).thenComparingLong(Wait::number);
  }
}
