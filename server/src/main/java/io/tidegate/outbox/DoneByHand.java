package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import io.tidegate.base.Time;
import io.tidegate.log.Acks;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import io.tidegate.log.Stored;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Deliveries that a retry by hand has brought to their destinations, the last few thousand: what
/// is still to be tried of them by itself need not be. All of a destination's deliveries have one
/// owner, who makes the retries, too; so that the next owner knows as well, each is noted in the
/// topic of `Streaks`, which every instance reads. A note that gets lost costs one delivery more.
/// Any thread; waits for nothing.
///
///     key: TAB "done" TAB <place> <destination>     value: "1", none when it counts no more
final class DoneByHand {
  static final int MOST = 20_000;

  /// Longer than topics keep what could still be tried.
  static final Duration KEPT = Duration.ofDays(8);

  /// Keys of destinations have no such characters.
  private static final String MARK = "\tdone\t";

  private final RecordLog log;
  private final Time time;
  private final Set<String> old = new HashSet<>();
  private final LinkedHashSet<String> done = new LinkedHashSet<>();

  DoneByHand(RecordLog log, Time time) {
    this.log = log;
    this.time = time;
  }

  void add(String delivery) {
    note(delivery, Bytes.utf8("1"));
    var eldest = remember(delivery);
    if (eldest != null) {
      note(eldest, null);
    }
  }

  private synchronized @Nullable String remember(String delivery) {
    return done.add(delivery) && done.size() > MOST ? done.removeFirst() : null;
  }

  private void note(String delivery, @Nullable Bytes value) {
    log.append(
        new Entry(Streaks.TOPIC, Bytes.utf8(MARK + delivery), List.of(), value),
        Acks.IN_SYNC_REPLICAS,
        _ -> {});
  }

  synchronized boolean has(String delivery) {
    return done.contains(delivery);
  }

  synchronized boolean isEmpty() {
    return done.isEmpty();
  }

  /// Takes what any instance has noted.
  ///
  /// @return false when it is none of these notes
  boolean read(Stored record) {
    var key = record.key() == null ? "" : record.key().utf8();
    if (!key.startsWith(MARK)) {
      return false;
    }
    read(key.substring(MARK.length()), record);
    return true;
  }

  private synchronized void read(String delivery, Stored record) {
    old.remove(delivery);
    if (record.isTombstone()) {
      done.remove(delivery);
    } else if (record.time().plus(KEPT).isBefore(time.now())) {
      old.add(delivery);
    } else {
      var _ = remember(delivery);
    }
  }

  /// All notes there were have been read: those that are too old to matter are taken away.
  void caughtUp() {
    Set<String> over;
    synchronized (this) {
      over = Set.copyOf(old);
      old.clear();
    }
    over.forEach(each -> note(each, null));
  }
}
