package io.tidegate.view;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidegate.base.Time;
import io.tidegate.base.Time.Alarm;
import io.tidegate.log.RecordLog;
import io.tidegate.plan.Topic;
import io.tidegate.view.TopicFeed.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The views of one cluster, on one store.
///
///     follower's thread          writing thread             reading threads
///     log -> memory -> watchers
///              `---- spills ----> store, then memory is
///                                 brought back to its bound
///                                              store -----> what memory does not have
///
/// `start`, then `plan`, then `of` from any thread. `close` writes what is left and ends within
/// about ten seconds.
public final class StoredViews implements Views {
  private static final Logger LOG = LoggerFactory.getLogger(StoredViews.class);
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final Duration ROUND = Duration.ofMinutes(1);
  private static final Duration JUST_USED = Duration.ofSeconds(10);
  private static final Duration CLOSING = Duration.ofSeconds(3);
  private static final int READERS = 2;

  private final ViewOptions options;
  private final Time time;
  private final Store store;
  private final MemoryBudget budget;
  private final Spiller spiller;
  private final DiskReads reads;
  private final ViewMeters meters;
  private final ViewParts parts;
  private final ConcurrentHashMap<String, StoredView> views = new ConcurrentHashMap<>();
  private final AtomicBoolean rebuilding = new AtomicBoolean();
  private final Object opening = new Object();

  private volatile Map<String, Settings> named = Map.of();
  private volatile boolean closed;
  private volatile @Nullable Alarm round;

  public StoredViews(ViewOptions options, RecordLog log, Time time, MeterRegistry registry) {
    this.options = options;
    this.time = time;
    this.store = new Store(options.folder());
    this.budget = new MemoryBudget(options.memoryBytes());
    this.meters = new ViewMeters(registry, options.cluster());
    this.spiller =
        new Spiller(
            store, budget, Math.clamp(options.memoryBytes() / 4, 1 << 16, 16 << 20), this::rebuild);
    this.reads = new DiskReads(spiller, READERS, time, meters::readDisk, this::rebuild);
    this.parts =
        new ViewParts(
            options,
            log,
            new ShelfCatalog(store),
            spiller,
            reads,
            budget,
            time,
            meters,
            new AtomicLong());
  }

  /// Opens what lies on disk.
  ///
  /// @throws IllegalStateException when the folder cannot be used, with the reason
  public void start() {
    try {
      store.start();
    } catch (StoreFailure failed) {
      throw new IllegalStateException(failed.getMessage(), failed);
    }
    spiller.start();
    meters.watch(budget);
    round = time.after(ROUND, this::goRound);
  }

  /// What the configuration says now. Topics that it wants viewed are opened; those that are open
  /// and are to be indexed otherwise are read anew.
  public void plan(Collection<Topic> topics) {
    var now = new HashMap<String, Settings>();
    var wanted = new ArrayList<String>();
    for (var topic : topics) {
      if (topic.cluster().equals(options.cluster())) {
        now.put(topic.name(), new Settings(topic.indexedHeaders(), topic.live()));
        if (topic.viewed()) {
          wanted.add(topic.name());
        }
      }
    }
    named = Map.copyOf(now);
    views.forEach((name, view) -> view.feed().use(now.getOrDefault(name, Settings.PLAIN)));
    wanted.forEach(this::of);
  }

  @Override
  public TopicView of(String topic) {
    var view = views.get(topic);
    if (view == null) {
      return open(topic);
    }
    view.touch();
    return view;
  }

  @Override
  public Optional<String> check() {
    var disk = spiller.check();
    if (disk.isPresent()) {
      return disk;
    }
    for (var name : named.keySet()) {
      var view = views.get(name);
      var trouble = view == null ? Optional.<String>empty() : view.check();
      if (trouble.isPresent()) {
        return trouble;
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    synchronized (opening) {
      if (closed) {
        return;
      }
      closed = true;
    }
    var alarm = round;
    if (alarm != null) {
      alarm.cancel();
    }
    await(views.values().stream().map(StoredView::close).toList());
    if (!spiller.close(CLOSING)) {
      LOG.atWarn().log("what is not written of the views yet will be read from the topics again");
    }
    boolean idle = reads.close(CLOSING);
    if (!idle || !store.close(CLOSING)) {
      LOG.atWarn().log("a reader of the views does not end; they are left open");
    }
    meters.close();
  }

  private TopicView open(String topic) {
    if (!LEGAL.matcher(topic).matches() || topic.equals(".") || topic.equals("..")) {
      return new RefusedView("", "that is not a legal topic name");
    }
    if (topic.startsWith("tidegate.") || topic.startsWith("__")) {
      return new RefusedView(topic, "topic '" + topic + "' is internal and is not shown");
    }
    synchronized (opening) {
      var there = views.get(topic);
      if (there != null) {
        return there;
      }
      if (closed) {
        return new RefusedView(topic, "the views are closed");
      }
      var settings = named.get(topic);
      if (settings == null && !makeRoom()) {
        return new RefusedView(
            topic, "more than " + options.dynamicViews() + " topics are being read at once");
      }
      var view = new StoredView(topic, settings == null ? Settings.PLAIN : settings, parts);
      views.put(topic, view);
      if (settings != null) {
        meters.watch(view);
      }
      view.feed().start();
      return view;
    }
  }

  /// Makes room for one more topic that the configuration does not name.
  private boolean makeRoom() {
    var dynamic = dynamic();
    if (dynamic.size() < options.dynamicViews()) {
      return true;
    }
    var oldest =
        dynamic.stream()
            .filter(view -> isUnusedFor(view, JUST_USED))
            .max(Comparator.comparingLong(view -> time.nanos() - view.used()));
    oldest.ifPresent(this::closeIdle);
    return oldest.isPresent();
  }

  private List<StoredView> dynamic() {
    return views.values().stream().filter(view -> !named.containsKey(view.topic())).toList();
  }

  private boolean isUnusedFor(StoredView view, Duration span) {
    return view.isDeserted() && time.nanos() - view.used() >= span.toNanos();
  }

  /// It stays in the map until the log delivers no more to it, so that the next one of its name
  /// does not begin before.
  private void closeIdle(StoredView view) {
    var _ = view.close().thenRun(() -> views.remove(view.topic(), view));
  }

  private void goRound() {
    dynamic().stream().filter(view -> isUnusedFor(view, options.idle())).forEach(this::closeIdle);
    spiller.then(store::flush);
    if (!closed) {
      round = time.after(ROUND, this::goRound);
    }
  }

  /// What lies on disk is broken: all of it goes, and is read again.
  private void rebuild(StoreFailure damage) {
    if (closed || !rebuilding.compareAndSet(false, true)) {
      return;
    }
    LOG.atError().setCause(damage).log("views on disk are damaged and are built anew");
    Thread.ofPlatform().name("view-rebuild").daemon().start(this::rebuildNow);
  }

  private void rebuildNow() {
    try {
      await(
          views.values().stream()
              .map(view -> view.feed().letGo("the view is built anew"))
              .toList());
      store.wipe(CLOSING);
    } catch (RuntimeException failed) {
      LOG.atError().setCause(failed).log("views on disk cannot be built anew");
    } finally {
      rebuilding.set(false);
      views.values().forEach(view -> view.feed().start());
    }
  }

  private static void await(List<CompletableFuture<Void>> all) {
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, CLOSING.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
