package io.tidegate.log;

import io.tidegate.log.KafkaSettings.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Chosen entries of a key store, and the platform's authorities, as the PEM texts that Kafka takes
/// in place of a file.
final class KeyEntries {
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private KeyEntries() {}

  /// The certificates of the store's chosen entries.
  ///
  /// @throws IllegalArgumentException when the file or an entry is not there, or does not open
  static String certificates(Store store, boolean withPlatform) {
    try {
      if (store.type().equalsIgnoreCase("pem")) {
        return Files.readString(store.file()) + "\n" + (withPlatform ? pem(platform()) : "");
      }
      var opened = open(store);
      var certificates = new ArrayList<Certificate>();
      for (var alias : aliases(opened, store)) {
        certificates.add(demand(opened.getCertificate(alias), alias, store));
      }
      if (withPlatform) {
        certificates.addAll(platform());
      }
      return pem(certificates);
    } catch (GeneralSecurityException | IOException failed) {
      throw unusable(store, failed);
    }
  }

  /// The certificate chain of the store's chosen entry, which holds a private key.
  static String chain(Store store) {
    try {
      var alias = store.aliases().getFirst();
      var chain = demand(open(store).getCertificateChain(alias), alias, store);
      return pem(List.of(chain));
    } catch (GeneralSecurityException | IOException failed) {
      throw unusable(store, failed);
    }
  }

  /// The private key of the store's chosen entry. A secret.
  static String privateKey(Store store) {
    try {
      var alias = store.aliases().getFirst();
      Key key =
          demand(open(store).getKey(alias, store.password().reveal().toCharArray()), alias, store);
      return pem("PRIVATE KEY", key.getEncoded());
    } catch (GeneralSecurityException | IOException failed) {
      throw unusable(store, failed);
    }
  }

  private static KeyStore open(Store store) throws GeneralSecurityException, IOException {
    var opened = KeyStore.getInstance(store.type());
    try (var in = Files.newInputStream(store.file())) {
      opened.load(in, store.password().reveal().toCharArray());
    }
    return opened;
  }

  private static List<String> aliases(KeyStore opened, Store store)
      throws GeneralSecurityException {
    return store.aliases().isEmpty()
        ? java.util.Collections.list(opened.aliases())
        : store.aliases();
  }

  private static List<X509Certificate> platform() throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    var trusted = new ArrayList<X509Certificate>();
    for (var manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        trusted.addAll(List.of(x509.getAcceptedIssuers()));
      }
    }
    return trusted;
  }

  private static String pem(List<? extends Certificate> certificates)
      throws GeneralSecurityException {
    var text = new StringBuilder();
    for (var certificate : certificates) {
      text.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return text.toString();
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, LINES.encodeToString(content), what);
  }

  private static <T> T demand(@Nullable T entry, String alias, Store store) {
    if (entry == null) {
      throw new IllegalArgumentException(
          "the key store " + store.file() + " has no entry named '" + alias + "'");
    }
    return entry;
  }

  private static IllegalArgumentException unusable(Store store, Exception failed) {
    return new IllegalArgumentException(
        "the key store " + store.file() + " cannot be used: " + failed.getMessage(), failed);
  }
}
