package io.tidegate.registry;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.log.RecordLog;
import io.tidegate.log.RecordLog.Follower;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All things of a kind as this instance knows them: replayed from their topic, then followed live.
/// `find` is one look into a concurrent map: an immutable one would be copied whole for each
/// change, which with 100,000 entries is too much. Any thread; only the `await…` methods wait.
///
/// What it knows it never forgets while it runs: a topic that disappears, is emptied or is created
/// again takes nothing away. Ids whose last record is not the one that counts are `suspects`, which
/// the registrar writes anew.
public final class Registry<T> implements Follower, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
  private static final long NEVER = -1;

  private final Kind<T> kind;
  private final SnapshotForm<T> form;
  private final Time time;
  private final SeenCommands seen;
  private final Watcher<T> watcher;
  private final Map<String, Snapshot<T>> byId = new ConcurrentHashMap<>();
  private final Set<String> suspects = ConcurrentHashMap.newKeySet();
  private final AtomicLong unreadable = new AtomicLong();
  private volatile long next;
  private volatile boolean replayed;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile long troubleSince;
  private RecordLog.@Nullable Tail tail;

  /// Told of every command whose result was read.
  interface SeenCommands {
    void applied(String command, long version);
  }

  /// Keeps an index of its own: told of every change before those who wait for it, by one thread.
  @FunctionalInterface
  public interface Watcher<T> {
    void changed(Optional<Snapshot<T>> before, Snapshot<T> now);
  }

  Registry(Kind<T> kind, Time time, SeenCommands seen, Watcher<T> watcher) {
    this.kind = kind;
    this.watcher = watcher;
    this.form = new SnapshotForm<>(kind);
    this.time = time;
    this.seen = seen;
    this.troubleSince = NEVER;
  }

  void follow(RecordLog log) {
    tail = log.follow(kind.topic(), Map.of(), RecordLog.From.EARLIEST, this);
  }

  public Optional<Snapshot<T>> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /// All of them, in no order; goes on while others change them.
  public Collection<Snapshot<T>> all() {
    return Collections.unmodifiableCollection(byId.values());
  }

  public int size() {
    return byId.size();
  }

  Kind<T> kind() {
    return kind;
  }

  SnapshotForm<T> form() {
    return form;
  }

  Set<String> suspects() {
    return suspects;
  }

  /// Records that could not be read, so far.
  long unreadable() {
    return unreadable.get();
  }

  /// The offset after the last record that was read.
  public long offset() {
    return next;
  }

  public boolean isReplayed() {
    return replayed;
  }

  /// For how long this instance may not have heard of changes; zero while it follows.
  Duration staleness() {
    var since = troubleSince;
    return since == NEVER ? Duration.ZERO : Duration.ofNanos(time.nanos() - since);
  }

  /// Why what is known may not be all there is; or what is wrong with it.
  Optional<String> check() {
    if (trouble.isPresent()) {
      return trouble;
    }
    if (!replayed) {
      return Optional.of("the topic " + kind.topic() + " is still being read");
    }
    if (!suspects.isEmpty()) {
      return Optional.of(
          suspects.size()
              + " entries of "
              + kind.topic()
              + " are lost there and known here;"
              + " they are being written again");
    }
    return kind.trouble();
  }

  boolean awaitReplay(Duration limit) {
    return await(() -> replayed, limit);
  }

  /// Waits until everything below `offset` has been read.
  public boolean awaitOffset(long offset, Duration limit) {
    return await(() -> next >= offset, limit);
  }

  private synchronized boolean await(BooleanSupplier done, Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    try {
      while (!done.getAsBoolean()) {
        var left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        wait(left / 1_000_000 + 1);
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void records(int partition, List<Stored> records, long next) {
    records.forEach(this::take);
    synchronized (this) {
      this.next = next;
      notifyAll();
    }
  }

  private void take(Stored record) {
    var key = record.key();
    if (key == null) {
      return;
    }
    var id = key.utf8();
    var read = read(id, record.value());
    var known = byId.get(id);
    if (read.isEmpty()) {
      unreadable.incrementAndGet();
      LOG.atWarn()
          .addKeyValue("topic", kind.topic())
          .addKeyValue("offset", record.offset())
          .log("a record cannot be read and is passed over");
      if (known != null) {
        suspects.add(id);
      }
      return;
    }
    var snapshot = read.get().snapshot();
    if (known == null || snapshot.isNewerThan(known)) {
      byId.put(known == null ? id : known.id(), snapshot);
      suspects.remove(id);
      watcher.changed(Optional.ofNullable(known), snapshot);
    } else if (known.isNewerThan(snapshot)) {
      suspects.add(id);
    } else {
      suspects.remove(id);
    }
    if (!read.get().command().isEmpty()) {
      seen.applied(read.get().command(), snapshot.version());
    }
  }

  private Optional<SnapshotForm.Read<T>> read(String id, @Nullable Bytes value) {
    return value == null ? Optional.empty() : form.read(id, value);
  }

  @Override
  public void caughtUp(int partition, long next) {
    synchronized (this) {
      this.next = Math.max(this.next, next);
      replayed = true;
      notifyAll();
    }
  }

  @Override
  public void truncated(int partition, long first) {
    LOG.atWarn()
        .addKeyValue("topic", kind.topic())
        .addKeyValue("known", byId.size())
        .log("the topic was emptied or created again; what is known here is kept and written anew");
    suspects.addAll(byId.keySet());
    synchronized (this) {
      next = first;
    }
  }

  @Override
  public void health(Optional<String> said) {
    trouble = said;
    troubleSince = said.isPresent() ? (troubleSince == NEVER ? time.nanos() : troubleSince) : NEVER;
  }

  @Override
  public void close() {
    if (tail != null) {
      tail.close();
    }
  }
}
