package io.tidegate.view;

import io.tidegate.log.RecordLog.From;
import io.tidegate.view.Pieces.Piece;
import io.tidegate.view.TopicView.Follow;
import io.tidegate.view.TopicView.Reader;
import io.tidegate.view.TopicView.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One reader's way through a topic.
///
///     behind --all of it read--> abreast
///            <--no credit left--
///
/// Behind, it reads pieces out of memory or from disk at its own pace. Abreast, the thread that
/// applies records hands them over. Nothing is queued for a reader: one that is slow falls behind,
/// and costs what it always does. Whoever made it `busy` hands over; there is one at a time.
final class Reading implements Follow {
  private static final Logger LOG = LoggerFactory.getLogger(Reading.class);
  private static final Duration DISK_IS_BUSY = Duration.ofMillis(100);

  /// How long a copy may be behind its reader before the cluster is asked which topic that is.
  private static final Duration LAG = Duration.ofMillis(250);

  /// How much is read on the caller's thread, which may be an event loop, before others go on.
  private static final int PIECES_AT_ONCE = 4;

  private final StoredView view;
  private final Match match;
  private final Cursors cursors;
  private final Reader reader;

  private @Nullable TopicCopy copy;
  private @Nullable Watch watch;
  private long credit;
  private boolean abreast;
  private boolean busy = true;
  private boolean again;

  /// From when the copy was seen to be behind the reader until it is known where the log ends.
  private boolean asking;

  /// The look at the topic that says so; none yet.
  private long answered = Long.MAX_VALUE;

  private @Nullable Map<Integer, Long> ends;
  private boolean closed;

  Reading(StoredView view, Match match, Map<Integer, Long> from, From otherwise, Reader reader) {
    this.view = view;
    this.match = match;
    this.cursors = new Cursors(from, otherwise);
    this.reader = reader;
  }

  /// The topic is there: goes on as soon as it may.
  void begin(TopicCopy opened, Watchers watchers) {
    synchronized (this) {
      if (closed) {
        return;
      }
      copy = opened;
      // In place before the first look, so that nothing is missed.
      watch = watchers.add(match, this::applied);
      cursors.resolve(opened);
    }
    reader.started();
    run();
  }

  @Override
  public void request(int records) {
    synchronized (this) {
      credit += records;
      if (busy) {
        again = true;
        return;
      }
      if (closed || abreast) {
        return;
      }
      busy = true;
    }
    run();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      letGo();
    }
  }

  /// It is over, and the reader is told why.
  void end(String cause) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      letGo();
    }
    reader.ended(cause);
  }

  /// Something other than a record may have changed.
  void wake() {
    synchronized (this) {
      if (busy) {
        again = true;
        return;
      }
      if (closed || (abreast && copy == view.feed().copy())) {
        return;
      }
      busy = true;
    }
    run();
  }

  /// Records that match were applied, all of one partition.
  private void applied(List<Event> events) {
    List<Event> taken = List.of();
    synchronized (this) {
      if (busy) {
        again = true;
        return;
      }
      if (closed || (!abreast && credit == 0)) {
        return;
      }
      if (abreast && !cursors.knows(partition(events))) {
        abreast = false;
        cursors.fallBehind(events.getFirst());
      }
      if (abreast) {
        taken = take(events);
        if (taken.isEmpty()) {
          return;
        }
      }
      busy = true;
    }
    if (taken.isEmpty()) {
      run();
    } else {
      handOver(taken);
      release();
    }
  }

  /// What the credit allows; at the first that it does not, the reader falls behind.
  private List<Event> take(List<Event> events) {
    int partition = partition(events);
    int first = 0;
    while (first < events.size() && events.get(first).stored().offset() < cursors.at(partition)) {
      first++;
    }
    int end = (int) Math.min(events.size(), first + credit);
    credit -= end - first;
    if (end < events.size()) {
      abreast = false;
      cursors.fallBehind(events.get(end));
    } else if (end > first) {
      cursors.advance(partition, events.getLast().stored().offset() + 1);
    }
    return first == 0 && end == events.size() ? events : events.subList(first, end);
  }

  private static int partition(List<Event> events) {
    return events.getFirst().stored().partition();
  }

  private void release() {
    synchronized (this) {
      if (abreast || !again) {
        busy = false;
        again = false;
        return;
      }
    }
    run();
  }

  /// Reads on while there is credit and something to be read. Only one thread at a time is here.
  private void run() {
    for (int pieces = 0; ; pieces++) {
      var known = mayGoOn();
      if (known == null) {
        return;
      }
      if (pieces == PIECES_AT_ONCE) {
        onDiskThread(this::run);
        return;
      }
      var memory = cursors.nextToRead(known);
      if (memory == null) {
        if (isAtEnd(known)) {
          return;
        }
        continue;
      }
      var piece =
          new Pieces(known, match).fromMemory(memory, cursors.at(memory.partition()), most());
      if (piece == null) {
        onDiskThread(() -> readDisk(known, memory));
        return;
      }
      accept(piece);
    }
  }

  /// The copy to read; null when it ends here, for now or for ever.
  private @Nullable TopicCopy mayGoOn() {
    String cause;
    synchronized (this) {
      again = false;
      if (closed) {
        return null;
      }
      var known = copy;
      if (known != null && known == view.feed().copy()) {
        if (ends != null) {
          cursors.resolve(known, ends);
          ends = null;
        }
        if (credit > 0) {
          return copy;
        }
        busy = false;
        return null;
      }
      cause = "topic '" + view.topic() + "' is read anew";
    }
    end(cause);
    return null;
  }

  /// All is read that there is. False when more came meanwhile.
  private synchronized boolean isAtEnd(TopicCopy known) {
    if (again) {
      return false;
    }
    abreast = cursors.areAtEnd(known);
    busy = false;
    if (!abreast && !asking && cursors.areAhead(known)) {
      asking = true;
      answered = Long.MAX_VALUE;
      view.later(LAG, () -> askForEnds(known));
    }
    return true;
  }

  /// Whether the log has what the reader has had, if the copy has still not got there.
  private void askForEnds(TopicCopy known) {
    synchronized (this) {
      asking = !closed && cursors.areAhead(known);
      if (asking) {
        answered = view.feed().lookSoon();
      }
    }
  }

  /// The topic was looked at; these are its ends.
  void looked(long number, Map<Integer, Long> found) {
    synchronized (this) {
      if (!asking || number < answered) {
        return;
      }
      asking = false;
      ends = found;
    }
    wake();
  }

  private void readDisk(TopicCopy known, PartitionMemory memory) {
    Piece piece;
    view.reads().count();
    // Read before the snapshot is taken: all below lies on disk by now.
    long floor = memory.floor();
    try (var disk = view.reads().reader(known)) {
      piece =
          new Pieces(known, match)
              .fromDisk(disk, memory, cursors.at(memory.partition()), floor, most());
    } catch (StoreFailure failed) {
      end(String.valueOf(failed.getMessage()));
      view.reads().report(failed);
      return;
    }
    accept(piece);
    run();
  }

  private void accept(Piece piece) {
    List<Event> events = new ArrayList<>(piece.records().size());
    synchronized (this) {
      var before = cursors.progress();
      piece.records().forEach(stored -> events.add(new Event(stored, before)));
      cursors.advance(piece.partition(), piece.next());
      credit -= events.size();
    }
    if (!events.isEmpty()) {
      handOver(events);
    }
  }

  private void handOver(List<Event> events) {
    try {
      reader.records(events);
    } catch (RuntimeException bug) {
      LOG.atError().addKeyValue("topic", view.topic()).setCause(bug).log("a reader failed");
      end("the reader failed");
    }
  }

  private void onDiskThread(Runnable task) {
    if (!view.reads().offer(() -> guarded(task))) {
      view.later(DISK_IS_BUSY, () -> retry(task));
    }
  }

  private void retry(Runnable task) {
    if (!isClosed()) {
      onDiskThread(task);
    }
  }

  private void guarded(Runnable task) {
    try {
      if (!isClosed()) {
        task.run();
      }
    } catch (RuntimeException bug) {
      LOG.atError().addKeyValue("topic", view.topic()).setCause(bug).log("reading on failed");
      end("reading on failed");
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized int most() {
    return (int) Math.min(Integer.MAX_VALUE, credit);
  }

  private void letGo() {
    if (watch != null) {
      watch.close();
    }
    view.gone(this);
  }
}
