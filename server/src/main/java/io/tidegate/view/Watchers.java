package io.tidegate.view;

import io.tidegate.log.Stored;
import io.tidegate.view.TopicView.Watch;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Those who want to know of records as they are applied, found by what they ask for: a record
/// costs a look-up or a few, however many are waiting.
///
/// A watcher whose every clause has a key or a header lies under these; any other is asked about
/// every record.
final class Watchers {
  private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

  /// By key (`Bytes`) or by `Header`.
  private final ConcurrentHashMap<Object, Set<Watcher>> indexed = new ConcurrentHashMap<>();

  private final Set<Watcher> others = ConcurrentHashMap.newKeySet();

  Watch add(Match match, Consumer<List<Event>> onEvents) {
    var watcher = new Watcher(match, onEvents);
    if (watcher.places.isEmpty()) {
      others.add(watcher);
    }
    for (var place : watcher.places) {
      indexed.compute(
          place,
          (_, there) -> {
            var watchers = there == null ? ConcurrentHashMap.<Watcher>newKeySet(1) : there;
            watchers.add(watcher);
            return watchers;
          });
    }
    return watcher;
  }

  boolean isEmpty() {
    return indexed.isEmpty() && others.isEmpty();
  }

  /// Tells of records of one partition, in order, that were just applied.
  void applied(List<Event> events) {
    if (!indexed.isEmpty()) {
      for (var event : events) {
        var stored = event.stored();
        tell(stored.key(), event);
        for (var header : stored.headers()) {
          tell(header, event);
        }
      }
    }
    for (var watcher : others) {
      watcher.tellAll(events);
    }
  }

  private void tell(@Nullable Object place, Event event) {
    if (place == null) {
      return;
    }
    for (var watcher : indexed.getOrDefault(place, Set.of())) {
      watcher.tell(place, event);
    }
  }

  private void remove(Watcher watcher) {
    others.remove(watcher);
    for (var place : watcher.places) {
      indexed.computeIfPresent(
          place,
          (_, there) -> {
            there.remove(watcher);
            return there.isEmpty() ? null : there;
          });
    }
  }

  private final class Watcher implements Watch {
    private final Match match;
    private final Consumer<List<Event>> onEvents;
    private final Set<Object> places;
    private final AtomicBoolean closed = new AtomicBoolean();

    Watcher(Match match, Consumer<List<Event>> onEvents) {
      this.match = match;
      this.onEvents = onEvents;
      this.places = places(match);
    }

    /// A record can be found in several places and is told of in the first that has it: the very
    /// same, since a record may have a header twice.
    @SuppressWarnings("ReferenceEquality")
    void tell(Object place, Event event) {
      if (match.test(event.stored()) && place == firstPlace(event.stored())) {
        hand(List.of(event));
      }
    }

    void tellAll(List<Event> events) {
      var matching =
          match.anyOf().isEmpty()
              ? events
              : events.stream().filter(event -> match.test(event.stored())).toList();
      if (!matching.isEmpty()) {
        hand(matching);
      }
    }

    private void hand(List<Event> events) {
      try {
        if (!closed.get()) {
          onEvents.accept(events);
        }
      } catch (RuntimeException bug) {
        LOG.atError().setCause(bug).log("a watcher of a view failed");
      }
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        remove(this);
      }
    }

    private @Nullable Object firstPlace(Stored stored) {
      if (stored.key() != null && places.contains(stored.key())) {
        return stored.key();
      }
      for (var header : stored.headers()) {
        if (places.contains(header)) {
          return header;
        }
      }
      return null;
    }

    private static Set<Object> places(Match match) {
      var places = new HashSet<Object>();
      for (var clause : match.clauses()) {
        if (clause.key() != null) {
          places.add(clause.key());
        } else if (!clause.headers().isEmpty()) {
          places.add(clause.headers().getFirst());
        } else {
          return Set.of();
        }
      }
      return Set.copyOf(places);
    }
  }
}
