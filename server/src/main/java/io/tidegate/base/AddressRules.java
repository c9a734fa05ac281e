package io.tidegate.base;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which addresses may be connected to, when strangers say where. Those that are not public are
/// refused unless allowed; what is denied is refused whatever else is said.
///
/// Judge the very address that is then connected to: a name may lead elsewhere a moment later. An
/// IPv6 address that carries IPv4 ones is judged by them too. Immutable; any thread.
///
///     host --deny by name?--> literal or resolved --each address: refusal?--> connect to it
public final class AddressRules {
  /// Public addresses only.
  public static final AddressRules PUBLIC = of(List.of(), List.of());

  private final Side allow;
  private final Side deny;

  private AddressRules(Side allow, Side deny) {
    this.allow = allow;
    this.deny = deny;
  }

  /// @param allow networks such as `10.0.0.0/8`, addresses, and names such as `*.internal.example`
  /// @param deny the same; wins over `allow`
  /// @throws IllegalArgumentException for an entry with a `fault`
  public static AddressRules of(List<String> allow, List<String> deny) {
    return new AddressRules(Side.of(allow), Side.of(deny));
  }

  /// What is wrong with an entry of a list: a sentence, or nothing.
  public static Optional<String> fault(String entry) {
    if (Network.parse(entry).isPresent() || NamePattern.parse(entry).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        "'"
            + entry
            + "' is neither a network such as 10.0.0.0/8, nor a name such as *.internal.example");
  }

  /// Why nothing of that name may be connected to, wherever it leads; empty when its addresses
  /// decide. Takes literals too.
  public Optional<String> refusal(String host) {
    var name = plain(host);
    if (deny.names(name)) {
      return Optional.of("the host " + name + " is denied");
    }
    return AddressText.parse(name).flatMap(address -> refusal(name, address));
  }

  /// Why that address, to which that host leads, may not be connected to; empty when it may.
  public Optional<String> refusal(String host, InetAddress address) {
    var name = plain(host);
    if (deny.names(name)) {
      return Optional.of("the host " + name + " is denied");
    }
    var faces = new ArrayList<InetAddress>(3);
    faces.add(address);
    faces.addAll(EmbeddedAddresses.of(address));
    for (var face : faces) {
      if (deny.holds(face)) {
        return Optional.of(shown(address, face) + " is denied");
      }
    }
    return allow.holds(address) ? Optional.empty() : unlessPublic(name, address, faces);
  }

  private Optional<String> unlessPublic(String name, InetAddress address, List<InetAddress> faces) {
    boolean named = allow.names(name);
    for (var face : faces) {
      var kind = AddressKind.of(face);
      boolean fine = kind.isEmpty() || allow.holds(face) || (named && !kind.get().metadata());
      if (!fine) {
        return Optional.of(shown(address, face) + " is not public: it is " + kind.get().words());
      }
    }
    return Optional.empty();
  }

  private static String shown(InetAddress address, InetAddress face) {
    return address.equals(face)
        ? "the address " + address.getHostAddress()
        : "the address " + face.getHostAddress() + " in " + address.getHostAddress();
  }

  private static String plain(String host) {
    var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return name.toLowerCase(Locale.ROOT);
  }

  /// One of the two lists.
  private record Side(List<Network> networks, List<NamePattern> patterns) {

    static Side of(List<String> entries) {
      var networks = new ArrayList<Network>();
      var patterns = new ArrayList<NamePattern>();
      for (var entry : entries) {
        fault(entry)
            .ifPresent(fault -> {
              throw new IllegalArgumentException(fault);
            });
        Network.parse(entry)
            .ifPresentOrElse(
                networks::add, () -> NamePattern.parse(entry).ifPresent(patterns::add));
      }
      return new Side(List.copyOf(networks), List.copyOf(patterns));
    }

    boolean names(String host) {
      for (var pattern : patterns) {
        if (pattern.covers(host)) {
          return true;
        }
      }
      return false;
    }

    boolean holds(InetAddress address) {
      for (var network : networks) {
        if (network.holds(address)) {
          return true;
        }
      }
      return false;
    }
  }

  /// A host name, or `*.` and a domain for everything below it, or `*` for every host.
  private record NamePattern(String text) {

    static Optional<NamePattern> parse(String entry) {
      var text = entry.equals("*.") ? entry : plain(entry);
      var name = text.startsWith("*.") ? text.substring(2) : text;
      boolean fine = text.equals("*") || (isName(name) && !AddressText.isNumeric(name));
      return fine ? Optional.of(new NamePattern(text)) : Optional.empty();
    }

    private static boolean isName(String name) {
      for (var label : name.split("\\.", -1)) {
        if (label.isEmpty()
            || label.length() > 63
            || !label
                .chars()
                .allMatch(
                    c -> c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'))) {
          return false;
        }
      }
      return name.length() <= 253;
    }

    boolean covers(String host) {
      return text.equals("*")
          || (text.startsWith("*.") ? host.endsWith(text.substring(1)) : host.equals(text));
    }
  }
}
