package io.tidegate.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/// A Kafka node that lets nobody in who cannot prove who he is: one listener asks for a client
/// certificate, the other for SASL, both over TLS.
final class SecuredBroker implements AutoCloseable {
  static final String USER = "alice";
  static final String PASSWORD = "it's a \"quoted\" \\ p@ss;wörd";

  private static final String MODULES = "org.apache.kafka.common.security.";

  private final int plain = freePort();
  private final int tls = freePort();
  private final int sasl = freePort();
  private final int controller = freePort();
  private final KafkaRaftServer server;

  SecuredBroker(Path folder, Certificates certificates) throws Exception {
    format(folder);
    server =
        new KafkaRaftServer(
            KafkaConfig.fromProps(configs(folder, certificates), false), Time.SYSTEM);
    server.startup();
    addScramUsers();
  }

  String tls() {
    return "127.0.0.1:" + tls;
  }

  String sasl() {
    return "127.0.0.1:" + sasl;
  }

  private static void format(Path folder) throws Exception {
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(1)
        .setControllerListenerName("CONTROLLER")
        .setMetadataLogDirectory(Optional.of(folder.toString()))
        .setDirectories(List.of(folder.toString()))
        .run();
  }

  private Properties configs(Path folder, Certificates certificates) {
    var configs = new Properties();
    configs.putAll(identity(folder));
    configs.putAll(
        Map.of(
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
            "required",
            "listener.name.sasl.sasl.enabled.mechanisms",
            "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER"));
    configs.putAll(
        Map.of(
            "listener.name.sasl.plain.sasl.jaas.config",
            MODULES
                + "plain.PlainLoginModule required user_"
                + USER
                + "="
                + SecurityConfigs.quoted(PASSWORD)
                + ";",
            "listener.name.sasl.scram-sha-256.sasl.jaas.config",
            MODULES + "scram.ScramLoginModule required;",
            "listener.name.sasl.scram-sha-512.sasl.jaas.config",
            MODULES + "scram.ScramLoginModule required;",
            "listener.name.sasl.oauthbearer.sasl.jaas.config",
            MODULES + "oauthbearer.OAuthBearerLoginModule required;",
            "listener.name.sasl.oauthbearer.sasl.server.callback.handler.class",
            MODULES
                + "oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler"));
    return configs;
  }

  private Map<String, String> identity(Path folder) {
    return Map.of(
        "process.roles", "broker,controller",
        "node.id", "1",
        "log.dirs", folder.toString(),
        "controller.quorum.voters", "1@127.0.0.1:" + controller,
        "listeners",
            "PLAIN://127.0.0.1:%d,TLS://127.0.0.1:%d,SASL://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                .formatted(plain, tls, sasl, controller),
        "controller.listener.names", "CONTROLLER",
        "inter.broker.listener.name", "PLAIN",
        "listener.security.protocol.map",
            "PLAIN:PLAINTEXT,TLS:SSL,SASL:SASL_SSL,CONTROLLER:PLAINTEXT",
        "offsets.topic.replication.factor", "1",
        "log.cleaner.dedupe.buffer.size", "4194304");
  }

  private void addScramUsers() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + plain))) {
      for (var mechanism : List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
        var credentials = new ScramCredentialInfo(mechanism, 4096);
        var user = new UserScramCredentialUpsertion(USER, credentials, PASSWORD);
        admin.alterUserScramCredentials(List.of(user)).all().get(30, TimeUnit.SECONDS);
      }
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new IllegalStateException(none);
    }
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
