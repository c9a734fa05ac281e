package io.tidegate.base;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The IPv4 addresses that an IPv6 address carries, and to which something on the way may deliver.
final class EmbeddedAddresses {
  private static final Network NAT64 = network("64:ff9b::/96");
  private static final Network LOCAL_NAT64 = network("64:ff9b:1::/48");
  private static final Network TEREDO = network("2001::/32");
  private static final Network SIX_TO_FOUR = network("2002::/16");
  private static final Network COMPATIBLE = network("::/96");
  private static final Network TRANSLATED = network("::ffff:0:0:0/96");

  private EmbeddedAddresses() {}

  private static Network network(String text) {
    return Network.parse(text).orElseThrow(() -> new IllegalArgumentException(text));
  }

  static boolean isTeredo(byte[] address) {
    return TEREDO.holds(address);
  }

  static boolean isNat64(byte[] address) {
    return NAT64.holds(address);
  }

  /// IPv4-mapped ones are not among them: Java makes IPv4 of them by itself.
  static List<InetAddress> of(InetAddress address) {
    var bytes = address.getAddress();
    if (bytes.length != 16) {
      return List.of();
    }
    var found = new ArrayList<InetAddress>(2);
    if (NAT64.holds(bytes) || COMPATIBLE.holds(bytes) || TRANSLATED.holds(bytes) || isatap(bytes)) {
      found.add(pick(bytes, 12, 13, 14, 15));
    }
    if (LOCAL_NAT64.holds(bytes)) { // whose prefix may have any length (RFC 6052, 2.2)
      found.add(pick(bytes, 6, 7, 9, 10));
      found.add(pick(bytes, 7, 9, 10, 11));
      found.add(pick(bytes, 9, 10, 11, 12));
      found.add(pick(bytes, 12, 13, 14, 15));
    }
    if (SIX_TO_FOUR.holds(bytes)) {
      found.add(pick(bytes, 2, 3, 4, 5));
    }
    if (TEREDO.holds(bytes)) {
      found.add(pick(bytes, 4, 5, 6, 7));
      found.add(pick(inverted(bytes), 12, 13, 14, 15));
    }
    return found;
  }

  private static boolean isatap(byte[] bytes) {
    return (bytes[8] & 0xfd) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == (byte) 0xfe;
  }

  private static InetAddress pick(byte[] from, int a, int b, int c, int d) {
    return AddressText.of(new byte[] {from[a], from[b], from[c], from[d]});
  }

  private static byte[] inverted(byte[] bytes) {
    var inverted = Arrays.copyOf(bytes, bytes.length);
    for (int i = 0; i < inverted.length; i++) {
      inverted[i] = (byte) ~inverted[i];
    }
    return inverted;
  }
}
