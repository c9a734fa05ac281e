package io.tidegate.outbox;

import io.tidegate.base.Bytes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/// What things may be called, and names for those that nobody has named.
public final class Ids {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final HexFormat HEX = HexFormat.of();
  private static final int LONGEST = 255;

  private Ids() {}

  /// Any text that can stand in a path and in a key: no slash, no control characters.
  public static boolean isLegal(String id) {
    return !id.isBlank()
        && id.length() <= LONGEST
        && id.equals(id.strip())
        && !id.equals(".")
        && !id.equals("..")
        && id.chars().noneMatch(c -> c == '/' || Character.isISOControl(c))
        && id.equals(Bytes.utf8(id).utf8()); // no half of a surrogate pair
  }

  public static String destination() {
    return "des_" + random(16);
  }

  /// Those of later events come later, so that an index of them grows at its end: milliseconds
  /// first, then chance, as in version 7 of UUIDs (RFC 9562).
  public static String event(Instant now) {
    return "evt_" + HEX.toHexDigits(now.toEpochMilli(), 12) + random(10);
  }

  public static String retry() {
    return "ret_" + random(16);
  }

  private static String random(int bytes) {
    var random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HEX.formatHex(random);
  }

  /// What a destination is called in its topic, and its lane: no two tenants share one.
  public static String key(String tenant, String destination) {
    return tenant + "/" + destination;
  }
}
