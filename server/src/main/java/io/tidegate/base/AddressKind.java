package io.tidegate.base;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an address is for, as far as it is not for the public: from the registries of special
/// addresses (RFC 6890 and its successors).
///
/// @param words complete the sentence "it is ..."
/// @param metadata it hands out the secrets of a machine in some cloud
record AddressKind(Network network, String words, boolean metadata) {
  private static final List<AddressKind> V4 = new ArrayList<>();
  private static final List<AddressKind> V6 = new ArrayList<>();
  private static final Network PUBLIC_V6 = network("2000::/3");
  private static final AddressKind UNASSIGNED =
      new AddressKind(network("::/0"), "outside of the public part of IPv6", false);

  static {
    metadata("169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200");
    metadata("168.63.129.16", "192.0.0.192");
    metadata("fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254");
    kind("unspecified", "0.0.0.0/8", "::/128");
    kind("private", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16");
    kind("shared by a provider's customers", "100.64.0.0/10");
    kind("loopback", "127.0.0.0/8", "::1/128");
    kind("link-local", "169.254.0.0/16", "fe80::/10");
    kind("reserved for protocols", "192.0.0.0/24", "2001::/23", "192.88.99.0/24");
    kind("for documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24");
    kind("for documentation", "2001:db8::/32", "3fff::/20");
    kind("for benchmarks", "198.18.0.0/15", "2001:2::/48");
    kind("multicast", "224.0.0.0/4", "ff00::/8");
    kind("broadcast", "255.255.255.255");
    kind("reserved", "240.0.0.0/4");
    kind("an IPv4 address in an old wrapping", "::/96", "::ffff:0:0:0/96");
    kind("for local translation to IPv4", "64:ff9b:1::/48");
    kind("discarded by routers", "100::/64", "100:0:0:1::/64");
    kind("for segment routing", "5f00::/16");
    kind("unique-local", "fc00::/7");
    kind("site-local", "fec0::/10");
  }

  private static Network network(String text) {
    return Network.parse(text).orElseThrow(() -> new IllegalArgumentException(text));
  }

  private static void kind(String words, String... networks) {
    for (var text : networks) {
      add(new AddressKind(network(text), words, false));
    }
  }

  private static void metadata(String... addresses) {
    for (var text : addresses) {
      add(new AddressKind(network(text), "a metadata service", true));
    }
  }

  private static void add(AddressKind kind) {
    (kind.network.first().size() == 4 ? V4 : V6).add(kind);
  }

  /// Empty for a public address. What is embedded in it is not looked at.
  static Optional<AddressKind> of(InetAddress address) {
    var bytes = address.getAddress();
    if (bytes.length == 16
        && (EmbeddedAddresses.isTeredo(bytes) || EmbeddedAddresses.isNat64(bytes))) {
      return Optional.empty();
    }
    for (var kind : bytes.length == 4 ? V4 : V6) {
      if (kind.network.holds(bytes)) {
        return Optional.of(kind);
      }
    }
    return bytes.length == 4 || PUBLIC_V6.holds(bytes) ? Optional.empty() : Optional.of(UNASSIGNED);
  }
}
