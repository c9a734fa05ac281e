package io.tidegate.inbox;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/// Ids of events: UUIDs of version 7, which sort by the time at which they were made; those of one
/// thread strictly so. Any thread, no lock.
final class EventIds {
  private static final SecureRandom SOURCE = new SecureRandom();
  private static final int AT_A_TIME = 512 * Long.BYTES;
  private static final ThreadLocal<Maker> MAKERS = ThreadLocal.withInitial(Maker::new);

  private EventIds() {}

  static String next(long millis) {
    return MAKERS.get().next(millis);
  }

  /// One thread's ids. The 12 bits behind the time count those of one millisecond; when they are
  /// used up the next millisecond is borrowed from.
  private static final class Maker {
    private static final int MOST = 0xfff;

    private final ByteBuffer pool = ByteBuffer.allocate(AT_A_TIME).limit(0);
    private long millis;
    private int count;

    String next(long now) {
      if (now > millis) {
        millis = now;
        count = 0;
      } else if (++count > MOST) {
        millis++;
        count = 0;
      }
      var high = (millis << 16) | 0x7000L | count;
      var low = (random() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low).toString();
    }

    private long random() {
      if (!pool.hasRemaining()) {
        var fresh = new byte[AT_A_TIME];
        SOURCE.nextBytes(fresh);
        pool.clear().put(fresh).flip();
      }
      return pool.getLong();
    }
  }
}
