package io.tidegate.vault;

import io.tidegate.plan.TlsClient;
import io.tidegate.plan.VaultStore;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// What TLS towards another server needs, made from the files that its plan names. Immutable.
///
/// @param keys the certificate that is shown when the server asks for one
public record ClientTls(X509ExtendedTrustManager trust, Optional<X509ExtendedKeyManager> keys) {

  /// Opens the files. Fails with a `VaultFault`.
  public static ClientTls load(TlsClient plan) {
    return new ClientTls(
        Trust.of(plan.trust(), plan.platformTrust()),
        plan.keys().map(store -> new ChosenKeys(StoreFile.keys(store))));
  }

  /// The same for who makes connections of the platform's kind.
  public SSLContext context() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          keys.map(each -> new KeyManager[] {each}).orElse(new KeyManager[0]),
          new TrustManager[] {trust},
          null);
      return context;
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  /// The files that it is made from.
  public static List<VaultStore> stores(TlsClient plan) {
    var stores = new ArrayList<VaultStore>();
    plan.trust().ifPresent(stores::add);
    plan.keys().ifPresent(stores::add);
    return stores;
  }
}
