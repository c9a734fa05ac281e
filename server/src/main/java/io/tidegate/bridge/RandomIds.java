package io.tidegate.bridge;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/// Random UUIDs (version 4), unguessable like those of the JDK, but without going to the source of
/// randomness for each: event loops would queue there.
final class RandomIds {
  private static final SecureRandom SOURCE = new SecureRandom();
  private static final int AT_A_TIME = 256 * 2 * Long.BYTES;
  private static final ThreadLocal<ByteBuffer> POOL =
      ThreadLocal.withInitial(() -> ByteBuffer.allocate(AT_A_TIME).limit(0));

  private RandomIds() {}

  static String next() {
    var pool = POOL.get();
    if (!pool.hasRemaining()) {
      var fresh = new byte[AT_A_TIME];
      SOURCE.nextBytes(fresh);
      pool.clear().put(fresh).flip();
    }
    var high = (pool.getLong() & ~0xf000L) | 0x4000L;
    var low = (pool.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
