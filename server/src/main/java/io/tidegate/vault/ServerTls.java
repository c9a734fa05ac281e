package io.tidegate.vault;

import io.tidegate.plan.TlsServer;
import io.tidegate.plan.TlsServer.ClientCertificate;
import io.tidegate.plan.VaultStore;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;

/// A listener's TLS, made from the files that its plan names: gives an engine to each connection.
///
/// Immutable; any thread. When a file changes, another takes its place.
public final class ServerTls {
  private final TlsServer plan;
  private final SSLContext context;
  private final List<X509Certificate> certificates;

  private ServerTls(TlsServer plan, SSLContext context, List<X509Certificate> certificates) {
    this.plan = plan;
    this.context = context;
    this.certificates = certificates;
  }

  /// Opens the files. Fails with a `VaultFault`.
  public static ServerTls load(TlsServer plan) {
    var entries = StoreFile.keys(plan.keys());
    var managers = new KeyManager[] {new ChosenKeys(entries)};
    var shown = entries.stream().map(KeyEntry::certificate).toList();
    VaultWatch.warnOfDates(plan.name(), shown, Instant.now());
    var trust = new TrustManager[] {Trust.of(plan.trust(), plan.platformTrust())};
    return new ServerTls(plan, context(managers, trust), shown);
  }

  static SSLContext context(KeyManager[] keys, TrustManager[] trust) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException failed) {
      throw new VaultFault("TLS cannot be set up: " + failed.getMessage(), failed);
    }
  }

  /// The files that it is made from.
  public static List<VaultStore> stores(TlsServer plan) {
    var stores = new ArrayList<VaultStore>();
    stores.add(plan.keys());
    plan.trust().ifPresent(stores::add);
    return stores;
  }

  /// The certificates that it shows.
  public List<X509Certificate> certificates() {
    return certificates;
  }

  /// For one connection that came in through that port.
  public SSLEngine engine(int port) {
    var engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    var greeting = new Greeting(plan, port);
    var parameters = engine.getSSLParameters();
    parameters.setProtocols(
        plan.versions().stream().map(Object::toString).sorted().toArray(String[]::new));
    parameters.setUseCipherSuitesOrder(true);
    parameters.setSNIMatchers(List.of(greeting));
    parameters.setNeedClientAuth(plan.certificate() == ClientCertificate.REQUIRED);
    if (plan.certificate() == ClientCertificate.REQUESTED) {
      parameters.setWantClientAuth(true);
    }
    engine.setSSLParameters(parameters);
    engine.setHandshakeApplicationProtocolSelector((_, offered) -> greeting.choose(offered));
    return engine;
  }
}
