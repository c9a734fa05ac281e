package io.tidegate.vault;

import io.tidegate.plan.TlsClient;
import io.tidegate.plan.VaultStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /// The files that it is made from.
  public static List<VaultStore> stores(TlsClient plan) {
    var stores = new ArrayList<VaultStore>();
    plan.trust().ifPresent(stores::add);
    plan.keys().ifPresent(stores::add);
    return stores;
  }
}
