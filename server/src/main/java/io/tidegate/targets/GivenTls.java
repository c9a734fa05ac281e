package io.tidegate.targets;

import java.security.KeyStore;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jspecify.annotations.Nullable;

/// TLS for Kafka's client as the gateway's other connections have it. Made by Kafka, by its name,
/// so it is public and has no arguments.
public final class GivenTls implements SslEngineFactory {
  static final String CONTEXT = "tidegate.tls.context";

  private @Nullable SSLContext context;

  @Override
  public void configure(Map<String, ?> settings) {
    context = (SSLContext) Objects.requireNonNull(settings.get(CONTEXT));
  }

  /// The name is always checked, whatever settings say.
  @Override
  public SSLEngine createClientSslEngine(String host, int port, String checked) {
    var engine = Objects.requireNonNull(context).createSSLEngine(host, port);
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Override
  public SSLEngine createServerSslEngine(String host, int port) {
    throw new UnsupportedOperationException("nobody is served here");
  }

  @Override
  public boolean shouldBeRebuilt(Map<String, Object> next) {
    return false;
  }

  @Override
  public Set<String> reconfigurableConfigs() {
    return Set.of();
  }

  @Override
  public @Nullable KeyStore keystore() {
    return null;
  }

  @Override
  public @Nullable KeyStore truststore() {
    return null;
  }

  @Override
  public void close() {
    // nothing is open
  }
}
