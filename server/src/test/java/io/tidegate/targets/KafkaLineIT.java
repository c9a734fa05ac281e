package io.tidegate.targets;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.broker.SharedBroker;
import io.tidegate.delivery.Attempt;
import io.tidegate.log.Certificates;
import io.tidegate.log.KraftNode;
import io.tidegate.log.SecuredBroker;
import io.tidegate.outbox.Samples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Deliveries to real clusters, as a tenant's would be.
class KafkaLineIT {
  private static final String DATA = "{ \"user\" : {\"id\":\"u1\"} }";

  private final KafkaType type = new KafkaType();
  private final String topic = "target-" + UUID.randomUUID();

  @TempDir private Path folder;

  @Test
  void writesRecordsWithHeadersAndAKeyOfTheTemplate() throws Exception {
    create(SharedBroker.bootstrap());
    var config = config(SharedBroker.bootstrap());
    config.put("partition_key_template", "data.user.id");
    var outgoing = Samples.outgoing("user.created", DATA, Map.of("region", "eu"));

    var said = Lines.attempt(type, config, Map.of(), Lines.ways("127.0.0.0/8"), outgoing);

    assertThat(said).isEqualTo("delivered");
    var record = read(SharedBroker.bootstrap());
    assertThat(record.value()).isEqualTo(DATA);
    assertThat(record.key()).isEqualTo("u1");
    assertThat(headers(record))
        .containsEntry("content-type", "application/json")
        .containsEntry("event-id", "evt_1")
        .containsEntry("topic", "user.created")
        .containsEntry("region", "eu");
  }

  @Test
  void refusesAddressesThatAreNotPublic() throws Exception {
    var said =
        Lines.attempt(
            type,
            config(SharedBroker.bootstrap()),
            Map.of(),
            Lines.ways(),
            Samples.outgoing("t", DATA, Map.of()));

    assertThat(said).startsWith("refused_address: ").contains("loopback");
  }

  /// The cluster is where it may be, but says that its broker is elsewhere. The broker does listen
  /// there, so that nothing but the check keeps the record from it.
  @Test
  void refusesBrokersThatMetadataPutsWhereNobodyMayConnect() throws Exception {
    int port = KraftNode.freePort();
    var node =
        new KraftNode(
            folder,
            Map.of(
                "listeners", "INNER://0.0.0.0:" + port,
                "advertised.listeners", "INNER://127.0.0.2:" + port,
                "listener.security.protocol.map", "INNER:PLAINTEXT,CONTROLLER:PLAINTEXT"));
    try {
      var bootstrap = "127.0.0.1:" + port;
      create(bootstrap);
      var outgoing = Samples.outgoing("t", DATA, Map.of());

      var narrow =
          Lines.attempt(type, config(bootstrap), Map.of(), Lines.ways("127.0.0.1/32"), outgoing);
      var wide =
          Lines.attempt(type, config(bootstrap), Map.of(), Lines.ways("127.0.0.0/8"), outgoing);

      assertThat(narrow).startsWith("refused_address: ").contains("127.0.0.2");
      assertThat(wide).isEqualTo("delivered");
      assertThat(read(bootstrap).offset()).isZero();
    } finally {
      node.close();
    }
  }

  @Test
  void logsInOverTls() throws Exception {
    var certificates = Certificates.in(folder);
    try (var broker = new SecuredBroker(folder.resolve("kafka"), certificates)) {
      var ways = Lines.ways(trusting(certificates), "127.0.0.0/8");
      var login = Map.of("username", SecuredBroker.USER, "password", SecuredBroker.PASSWORD);
      for (var mechanism : List.of("plain", "scram-sha-256", "scram-sha-512")) {
        var config = config(broker.sasl());
        config.put("sasl_mechanism", mechanism);
        config.put("tls", "true");
        var outgoing = Samples.outgoing("t", DATA, Map.of());

        assertThat(Lines.attempt(type, config, login, ways, outgoing)).isEqualTo("delivered");
        assertThat(
                Lines.attempt(
                    type, config, Map.of("username", "alice", "password", "no"), ways, outgoing))
            .isEqualTo("credentials: the cluster did not take the credentials");
        assertThat(
                Lines.attempt(
                    type,
                    config,
                    login,
                    Lines.ways(SSLContext.getDefault(), "127.0.0.0/8"),
                    outgoing))
            .startsWith("tls: ");
      }
    }
  }

  @Test
  void saysWhatIsWrongWithAPlaceBeforeAnythingIsSent() throws Exception {
    create(SharedBroker.bootstrap());
    var ways = Lines.ways("127.0.0.0/8");

    assertThat(Lines.check(type, config(SharedBroker.bootstrap()), Map.of(), ways))
        .isEqualTo("fine");
    assertThat(Lines.check(type, config("127.0.0.1:" + KraftNode.freePort()), Map.of(), ways))
        .startsWith("connect_timeout: no broker answered");
    var encrypted = config(SharedBroker.bootstrap());
    encrypted.put("tls", "true");
    assertThat(Lines.check(type, encrypted, Map.of(), ways))
        .isEqualTo(
            "refused_address: TLS is not spoken here: there is no tls client behind the binding");
    assertThat(Lines.check(type, config("nobody.invalid:9092"), Map.of(), ways))
        .isEqualTo("unknown_host: the name nobody.invalid is not known");
  }

  @Test
  void doesNotTryAgainWhatTheClusterWillNeverTake() throws Exception {
    create(SharedBroker.bootstrap(), Map.of("max.message.bytes", "1000"));
    var config = config(SharedBroker.bootstrap());
    var ways = Lines.ways("127.0.0.0/8");
    var large = Samples.outgoing("t", "\"" + "x".repeat(5_000) + "\"", Map.of());
    var huge = Samples.outgoing("t", "\"" + "x".repeat(4 << 20) + "\"", Map.of());

    assertThat(Lines.attempt(type, config, Map.of(), ways, large))
        .isEqualTo("too_large: the event is larger than the cluster takes");
    assertThat(Lines.kind(type, config, ways, large)).isEqualTo(Attempt.Kind.PERMANENT);
    assertThat(Lines.kind(type, config, ways, huge)).isEqualTo(Attempt.Kind.PERMANENT);
    assertThat(Lines.kind(type, config, ways, Samples.outgoing("t", DATA, Map.of())))
        .isEqualTo(Attempt.Kind.DELIVERED);
  }

  private Map<String, String> config(String brokers) {
    var config = new HashMap<String, String>();
    config.put("brokers", brokers);
    config.put("topic", topic);
    config.put("sasl_mechanism", "none");
    config.put("tls", "false");
    return config;
  }

  private void create(String bootstrap) throws Exception {
    create(bootstrap, Map.of());
  }

  private void create(String bootstrap, Map<String, String> settings) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin
          .createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private ConsumerRecord<String, String> read(String bootstrap) {
    var settings =
        Map.<String, Object>of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      consumer.seekToBeginning(consumer.assignment());
      for (int i = 0; i < 30; i++) {
        var records = consumer.poll(Duration.ofSeconds(1));
        if (!records.isEmpty()) {
          return records.iterator().next();
        }
      }
      throw new AssertionError("there is no record");
    }
  }

  private static Map<String, String> headers(ConsumerRecord<String, String> record) {
    var headers = new HashMap<String, String>();
    StreamSupport.stream(record.headers().spliterator(), false)
        .forEach(each -> headers.put(each.key(), new String(each.value(), StandardCharsets.UTF_8)));
    return headers;
  }

  private static SSLContext trusting(Certificates certificates) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(certificates.trust("PKCS12"))) {
      store.load(in, Certificates.PASSWORD.toCharArray());
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
