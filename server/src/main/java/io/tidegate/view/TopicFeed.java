package io.tidegate.view;

import io.tidegate.base.Time.Alarm;
import io.tidegate.log.RecordLog.From;
import io.tidegate.log.RecordLog.LogUnavailable;
import io.tidegate.log.RecordLog.TopicInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a view's copy of its topic: finds the topic, opens the copy, has it follow the log, and
/// looks again every minute whether it is still the same topic with the same beginning.
///
///     looking --found--> following --recreated, other policy, other index--> looking
///        ^ not found, not reachable: again after a while
///
/// Steps are taken one at a time, on a virtual thread.
final class TopicFeed {
  private static final Logger LOG = LoggerFactory.getLogger(TopicFeed.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(60);
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final String topic;
  private final ViewParts parts;
  private final Listener listener;
  private final AtomicLong version;
  private final Turns turns;

  private volatile Settings settings;
  private volatile @Nullable TopicCopy copy;
  private volatile Condition condition = Condition.LOOKING;
  private volatile boolean closed;
  private final AtomicLong looks = new AtomicLong();
  private final AtomicBoolean asked = new AtomicBoolean();
  private @Nullable CopyFollower follower;
  private @Nullable Alarm alarm;
  private Duration retry = FIRST_RETRY;

  TopicFeed(String topic, Settings settings, ViewParts parts, Listener listener) {
    this.topic = topic;
    this.settings = settings;
    this.parts = parts;
    this.listener = listener;
    this.version = new AtomicLong(parts.versions().get());
    this.turns = new Turns("view-" + topic);
  }

  void start() {
    turns.add(this::look);
  }

  /// What is there to be read; null while there is nothing.
  @Nullable TopicCopy copy() {
    return copy;
  }

  long version() {
    return version.get();
  }

  Condition condition() {
    return condition;
  }

  /// Other settings from now on; what they change is read anew.
  void use(Settings now) {
    var before = settings;
    settings = now;
    if (!before.indexed().equals(now.indexed())) {
      turns.add(this::stop);
      turns.add(this::look);
    }
  }

  /// Looks at the topic soon; the listener hears of it when the cluster has answered.
  ///
  /// @return the number of that look, or of one before it that has not begun yet
  long lookSoon() {
    long number = looks.get() + 1;
    if (asked.compareAndSet(false, true)) {
      turns.add(() -> {
        asked.set(false);
        look();
      });
    }
    return number;
  }

  /// Gives up a copy and what is on disk of it, and reads the topic anew.
  void startOver(TopicCopy outdated) {
    turns.add(() -> {
      if (copy == outdated) {
        LOG.atWarn().addKeyValue("topic", topic).log("a topic began anew; so does its view");
        stop();
        parts.spiller().then(() -> parts.catalog().drop(topic));
        look();
      }
    });
  }

  /// Lets go of the copy until `look` finds it again; completes when that is done.
  CompletableFuture<Void> letGo(String cause) {
    var done = new CompletableFuture<Void>();
    turns.add(() -> {
      stop();
      become(new Condition(Optional.of(cause), false));
      done.complete(null);
    });
    return done;
  }

  /// Ends it. What was applied is still written. Completes when the log delivers no more.
  CompletableFuture<Void> close() {
    closed = true;
    var done = new CompletableFuture<Void>();
    turns.add(() -> {
      try {
        end();
      } finally {
        done.complete(null);
      }
    });
    return done;
  }

  /// The step that does it all: compares what is there with what should be.
  void look() {
    if (closed) {
      return;
    }
    long number = looks.incrementAndGet();
    try {
      var before = copy;
      var applied = before == null ? Progress.NONE : before.applied();
      var found = parts.log().describe(topic, LIMIT);
      if (found.isEmpty()) {
        lose();
        again(nextRetry());
      } else {
        if (before != null && isSame(before, found.get(), applied)) {
          keep(before, found.get());
          listener.looked(number, found.get());
        } else {
          reopen(found.get());
        }
        retry = FIRST_RETRY;
        again(LOOK_AGAIN);
      }
    } catch (LogUnavailable | StoreFailure away) {
      trouble(String.valueOf(away.getMessage()));
    } catch (RuntimeException bug) {
      LOG.atError().addKeyValue("topic", topic).setCause(bug).log("a view cannot follow its topic");
      trouble("topic '" + topic + "' cannot be followed: " + bug);
    }
  }

  private void trouble(String cause) {
    become(new Condition(Optional.of(cause), false));
    again(nextRetry());
  }

  private void lose() {
    if (copy != null) {
      LOG.atWarn().addKeyValue("topic", topic).log("a topic is gone; so is its view");
      stop();
    }
    become(
        new Condition(
            Optional.of(
                "no topic named '" + topic + "' on cluster '" + parts.options().cluster() + "'"),
            true));
  }

  private boolean isSame(TopicCopy known, TopicInfo found, Progress applied) {
    return known.info().id().equals(found.id())
        && known.info().compacted() == found.compacted()
        && known.partitionCount() <= found.partitions()
        && applied.offsets().entrySet().stream()
            .allMatch(
                at -> found.endOffsets().getOrDefault(at.getKey(), at.getValue()) >= at.getValue());
  }

  private void keep(TopicCopy known, TopicInfo found) {
    known.learn(found);
    found
        .firstOffsets()
        .forEach((partition, first) -> {
          if (first > known.firstOffset(partition)) {
            known.truncate(partition, first);
            dropBelow(known, partition);
          }
        });
    tidy(known);
    if (condition.trouble().isPresent()) {
      become(Condition.FINE);
    }
  }

  private void reopen(TopicInfo info) {
    stop();
    var opened = onDiskThread(info);
    if (closed) {
      return;
    }
    parts.budget().add(opened);
    for (var memory : opened.partitions()) {
      if (memory.first() > 0) {
        dropBelow(opened, memory.partition());
      }
    }
    tidy(opened);
    var following = new CopyFollower(opened, parts.spiller(), listener);
    follower = following;
    copy = opened;
    become(Condition.FINE);
    var from = settings.live() ? From.LATEST : From.EARLIEST;
    try {
      following.attach(parts.log().follow(topic, CopyOpening.positions(opened), from, following));
    } catch (RuntimeException failed) {
      stop();
      throw failed;
    }
  }

  /// What is still to be written of an older copy goes first.
  private TopicCopy onDiskThread(TopicInfo info) {
    var opened = new CompletableFuture<TopicCopy>();
    var now = settings;
    Runnable open =
        () -> {
          try {
            opened.complete(new CopyOpening(parts, info, version).open(now.indexed(), now.live()));
          } catch (RuntimeException failed) {
            opened.completeExceptionally(failed);
            throw failed;
          }
        };
    Runnable refused = () -> opened.completeExceptionally(new StoreFailure("views are closed"));
    parts
        .spiller()
        .then(
            () ->
                parts
                    .reads()
                    .run(open, cause -> opened.completeExceptionally(new StoreFailure(cause))),
            refused);
    try {
      return opened.orTimeout(60, TimeUnit.SECONDS).join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  /// Gives up the copy; what is not written of it will not be.
  private void stop() {
    var known = detach();
    if (known != null) {
      known.retire();
      parts.budget().remove(known);
      version.addAndGet(2);
    }
  }

  private void end() {
    var known = detach();
    parts.versions().accumulateAndGet((version.get() | 1) + 3, Math::max);
    if (known != null) {
      Runnable retire =
          () -> {
            known.retire();
            parts.budget().remove(known);
          };
      parts.spiller().then(retire, retire);
    }
  }

  private @Nullable TopicCopy detach() {
    var following = follower;
    var known = copy;
    follower = null;
    copy = null;
    if (alarm != null) {
      alarm.cancel();
    }
    if (following != null) {
      following.close();
    }
    return known;
  }

  private void dropBelow(TopicCopy from, int partition) {
    parts.spiller().then(() -> new Upkeep(from, parts.spiller()).dropBelow(partition));
  }

  private void tidy(TopicCopy known) {
    if (known.shelf().compacted()) {
      var before = parts.time().now().minus(known.info().tombstoneRetention());
      parts.spiller().then(() -> new Upkeep(known, parts.spiller()).dropTombstones(before));
    }
  }

  private void again(Duration delay) {
    if (alarm != null) {
      alarm.cancel();
    }
    if (!closed) {
      alarm = parts.time().after(delay, () -> turns.add(this::look));
    }
  }

  private Duration nextRetry() {
    var delay = retry;
    var doubled = retry.multipliedBy(2);
    retry = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
    return delay;
  }

  private void become(Condition now) {
    condition = now;
    listener.conditionChanged();
  }

  /// What the plan says about a topic.
  record Settings(Set<String> indexed, boolean live) {
    static final Settings PLAIN = new Settings(Set.of(), false);

    Settings {
      indexed = Set.copyOf(indexed);
    }
  }

  /// How it goes. @param isMissing there is no such topic, so waiting is in vain
  record Condition(Optional<String> trouble, boolean isMissing) {
    static final Condition LOOKING = new Condition(Optional.empty(), false);
    static final Condition FINE = new Condition(Optional.empty(), false);
  }

  /// Wants to know what happens.
  interface Listener extends CopyFollower.Listener {
    void conditionChanged();

    /// It is the same topic still.
    ///
    /// @param number of the look, from 1 on
    void looked(long number, TopicInfo found);
  }
}
