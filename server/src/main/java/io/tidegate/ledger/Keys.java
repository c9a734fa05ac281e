package io.tidegate.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.OptionalLong;

/// Places of records as numbers, in the order in which they lie: the partition, 40 bits for the
/// offset, and for attempts 12 bits for their number. They are the row ids of the tables, so that
/// what is told twice is found at once, and rows are added at the ends.
final class Keys {
  private static final int OFFSET_BITS = 40;
  private static final int NUMBER_BITS = 12;
  private static final int MOST_ATTEMPTS = (1 << NUMBER_BITS) - 1;
  private static final String ATTEMPT = "att_";
  private static final int DIGITS = 16;
  private static final long FOREIGN = 1L << 62;

  private Keys() {}

  static long place(int partition, long offset) {
    return ((long) partition << OFFSET_BITS) | offset;
  }

  static int partition(long place) {
    return (int) (place >>> OFFSET_BITS);
  }

  static long offset(long place) {
    return place & ((1L << OFFSET_BITS) - 1);
  }

  /// @param place of the delivery
  static long attempt(long place, int number) {
    return (place << NUMBER_BITS) | Math.min(number, MOST_ATTEMPTS);
  }

  /// Of an event that lies in a topic of somebody's: no number that a place can have.
  static long foreign(String topic, int partition, long offset) {
    var place = new byte[Integer.BYTES + Long.BYTES];
    ByteBuffer.wrap(place).putInt(partition).putLong(offset);
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(place);
      var hash = digest.digest(topic.getBytes(StandardCharsets.UTF_8));
      return FOREIGN | (ByteBuffer.wrap(hash).getLong() >>> 2);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  static boolean isForeign(long event) {
    return (event & FOREIGN) != 0;
  }

  /// What callers call an attempt.
  static String attemptId(long key) {
    return ATTEMPT + HexFormat.of().toHexDigits(key);
  }

  /// Nothing when it is none of ours.
  static OptionalLong attemptKey(String id) {
    try {
      return id.startsWith(ATTEMPT) && id.length() == ATTEMPT.length() + DIGITS
          ? OptionalLong.of(HexFormat.fromHexDigitsToLong(id, ATTEMPT.length(), id.length()))
          : OptionalLong.empty();
    } catch (IllegalArgumentException notHex) {
      return OptionalLong.empty();
    }
  }
}
