package io.tidegate.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How TLS towards another server is set up.
///
/// @param trust whose certificates are accepted
/// @param platformTrust the platform's authorities are trusted, besides `trust`
/// @param keys the certificate that is shown when the server asks for one
/// @param serverName sent, and expected in the server's certificate, in place of the host
/// @param protocols the only ones that may be agreed on by ALPN; empty means what the client speaks
public record TlsClient(
    Set<TlsServer.Version> versions,
    Optional<VaultStore> trust,
    boolean platformTrust,
    Optional<VaultStore> keys,
    Optional<String> serverName,
    List<String> protocols) {
  public TlsClient {
    versions = Set.copyOf(versions);
    protocols = List.copyOf(protocols);
  }
}
