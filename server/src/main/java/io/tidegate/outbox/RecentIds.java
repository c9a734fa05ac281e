package io.tidegate.outbox;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/// Which ids the events of one partition have had lately. What it says is a function of the
/// partition's records alone, so whoever has read them says the same.
///
/// An id is known for an hour after its last record, or until so many more records of the
/// partition, whichever ends first. That is why it suffices to begin `MOST` records back: what lies
/// before has no say. Takes about 64 bytes an id. Not for several threads.
final class RecentIds {
  /// How far back one has to begin to read.
  static final long MOST = 1 << 16;

  private static final long WINDOW = Duration.ofHours(1).toMillis();
  private static final int WIDTH = 4;
  private static final int SMALLEST = 256;

  /// Two halves of the id's hash, the offset plus one, the timestamp; an offset of 0 is a free
  /// place.
  private long[] table = new long[SMALLEST * WIDTH];

  private int used;

  /// What of an id is remembered.
  record Id(long high, long low) {
    static Id of(String tenant, String event) {
      try {
        var digest = MessageDigest.getInstance("SHA-256");
        digest.update(tenant.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        var hash = ByteBuffer.wrap(digest.digest(event.getBytes(StandardCharsets.UTF_8)));
        return new Id(hash.getLong(), hash.getLong());
      } catch (NoSuchAlgorithmException missing) {
        throw new IllegalStateException(missing);
      }
    }
  }

  /// Takes note of a record, and tells whether it repeats an earlier one. To be asked once for each
  /// record, in their order.
  boolean isRepeated(Id id, long offset, long timestamp) {
    int at = place(id);
    boolean isKnown = table[at + 2] != 0;
    boolean repeated = isKnown && isRecent(at, offset, timestamp);
    if (!isKnown && ++used > table.length / WIDTH / 2) {
      rebuild(offset, timestamp);
      at = place(id);
    }
    table[at] = id.high;
    table[at + 1] = id.low;
    table[at + 2] = offset + 1;
    table[at + 3] = timestamp;
    return repeated;
  }

  /// True when a record at this offset would be a repetition.
  boolean knows(Id id, long offset, long timestamp) {
    int at = place(id);
    return table[at + 2] != 0 && isRecent(at, offset, timestamp);
  }

  private boolean isRecent(int at, long offset, long timestamp) {
    return offset - (table[at + 2] - 1) <= MOST && timestamp - table[at + 3] <= WINDOW;
  }

  /// Where an id is, or a free place for it.
  private int place(Id id) {
    int places = table.length / WIDTH;
    int at = (int) (id.low & (places - 1));
    while (table[at * WIDTH + 2] != 0
        && (table[at * WIDTH] != id.high || table[at * WIDTH + 1] != id.low)) {
      at = (at + 1) & (places - 1);
    }
    return at * WIDTH;
  }

  /// Leaves out what is over, and makes room.
  private void rebuild(long offset, long timestamp) {
    var old = table;
    int live = 0;
    for (int at = 0; at < old.length; at += WIDTH) {
      live += old[at + 2] != 0 && isRecent(at, offset, timestamp) ? 1 : 0;
    }
    var kept = new boolean[old.length / WIDTH];
    for (int at = 0; at < old.length; at += WIDTH) {
      kept[at / WIDTH] = old[at + 2] != 0 && isRecent(at, offset, timestamp);
    }
    int places = Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, live)) * 4);
    table = new long[places * WIDTH];
    used = live + 1;
    for (int at = 0; at < old.length; at += WIDTH) {
      if (kept[at / WIDTH]) {
        int to = place(new Id(old[at], old[at + 1]));
        System.arraycopy(old, at, table, to, WIDTH);
      }
    }
  }
}
