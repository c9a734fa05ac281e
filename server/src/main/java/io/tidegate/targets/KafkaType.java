package io.tidegate.targets;

import io.tidegate.base.Secret;
import io.tidegate.outbox.ConnectedType;
import io.tidegate.outbox.KeyTemplate;
import io.tidegate.outbox.TypeSchema;
import io.tidegate.outbox.TypeSchema.Field;
import io.tidegate.outbox.TypeSchema.Input;
import io.tidegate.outbox.Undelivered;
import io.tidegate.outbox.Ways;
import io.tidegate.registry.Judgement.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Events as records in a topic of a tenant's own Kafka cluster: the data as the value, metadata as
/// headers, the key from a template or the event's id. `acks=all`, idempotent.
public final class KafkaType implements ConnectedType {
  static final String BROKERS = "brokers";
  static final String TOPIC = "topic";
  static final String MECHANISM = "sasl_mechanism";
  static final String TLS = "tls";
  static final String KEY = "partition_key_template";
  static final String USER = "username";
  static final String PASSWORD = "password";

  private static final int MOST_BROKERS = 16;
  private static final String NO_CONTROLS = "^[^\\u0000-\\u001f\\u007f]*$";

  private static final TypeSchema SCHEMA =
      new TypeSchema(
          "kafka",
          "Apache Kafka",
          "Send each event as a record to a topic of a Kafka cluster",
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\" fill=\"none\""
              + " stroke=\"currentColor\"><circle cx=\"5\" cy=\"8\" r=\"2\"/><circle cx=\"11\""
              + " cy=\"4\" r=\"2\"/><circle cx=\"11\" cy=\"12\" r=\"2\"/><path d=\"M7 7l2-2M7 9l2"
              + " 2\"/></svg>",
          """
          Enter the brokers to begin with, the topic, and how to log in. All brokers that the cluster
          names must be reachable from here, under public addresses. Create the topic first.
          """,
          List.of(
              Field.text(BROKERS, "Brokers", "host:port of one or more brokers, with commas")
                  .needed()
                  .sized(3, 2048),
              Field.text(TOPIC, "Topic", "The topic that records are written to")
                  .needed()
                  .sized(1, 249)
                  .like("^[A-Za-z0-9._-]+$"),
              Field.of(TLS, Input.CHECKBOX, "TLS", "Whether brokers are spoken to over TLS")
                  .usually("true"),
              Field.text(
                      KEY,
                      "Partition key template",
                      "JMESPath for the key of records, such as data.user_id; the event's id if it"
                          + " picks nothing")
                  .sized(1, 512),
              Field.of(MECHANISM, Input.SELECT, "SASL mechanism", "How to log in")
                  .needed()
                  .oneOf(labels())),
          List.of(
              Field.text(USER, "Username", "Who logs in").sized(1, 256).like(NO_CONTROLS),
              Field.text(PASSWORD, "Password", "The password")
                  .secret()
                  .sized(1, 1024)
                  .like(NO_CONTROLS)));

  private static Map<String, String> labels() {
    var labels = new LinkedHashMap<String, String>();
    labels.put("plain", "PLAIN");
    labels.put("scram-sha-256", "SCRAM-SHA-256");
    labels.put("scram-sha-512", "SCRAM-SHA-512");
    labels.put("none", "None");
    return labels;
  }

  @Override
  public TypeSchema schema() {
    return SCHEMA;
  }

  @Override
  public List<Fault> faults(Map<String, String> config, Map<String, String> credentials) {
    var faults = new ArrayList<>(SCHEMA.faults(config, credentials));
    if (!config.getOrDefault(BROKERS, "").isEmpty() && brokers(config).isEmpty()) {
      faults.add(new Fault("/config/brokers", "must be 1 to " + MOST_BROKERS + " times host:port"));
    }
    KeyTemplate.fault(config.getOrDefault(KEY, ""))
        .ifPresent(why -> faults.add(new Fault("/config/" + KEY, why)));
    if (!mechanism(config).equals("none")) {
      for (var name : List.of(USER, PASSWORD)) {
        if (credentials.getOrDefault(name, "").isEmpty()) {
          faults.add(new Fault("/credentials/" + name, "is required"));
        }
      }
    }
    return faults;
  }

  /// Empty when one of them is none.
  private static Optional<List<HostPort>> brokers(Map<String, String> config) {
    var brokers =
        Arrays.stream(config.getOrDefault(BROKERS, "").split(",", -1))
            .map(String::strip)
            .map(text -> HostPort.parse(text, 0))
            .toList();
    return brokers.size() > MOST_BROKERS || brokers.stream().anyMatch(Optional::isEmpty)
        ? Optional.empty()
        : Optional.of(brokers.stream().flatMap(Optional::stream).distinct().toList());
  }

  private static String mechanism(Map<String, String> config) {
    return config.getOrDefault(MECHANISM, "none").toLowerCase(Locale.ROOT);
  }

  @Override
  public Object site(Map<String, String> config, Map<String, String> credentials) {
    return place(config, credentials);
  }

  private static KafkaSite place(Map<String, String> config, Map<String, String> credentials) {
    boolean asked = !mechanism(config).equals("none");
    return new KafkaSite(
        brokers(config).orElseThrow(() -> new IllegalArgumentException("its brokers are none")),
        !config.getOrDefault(TLS, "true").equals("false"),
        asked
            ? Optional.of(
                new KafkaSite.Login(
                    mechanism(config),
                    credentials.getOrDefault(USER, ""),
                    new Secret(credentials.getOrDefault(PASSWORD, ""))))
            : Optional.empty());
  }

  @Override
  public Connection open(Map<String, String> config, Map<String, String> credentials, Ways ways)
      throws Undelivered {
    return KafkaLine.open(place(config, credentials), ways);
  }

  @Override
  public Target target(Map<String, String> config) {
    var first = config.getOrDefault(BROKERS, "").split(",", 2)[0].strip();
    return new Target(first + " / " + config.getOrDefault(TOPIC, ""), "");
  }
}
