package io.tidegate.inbox;

import java.security.SecureRandom;
import java.util.HexFormat;

/// The ids of endpoints: 128 bits nobody can guess, as 32 lowercase hexadecimal digits. Part of a
/// secret URL, and so a credential.
public final class EndpointId {
  private static final int LENGTH = 32;
  private static final int SHOWN = 8;
  private static final SecureRandom SOURCE = new SecureRandom();

  private EndpointId() {}

  public static boolean isLegal(String id) {
    if (id.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      var c = id.charAt(i);
      if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  /// A new one. May wait for the machine's randomness, so not on an event loop.
  public static String random() {
    var bytes = new byte[LENGTH / 2];
    SOURCE.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// As much of an id as a log may show.
  public static String shown(String id) {
    return id.length() <= SHOWN ? id : id.substring(0, SHOWN) + "…";
  }
}
