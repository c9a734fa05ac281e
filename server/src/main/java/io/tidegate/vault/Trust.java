package io.tidegate.vault;

import io.tidegate.plan.VaultStore;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Whose certificates are accepted.
final class Trust {
  private Trust() {}

  /// @param platform the platform's authorities too
  static X509ExtendedTrustManager of(Optional<VaultStore> store, boolean platform) {
    var trusted = new ArrayList<X509Certificate>();
    store.ifPresent(it -> trusted.addAll(StoreFile.certificates(it)));
    try {
      if (platform) {
        trusted.addAll(List.of(manager(null).getAcceptedIssuers()));
      }
      var anchors = KeyStore.getInstance(KeyStore.getDefaultType());
      anchors.load(null, null);
      for (int i = 0; i < trusted.size(); i++) {
        anchors.setCertificateEntry("trusted-" + i, trusted.get(i));
      }
      return manager(anchors);
    } catch (GeneralSecurityException | IOException failed) {
      throw new VaultFault("trust cannot be set up: " + failed.getMessage(), failed);
    }
  }

  private static X509ExtendedTrustManager manager(@Nullable KeyStore anchors)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(anchors);
    for (var manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("this Java has no trust manager for certificates");
  }
}
