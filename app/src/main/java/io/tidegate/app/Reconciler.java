package io.tidegate.app;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes what runs equal to what is wanted, by difference. Start-up is a change from nothing, stopping
/// a change to nothing, and a reload anything in between: one mechanism.
///
///     apply:  stop what is gone or cannot adopt its change (newest first)
///             then in wanted order: keep what is equal, let adopt what can, start what is missing
///     a failure on the way brings back the parts that ran before
///
/// Not thread-safe: one thread applies changes.
final class Reconciler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

  /// In start order.
  private final Map<String, Live> live = new LinkedHashMap<>();

  private record Live(Part part, Part.Running running) {}

  /// @throws RuntimeException the first failure; what ran before runs again as far as it can
  void apply(List<Part> wanted) {
    var before = live.values().stream().map(Live::part).toList();
    try {
      change(wanted);
    } catch (RuntimeException failed) {
      bringBack(before, failed);
      throw failed;
    }
  }

  private void change(List<Part> wanted) {
    stop(outdated(wanted));
    var fresh = new HashSet<String>();
    for (var part : wanted) {
      var present = live.get(part.id());
      if (present == null) {
        live.put(part.id(), new Live(part, part.starter().start()));
        fresh.add(part.id());
      } else if (isChanged(present, part) || part.needs().stream().anyMatch(fresh::contains)) {
        present.running.adopt(part);
        live.put(part.id(), new Live(part, present.running));
      }
    }
    keepOrder(wanted);
  }

  /// Parts that were started anew stand where they are wanted, not behind those that need them.
  private void keepOrder(List<Part> wanted) {
    var ordered = new LinkedHashMap<String, Live>();
    for (var part : wanted) {
      var present = live.remove(part.id());
      if (present != null) {
        ordered.put(part.id(), present);
      }
    }
    live.putAll(ordered);
  }

  /// What must stop: gone, or changed (or in need of something that stops) beyond adopting.
  private Set<String> outdated(List<Part> wanted) {
    var next = new HashMap<String, Part>();
    wanted.forEach(part -> next.put(part.id(), part));
    var outdated = new HashSet<String>();
    for (var present : live.values()) {
      var part = next.get(present.part.id());
      var moved =
          part != null
              && (isChanged(present, part)
                  || present.part.needs().stream().anyMatch(outdated::contains));
      if (part == null || (moved && !present.running.canAdopt(part))) {
        outdated.add(present.part.id());
      }
    }
    return outdated;
  }

  private static boolean isChanged(Live present, Part next) {
    return !present.part.spec().equals(next.spec()) || !present.part.needs().equals(next.needs());
  }

  private void stop(Set<String> ids) {
    var newestFirst = new ArrayDeque<Live>();
    live.values().forEach(newestFirst::push);
    for (var present : newestFirst) {
      if (ids.contains(present.part.id())) {
        live.remove(present.part.id());
        stop(present);
      }
    }
  }

  private static void stop(Live present) {
    try {
      present.running.stop();
    } catch (RuntimeException failed) {
      LOG.atError().addKeyValue("part", present.part.id()).setCause(failed).log("stopping failed");
    }
  }

  private void bringBack(List<Part> before, RuntimeException cause) {
    try {
      change(before);
    } catch (RuntimeException again) {
      cause.addSuppressed(again);
      LOG.atError().setCause(again).log("could not go back to what ran before");
    }
  }

  /// Ids of what runs, in start order.
  List<String> running() {
    return new ArrayList<>(live.keySet());
  }

  /// Stops everything, newest first.
  @Override
  public void close() {
    stop(new HashSet<>(live.keySet()));
  }
}
