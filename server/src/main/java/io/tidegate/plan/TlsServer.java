package io.tidegate.plan;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How a listener ends TLS: a `tls` server binding with the files behind its aliases.
///
/// @param name `namespace:binding`
/// @param keys the certificates that it shows; the first is for callers who name no server
/// @param trust whose certificates are accepted
/// @param platformTrust the platform's authorities are trusted, besides `trust`
/// @param names the server names that are accepted, in lower case; empty means any
/// @param protocols what is agreed on by ALPN, the most wanted first; empty means nothing is
/// @param guard `namespace:guard` that sees the caller's certificates
/// @param routes in order; the first that accepts a connection decides, none closes it
public record TlsServer(
    String name,
    Set<Version> versions,
    VaultStore keys,
    Optional<VaultStore> trust,
    boolean platformTrust,
    ClientCertificate certificate,
    List<String> names,
    List<String> protocols,
    Optional<String> guard,
    List<Route> routes) {
  public TlsServer {
    versions = Set.copyOf(versions);
    names = List.copyOf(names);
    protocols = List.copyOf(protocols);
    routes = List.copyOf(routes);
  }

  /// The versions that are spoken at all.
  public enum Version {
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    private final String text;

    Version(String text) {
      this.text = text;
    }

    static Set<Version> all() {
      return EnumSet.allOf(Version.class);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// Whether callers are asked for a certificate, and whether they may come without.
  public enum ClientCertificate {
    NONE,
    REQUESTED,
    REQUIRED
  }

  /// Lets a connection in.
  ///
  /// @param guarded all of them must accept the caller's certificates
  /// @param when any of them; none means always
  public record Route(List<Guarded> guarded, List<Match> when) {
    public Route {
      guarded = List.copyOf(guarded);
      when = List.copyOf(when);
    }
  }

  /// All of it together.
  ///
  /// @param name of the server that was asked for
  /// @param protocol that was agreed on
  /// @param ports of ours, empty means any
  public record Match(Optional<Pattern> name, Optional<String> protocol, List<Integer> ports) {
    public Match {
      ports = List.copyOf(ports);
    }

    /// @param asked the server name, in lower case, or an empty text
    /// @param agreed the protocol, or an empty text
    public boolean takes(String asked, String agreed, int port) {
      return (name.isEmpty() || name.get().match(asked).isPresent())
          && (protocol.isEmpty() || protocol.get().equals(agreed))
          && (ports.isEmpty() || ports.contains(port));
    }
  }
}
