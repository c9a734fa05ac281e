package io.tidegate.vault;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Chooses the certificate to show: a server's by the name that the caller asks for, the first one
/// when no name fits; a client's is its only one.
final class ChosenKeys extends X509ExtendedKeyManager {
  private final List<KeyEntry> entries;

  ChosenKeys(List<KeyEntry> entries) {
    this.entries = List.copyOf(entries);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    for (var entry : candidates(engine == null ? "" : name(engine))) {
      if (signs(entry, keyType)) {
        return entry.alias();
      }
    }
    return null;
  }

  private List<KeyEntry> candidates(String name) {
    var named = entries.stream().filter(entry -> entry.isFor(name)).toList();
    if (!named.isEmpty() || entries.isEmpty()) {
      return named;
    }
    var first = entries.getFirst().names();
    return entries.stream().filter(entry -> entry.names().equals(first)).toList();
  }

  private static String name(SSLEngine engine) {
    if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
      for (var name : session.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return host.getAsciiName().toLowerCase(Locale.ROOT);
        }
      }
    }
    return "";
  }

  private static boolean signs(KeyEntry entry, String keyType) {
    var algorithm = entry.key().getAlgorithm();
    return keyType.equalsIgnoreCase(algorithm) || keyType.startsWith(algorithm + "_");
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    for (var entry : entries) {
      if (Arrays.stream(keyTypes).anyMatch(keyType -> signs(entry, keyType))) {
        return entry.alias();
      }
    }
    return null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    var entry = find(alias);
    return entry == null ? null : entry.chain().toArray(new X509Certificate[0]);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    var entry = find(alias);
    return entry == null ? null : entry.key();
  }

  private @Nullable KeyEntry find(String alias) {
    for (var entry : entries) {
      if (entry.alias().equals(alias)) {
        return entry;
      }
    }
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return getServerAliases(keyType, issuers);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return entries.stream()
        .filter(entry -> signs(entry, keyType))
        .map(KeyEntry::alias)
        .toArray(String[]::new);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineClientAlias(keyTypes, issuers, null);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineServerAlias(keyType, issuers, null);
  }
}
