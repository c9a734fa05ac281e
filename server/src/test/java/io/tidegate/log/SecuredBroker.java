package io.tidegate.log;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/// A Kafka node that lets nobody in who cannot prove who he is: one listener asks for a client
/// certificate, the other for SASL, both over TLS.
public final class SecuredBroker implements AutoCloseable {
  public static final String USER = "alice";
  public static final String PASSWORD = "it's a \"quoted\" \\ p@ss;wörd";

  private static final String MODULES = "org.apache.kafka.common.security.";

  private final String plain = "127.0.0.1:" + KraftNode.freePort();
  private final String tls = "127.0.0.1:" + KraftNode.freePort();
  private final String sasl = "127.0.0.1:" + KraftNode.freePort();
  private final KraftNode node;

  public SecuredBroker(Path folder, Certificates certificates) throws Exception {
    var listeners = new HashMap<String, String>();
    listeners.put("listeners", "INNER://%s,TLS://%s,SASL://%s".formatted(plain, tls, sasl));
    listeners.put(
        "listener.security.protocol.map",
        "INNER:PLAINTEXT,TLS:SSL,SASL:SASL_SSL,CONTROLLER:PLAINTEXT");
    listeners.putAll(certificates(certificates));
    listeners.putAll(mechanisms());
    node = new KraftNode(folder, listeners);
    addScramUser();
  }

  public String tls() {
    return tls;
  }

  public String sasl() {
    return sasl;
  }

  private static Map<String, String> certificates(Certificates certificates) {
    return Map.of(
        "ssl.keystore.type",
        "PKCS12",
        "ssl.keystore.location",
        certificates.serverKeys().toString(),
        "ssl.keystore.password",
        Certificates.PASSWORD,
        "ssl.key.password",
        Certificates.PASSWORD,
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        certificates.clientPem().toString(),
        "listener.name.tls.ssl.client.auth",
        "required");
  }

  private static Map<String, String> mechanisms() {
    var user = " user_" + USER + "=" + SecurityConfigs.quoted(PASSWORD);
    var prefix = "listener.name.sasl.";
    return Map.of(
        prefix + "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
        prefix + "plain.sasl.jaas.config", module("plain.PlainLoginModule", user),
        prefix + "scram-sha-256.sasl.jaas.config", module("scram.ScramLoginModule", ""),
        prefix + "scram-sha-512.sasl.jaas.config", module("scram.ScramLoginModule", ""),
        prefix + "oauthbearer.sasl.jaas.config", module("oauthbearer.OAuthBearerLoginModule", ""),
        prefix + "oauthbearer.sasl.server.callback.handler.class",
            MODULES
                + "oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler");
  }

  private static String module(String name, String options) {
    return MODULES + name + " required" + options + ";";
  }

  private void addScramUser() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", plain))) {
      for (var mechanism : List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
        var credentials = new ScramCredentialInfo(mechanism, 4096);
        var user = new UserScramCredentialUpsertion(USER, credentials, PASSWORD);
        admin.alterUserScramCredentials(List.of(user)).all().get(30, TimeUnit.SECONDS);
      }
    }
  }

  @Override
  public void close() {
    node.close();
  }
}
