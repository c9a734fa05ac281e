package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import io.tidegate.http.Headers;
import io.tidegate.log.Stored;
import io.tidegate.view.Match;
import io.tidegate.view.Progress;
import io.tidegate.view.TopicView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Merged arrays, kept until their topic changes, so that asking again is a look-up. What many ask
/// for at the same time is made once. The arrays least asked for make room for others.
///
/// Any thread; nothing blocks.
final class MergedArrays {
  /// A larger array is not kept, but streamed to each who asks.
  static final int LARGEST = 4 << 20;

  private static final long MOST_KEPT_BYTES = 16L << 20;
  private static final long COST_OF_ANY = 512;

  /// What is put together on the caller's own thread, which may be an event loop.
  private static final int LARGEST_AT_ONCE = 128 << 10;

  private final Executor workers;
  private final ConcurrentHashMap<Key, Flight> flights = new ConcurrentHashMap<>();

  /// The one asked for last is the last.
  private final Map<Key, Made> kept = new LinkedHashMap<>(16, 0.75f, true);

  private long keptBytes;

  MergedArrays(Executor workers) {
    this.workers = workers;
  }

  /// What came of it.
  sealed interface Made {

    /// @param latest the offset of the last record of each partition of the topic, or -1
    /// @param headers of a reply with this array
    record Whole(long version, Progress latest, Headers headers, Bytes body) implements Made {
      static Whole of(long version, Progress next, Bytes body) {
        var latest = last(next);
        return new Whole(version, latest, describe(latest), body);
      }
    }

    /// Too large to be kept.
    record TooLarge(long version, Progress latest, Headers headers) implements Made {
      static TooLarge of(long version, Progress next) {
        var latest = last(next);
        return new TooLarge(version, latest, describe(latest));
      }
    }

    record Unready() implements Made {}

    default boolean isOf(long now) {
      return switch (this) {
        case Whole whole -> whole.version == now;
        case TooLarge tooLarge -> tooLarge.version == now;
        case Unready() -> false;
      };
    }

    default long cost() {
      return COST_OF_ANY + (this instanceof Whole whole ? whole.body.size() : 0);
    }
  }

  private static Progress last(Progress next) {
    var latest = new TreeMap<Integer, Long>();
    next.offsets().forEach((partition, offset) -> latest.put(partition, offset - 1));
    return new Progress(latest);
  }

  private static Headers describe(Progress latest) {
    return Headers.of("content-type", "application/json", "etag", ProgressTag.encode(latest));
  }

  private record Key(String topic, Match match) {}

  /// The array of the view as it is now, or newer: at once if it is kept or small, else from
  /// another thread.
  void make(TopicView view, Match match, Consumer<Made> then) {
    var key = new Key(view.topic(), match);
    var version = view.version();
    var made = find(key);
    if (made != null && made.isOf(version)) {
      then.accept(made);
      return;
    }
    var flight = flights.get(key);
    if (flight == null || flight.version != version || !flight.join(then)) {
      var fresh = new Flight(key, view, version);
      fresh.join(then);
      flights.put(key, fresh);
      fresh.atOnce();
    }
  }

  private @Nullable Made find(Key key) {
    synchronized (kept) {
      return kept.get(key);
    }
  }

  private void keep(Key key, Made made) {
    synchronized (kept) {
      var before = kept.put(key, made);
      keptBytes += made.cost() - (before == null ? 0 : before.cost());
      var oldest = kept.entrySet().iterator();
      while (keptBytes > MOST_KEPT_BYTES && oldest.hasNext()) {
        keptBytes -= oldest.next().getValue().cost();
        oldest.remove();
      }
    }
  }

  /// One array in the making, and all who wait for it.
  private final class Flight {
    private final Key key;
    private final TopicView view;
    private final long version;
    private final Progress before;
    private final List<Consumer<Made>> waiting = new ArrayList<>(1);
    private boolean landed;

    Flight(Key key, TopicView view, long version) {
      this.key = key;
      this.view = view;
      this.version = version;
      this.before = view.applied();
    }

    boolean join(Consumer<Made> then) {
      synchronized (waiting) {
        if (!landed) {
          waiting.add(then);
        }
        return !landed;
      }
    }

    void atOnce() {
      var here = Thread.currentThread();
      collect(
          () -> here.equals(Thread.currentThread()) ? LARGEST_AT_ONCE : LARGEST,
          () -> {
            if (here.equals(Thread.currentThread())) {
              workers.execute(() -> collect(() -> LARGEST, this::tooLarge));
            } else {
              tooLarge();
            }
          });
    }

    private void collect(IntSupplier most, Runnable tooMuch) {
      try {
        view.each(key.match, new Collector(most, tooMuch, this::land));
      } catch (RuntimeException bug) {
        land(new Made.Unready());
        throw bug;
      }
    }

    private void tooLarge() {
      land(Made.TooLarge.of(version, before));
    }

    private void land(Made made) {
      List<Consumer<Made>> all;
      synchronized (waiting) {
        landed = true;
        all = List.copyOf(waiting);
      }
      flights.remove(key, this);
      if (!(made instanceof Made.Unready)) {
        keep(key, made);
      }
      all.forEach(then -> then.accept(made));
    }

    private final class Collector implements TopicView.Scan {
      private final IntSupplier most;
      private final Runnable tooMuch;
      private final Consumer<Made> then;
      private final JsonArray array = new JsonArray();

      Collector(IntSupplier most, Runnable tooMuch, Consumer<Made> then) {
        this.most = most;
        this.tooMuch = tooMuch;
        this.then = then;
      }

      @Override
      public boolean records(List<Stored> batch) {
        for (var stored : batch) {
          array.add(stored);
          if (array.size() > most.getAsInt()) {
            tooMuch.run();
            return false;
          }
        }
        return true;
      }

      @Override
      public void end(Progress upTo) {
        array.close();
        then.accept(Made.Whole.of(version, upTo, array.take()));
      }

      @Override
      public void unready(String cause) {
        then.accept(new Made.Unready());
      }
    }
  }
}
