package io.tidegate.base;

import java.net.InetAddress;
import java.util.Optional;

/// Neighbouring IP addresses: `10.0.0.0/8`, or one alone. Immutable.
record Network(Bytes first, int bits, String text) {

  /// Empty when the text is no address, or has a length that does not fit it.
  static Optional<Network> parse(String text) {
    int slash = text.indexOf('/');
    var address = AddressText.parse(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    var bytes = address.get().getAddress();
    int bits = slash < 0 ? bytes.length * 8 : length(text.substring(slash + 1), bytes.length * 8);
    return bits < 0 ? Optional.empty() : Optional.of(new Network(Bytes.wrap(bytes), bits, text));
  }

  private static int length(String text, int most) {
    if (text.isEmpty() || text.length() > 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    int bits = Integer.parseInt(text);
    return bits <= most ? bits : -1;
  }

  boolean holds(InetAddress address) {
    return holds(address.getAddress());
  }

  boolean holds(byte[] address) {
    var network = first.array();
    if (address.length != network.length) {
      return false;
    }
    int whole = bits >>> 3;
    for (int i = 0; i < whole; i++) {
      if (address[i] != network[i]) {
        return false;
      }
    }
    int mask = 0xff00 >> (bits & 7) & 0xff;
    return mask == 0 || (address[whole] & mask) == (network[whole] & mask);
  }

  @Override
  public String toString() {
    return text;
  }
}
