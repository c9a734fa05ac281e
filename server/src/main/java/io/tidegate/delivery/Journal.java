package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import io.tidegate.log.Acks;
import io.tidegate.log.Appended;
import io.tidegate.log.Entry;
import io.tidegate.log.RecordLog;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Writes down what came of each attempt on one partition, in `tidegate.attempts`, and knows from
/// where on that has to be read to know what a checkpoint does not say.
///
/// Any thread; `append` waits, a few seconds at most.
final class Journal {
  private static final int UNKNOWN = -1;

  private final RecordLog log;
  private final Bytes key;
  private final ArrayDeque<Ticket> under = new ArrayDeque<>();
  private int partition = UNKNOWN;
  private long last = UNKNOWN;

  /// A line that is on its way or not taken to heart yet. It will lie above `floor`.
  static final class Ticket {
    private final long floor;
    private boolean over;

    private Ticket(long floor) {
      this.floor = floor;
    }
  }

  /// @param key of all its lines: they lie in one partition, in order
  Journal(RecordLog log, Bytes key) {
    this.log = log;
    this.key = key;
  }

  /// To be taken before a line is written and given back when what it says is known here.
  synchronized Ticket begin() {
    var ticket = new Ticket(last);
    under.add(ticket);
    return ticket;
  }

  synchronized void end(Ticket ticket) {
    ticket.over = true;
    for (var first = under.peek(); first != null && first.over; first = under.peek()) {
      under.remove();
    }
  }

  /// Writes a line and waits until it is stored, or why it is not.
  Appended append(JournalEntry line) throws InterruptedException {
    var answer = new CompletableFuture<Appended>();
    var entry = new Entry(DeliveryTopics.ATTEMPTS, key, List.of(), line.pack());
    log.append(entry, Acks.IN_SYNC_REPLICAS, answer::complete);
    try {
      var appended = answer.get();
      if (appended instanceof Appended.At(var at, var offset)) {
        stored(at, offset);
      }
      return appended;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private synchronized void stored(int partition, long offset) {
    this.partition = partition;
    this.last = Math.max(last, offset);
  }

  /// The journal's own partition; -1 before the first line.
  synchronized int partition() {
    return partition;
  }

  /// Everything below it is known here.
  synchronized long known() {
    var oldest = under.peek();
    return 1 + (oldest == null ? last : oldest.floor);
  }

  boolean isOurs(Bytes key) {
    return this.key.equals(key);
  }
}
