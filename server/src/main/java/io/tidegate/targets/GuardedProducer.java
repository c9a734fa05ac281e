package io.tidegate.targets;

import io.tidegate.delivery.Attempt;
import io.tidegate.outbox.Undelivered;
import io.tidegate.outbox.Ways;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.HostResolver;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.internals.ProducerInterceptors;
import org.apache.kafka.clients.producer.internals.ProducerMetadata;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.internals.ClusterResourceListeners;
import org.apache.kafka.common.memory.MemoryPool;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/// Kafka's producer with a network client of ours, because the cluster is a stranger's: it tells us
/// where its brokers are, and may tell us `127.0.0.1` or the address of a neighbour.
///
/// Every address that the client connects to, that of a broker to begin with and those of brokers
/// that metadata names, comes out of one resolver, and ours judges it at that moment. Replies are
/// bounded too. Kafka's settings can do neither. The producer's constructor that takes a network
/// client is there for its own tests and not public, so it is called by reflection; `isSupported`
/// says whether the library at hand has it, and without it nothing is connected to.
///
///     bootstrap, metadata --> NetworkClient --> JudgedNames --fine--> connect to that address
///                                                    '--refused--> no connection, and the reason kept
final class GuardedProducer implements AutoCloseable {
  /// Of a reply: metadata of one topic, and what came of a few records.
  static final int LARGEST_REPLY = 4 << 20;

  private static final int LARGEST_RECORD = 3 << 20;
  private static final long BUFFER = 6L << 20;
  private static final int IN_FLIGHT = 5;
  private static final long BACKOFF = 200;
  private static final long LONGEST_BACKOFF = 2000;
  private static final long METADATA_AGE = 60_000;
  private static final long CONNECTION_IDLE = 120_000;

  private final Producer<byte[], byte[]> producer;
  private final ProducerMetadata metadata;
  private final AtomicReference<@Nullable Refusal> refusal;

  /// An address that was not connected to.
  private record Refusal(Undelivered why, long at) {}

  private GuardedProducer(
      Producer<byte[], byte[]> producer,
      ProducerMetadata metadata,
      AtomicReference<@Nullable Refusal> refusal) {
    this.producer = producer;
    this.metadata = metadata;
    this.refusal = refusal;
  }

  static boolean isSupported() {
    try {
      return constructor().trySetAccessible();
    } catch (NoSuchMethodException another) {
      return false;
    }
  }

  /// Connects to nothing yet, but fails when there is nothing that it could connect to.
  static GuardedProducer open(KafkaSite site, Ways ways) throws Undelivered {
    var names = new JudgedNames(ways.addresses());
    findAny(site, names);
    var refusal = new AtomicReference<@Nullable Refusal>();
    HostResolver resolver =
        host -> {
          try {
            return names.find(host).toArray(InetAddress[]::new);
          } catch (Undelivered no) {
            refusal.set(new Refusal(no, System.nanoTime()));
            throw new UnknownHostException(no.sentence());
          }
        };
    var config = new ProducerConfig(settings(site, ways));
    var time = Time.SYSTEM;
    var context = new LogContext("[destination " + site.brokers().getFirst() + "] ");
    var metadata =
        new ProducerMetadata(
            BACKOFF,
            LONGEST_BACKOFF,
            METADATA_AGE,
            METADATA_AGE,
            context,
            new ClusterResourceListeners(),
            time);
    metadata.bootstrap(
        site.brokers().stream()
            .map(broker -> InetSocketAddress.createUnresolved(broker.host(), broker.port()))
            .toList());
    var versions = new ApiVersions();
    var selector =
        new Selector(
            LARGEST_REPLY,
            CONNECTION_IDLE,
            Selector.NO_FAILED_AUTHENTICATION_DELAY,
            new Metrics(time),
            time,
            "destination",
            Map.of(),
            false,
            false,
            BoundedChannels.of(config, site, time, context),
            MemoryPool.NONE,
            context);
    var setup = ways.limits().connect().plus(ways.limits().tls()).toMillis();
    var network =
        new NetworkClient(
            null,
            metadata,
            selector,
            config.getString(ProducerConfig.CLIENT_ID_CONFIG),
            IN_FLIGHT,
            BACKOFF,
            LONGEST_BACKOFF,
            128 << 10,
            32 << 10,
            config.getInt(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG),
            setup,
            setup,
            time,
            true,
            versions,
            null,
            context,
            resolver,
            null,
            Long.MAX_VALUE,
            MetadataRecoveryStrategy.REBOOTSTRAP);
    return new GuardedProducer(producer(config, metadata, network, versions), metadata, refusal);
  }

  private static void findAny(KafkaSite site, JudgedNames names) throws Undelivered {
    Undelivered first = null;
    for (var broker : site.brokers()) {
      try {
        var _ = names.find(broker.host());
        return;
      } catch (Undelivered no) {
        first = first == null ? no : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static Map<String, Object> settings(KafkaSite site, Ways ways) {
    var settings = new HashMap<String, Object>();
    int total = Math.toIntExact(Math.max(ways.limits().total().toMillis(), 1000));
    int setup = Math.toIntExact(ways.limits().connect().plus(ways.limits().tls()).toMillis());
    settings.put(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        site.brokers().stream().map(HostPort::toString).toList());
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "tidegate-" + UUID.randomUUID());
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 1);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_RECORD);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.min(setup, total));
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(total - 1, 1));
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, total);
    settings.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    settings.put(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, List.of());
    settings.put(
        "security.protocol",
        (site.login().isPresent() ? "SASL_" : "") + (site.tls() ? "SSL" : "PLAINTEXT"));
    if (site.tls()) {
      settings.put("ssl.engine.factory.class", GivenTls.class);
      settings.put(GivenTls.CONTEXT, ways.tls().orElseThrow().get());
    }
    site.login().ifPresent(login -> login(settings, login));
    return settings;
  }

  private static void login(Map<String, Object> settings, KafkaSite.Login login) {
    var plain = login.mechanism().equals("plain");
    settings.put("sasl.mechanism", login.mechanism().toUpperCase(Locale.ROOT));
    settings.put(
        "sasl.jaas.config",
        new Password(
            "org.apache.kafka.common.security.%s required username=%s password=%s;"
                .formatted(
                    plain ? "plain.PlainLoginModule" : "scram.ScramLoginModule",
                    quoted(login.user()),
                    quoted(login.password().reveal()))));
  }

  /// As the reader of JAAS lines wants it. There are no control characters.
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Constructor<?> constructor() throws NoSuchMethodException {
    return KafkaProducer.class.getDeclaredConstructor(
        ProducerConfig.class,
        Serializer.class,
        Serializer.class,
        ProducerMetadata.class,
        KafkaClient.class,
        ProducerInterceptors.class,
        ApiVersions.class,
        Time.class);
  }

  @SuppressWarnings("unchecked")
  private static Producer<byte[], byte[]> producer(
      ProducerConfig config,
      ProducerMetadata metadata,
      NetworkClient network,
      ApiVersions versions) {
    try {
      var constructor = constructor();
      constructor.setAccessible(true);
      return (Producer<byte[], byte[]>)
          constructor.newInstance(
              config,
              new ByteArraySerializer(),
              new ByteArraySerializer(),
              metadata,
              network,
              null,
              versions,
              Time.SYSTEM);
    } catch (InvocationTargetException failed) {
      network.close();
      throw new IllegalStateException("no producer can be made", failed.getCause());
    } catch (ReflectiveOperationException another) {
      network.close();
      throw new IllegalStateException("this version of Kafka's client cannot be guarded", another);
    }
  }

  Producer<byte[], byte[]> producer() {
    return producer;
  }

  /// Why nothing came back: an address that was refused meanwhile, a topic that is not there, a
  /// cluster that does not answer.
  Undelivered late(String topic, long since) {
    var refused = refusal.get();
    if (refused != null && refused.at() - since >= 0) {
      return refused.why();
    }
    var error = metadata.getError(topic);
    if (error == Errors.UNKNOWN_TOPIC_OR_PARTITION || error == Errors.INVALID_TOPIC_EXCEPTION) {
      return Undelivered.failed("unknown_target", "the cluster has no topic " + topic);
    }
    if (error == Errors.TOPIC_AUTHORIZATION_FAILED) {
      return Undelivered.failed("credentials", "the user may not write to the topic " + topic);
    }
    long waited = (System.nanoTime() - since) / 1_000_000;
    return metadata.fetch().isBootstrapConfigured()
        ? Undelivered.failed("connect_timeout", "no broker answered within " + waited + " ms")
        : Undelivered.failed(
            "total_timeout", "the cluster did not take the record within " + waited + " ms");
  }

  /// True when an address was refused since then, and what waits for it need not wait on.
  boolean isRefused(long since) {
    var refused = refusal.get();
    return refused != null
        && refused.at() - since >= 0
        && refused.why().kind() == Attempt.Kind.PERMANENT;
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
