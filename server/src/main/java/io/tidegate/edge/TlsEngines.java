package io.tidegate.edge;

import io.tidegate.base.AddressText;
import io.tidegate.plan.HttpService.Version;
import io.tidegate.plan.TlsClient;
import io.tidegate.vault.ClientTls;
import io.tidegate.vault.Watched;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// Makes the TLS side of outbound connections: which certificates are accepted and shown, by the
/// files as they are now, and always for the name that was asked for. Any thread.
final class TlsEngines {
  private static final int SESSIONS = 4096;
  private static final int SESSION_SECONDS = 3600;

  private record Made(ClientTls from, SSLContext context) {}

  private final TlsClient plan;
  private final List<String> protocols;
  private final Watched<ClientTls> material;
  private volatile @Nullable Made made;

  TlsEngines(TlsClient plan, Set<Version> versions, Watched<ClientTls> material) {
    this.plan = plan;
    this.material = material;
    this.protocols = new ArrayList<>();
    offer("h2", versions.contains(Version.HTTP_2));
    offer("http/1.1", versions.contains(Version.HTTP_1_1));
  }

  private void offer(String protocol, boolean spoken) {
    if (spoken && (plan.protocols().isEmpty() || plan.protocols().contains(protocol))) {
      protocols.add(protocol);
    }
  }

  boolean offersHttp2() {
    return protocols.contains("h2");
  }

  boolean offersHttp1() {
    return protocols.contains("http/1.1") || protocols.isEmpty();
  }

  SSLEngine engine(String host, int port) {
    var name = plan.serverName().orElse(withoutDot(host));
    var engine = context().createSSLEngine(name, port);
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(plan.versions().stream().map(Object::toString).toArray(String[]::new));
    parameters.setApplicationProtocols(protocols.toArray(String[]::new));
    parameters.setServerNames(serverNames(name));
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /// Addresses are not sent (RFC 6066, 3), nor what is no name to Java.
  private static List<SNIServerName> serverNames(String name) {
    if (AddressText.parse(name).isPresent()) {
      return List.of();
    }
    try {
      return List.of(new SNIHostName(name));
    } catch (IllegalArgumentException odd) {
      return List.of();
    }
  }

  private SSLContext context() {
    var now = material.current();
    var known = made;
    if (known == null || !known.from.equals(now)) {
      known = new Made(now, context(now));
      made = known;
    }
    return known.context;
  }

  private static SSLContext context(ClientTls material) {
    try {
      var context = SSLContext.getInstance("TLS");
      var keys = material.keys().map(it -> new KeyManager[] {it}).orElse(null);
      context.init(keys, new TrustManager[] {material.trust()}, null);
      context.getClientSessionContext().setSessionCacheSize(SESSIONS);
      context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
