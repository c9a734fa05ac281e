package io.tidegate.vault;

import io.tidegate.base.Secret;
import io.tidegate.plan.VaultStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Certificates, made once for all tests of a process.
///
/// By `authority`: `localhost` (also for 127.0.0.1), `api` (api.example, an RSA key), `wild`
/// (*.wild.example), `client`, `expired`. By `elsewhere`: `stranger`.
public final class Certificates {
  public static final String PASSWORD = "changeit";

  private static final KeyStore ALL = make();

  private Certificates() {}

  private static KeyStore make() {
    try {
      var all = empty("pkcs12");
      var made = new TestAuthority(all, PASSWORD.toCharArray());
      made.authority("authority");
      made.authority("elsewhere");
      made.issue("localhost", "authority", "CN=localhost", TestAuthority.LOCAL);
      made.issue("renewed", "authority", "CN=localhost,O=renewed", TestAuthority.LOCAL);
      made.issueRsa("api", "authority", "CN=api", TestAuthority.dns("api.example"));
      made.issue("wild", "authority", "CN=wild", TestAuthority.dns("*.wild.example"));
      made.issue(
          "client",
          "authority",
          "CN=client-1,OU=tests,O=Tidegate",
          TestAuthority.email("client@example.org"));
      made.issueExpired("expired", "authority", "CN=localhost", TestAuthority.LOCAL);
      made.issue("stranger", "elsewhere", "CN=client-2", TestAuthority.dns("stranger.example"));
      return all;
    } catch (GeneralSecurityException | IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static KeyStore empty(String type) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(type);
    store.load(null, null);
    return store;
  }

  private static PrivateKey key(String alias) throws GeneralSecurityException {
    return (PrivateKey) ALL.getKey(alias, PASSWORD.toCharArray());
  }

  /// A store of keys.
  ///
  /// @param from of the certificates above, one for each name in the store
  public static VaultStore keys(Path file, String type, List<String> aliases, List<String> from) {
    try {
      var store = empty(type);
      for (int i = 0; i < aliases.size(); i++) {
        store.setKeyEntry(
            aliases.get(i),
            key(from.get(i)),
            PASSWORD.toCharArray(),
            ALL.getCertificateChain(from.get(i)));
      }
      save(store, file);
      return new VaultStore(file, type, new Secret(PASSWORD), aliases);
    } catch (GeneralSecurityException | IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  public static VaultStore keys(Path file, String... aliases) {
    return keys(file, "pkcs12", List.of(aliases), List.of(aliases));
  }

  public static VaultStore trust(Path file, String... aliases) {
    try {
      var store = empty("pkcs12");
      for (var alias : aliases) {
        store.setCertificateEntry(alias, ALL.getCertificate(alias));
      }
      save(store, file);
      return new VaultStore(file, "pkcs12", new Secret(PASSWORD), List.of(aliases));
    } catch (GeneralSecurityException | IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void save(KeyStore store, Path file) throws GeneralSecurityException, IOException {
    try (var out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
  }

  public static X509Certificate certificate(String alias) {
    try {
      return (X509Certificate) ALL.getCertificate(alias);
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    }
  }

  public static String certificatePem(String alias) {
    try {
      var text = new StringBuilder();
      for (var certificate : ALL.getCertificateChain(alias)) {
        text.append(block("CERTIFICATE", certificate.getEncoded()));
      }
      return text.toString();
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    }
  }

  public static String keyPem(String alias) {
    try {
      return block("PRIVATE KEY", key(alias).getEncoded());
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static String block(String label, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(bytes), label);
  }

  /// A client that trusts `authority`, and shows that certificate, whoever is asked for.
  public static SSLContext client(@Nullable String alias) {
    try {
      var trusted = empty("pkcs12");
      trusted.setCertificateEntry("authority", ALL.getCertificate("authority"));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      var shown =
          alias == null
              ? List.<KeyEntry>of()
              : List.of(new KeyEntry(alias, key(alias), List.of(certificate(alias))));
      var context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {new ChosenKeys(shown)}, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
