package io.tidegate.targets;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.registry.Judgement.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTypesTest {
  private static final Map<String, String> LOGIN = Map.of("username", "u", "password", "p");

  private final KafkaType kafka = new KafkaType();
  private final RabbitType rabbit = new RabbitType();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.example:9092 | ''",
        "a.example:9092, b.example:9093 | ''",
        "[::1]:9092 | ''",
        "'' | /config/brokers",
        "a.example | /config/brokers",
        "a.example:99999 | /config/brokers",
        "a.example:9092, | /config/brokers",
        "http://a.example:9092 | /config/brokers",
        "user@a.example:9092 | /config/brokers"
      })
  void wantsBrokersWithPorts(String brokers, String pointer) {
    var faults =
        kafka.faults(Map.of("brokers", brokers, "topic", "t", "sasl_mechanism", "plain"), LOGIN);

    assertThat(faults)
        .extracting(Fault::pointer)
        .containsExactly(pointer.isEmpty() ? new String[0] : new String[] {pointer});
  }

  @Test
  void wantsCredentialsUnlessNobodyLogsIn() {
    var config = Map.of("brokers", "a.example:9092", "topic", "t");

    assertThat(kafka.faults(with(config, "none"), Map.of())).isEmpty();
    assertThat(kafka.faults(with(config, "scram-sha-512"), LOGIN)).isEmpty();
    assertThat(kafka.faults(with(config, "scram-sha-512"), Map.of()))
        .extracting(Fault::pointer)
        .containsExactly("/credentials/username", "/credentials/password");
    assertThat(kafka.faults(with(config, "gssapi"), LOGIN))
        .extracting(Fault::pointer)
        .containsExactly("/config/sasl_mechanism");
    assertThat(kafka.faults(with(config, "plain"), Map.of("username", "u\n", "password", "p")))
        .extracting(Fault::pointer)
        .containsExactly("/credentials/username");
  }

  private static Map<String, String> with(Map<String, String> config, String mechanism) {
    var all = new java.util.HashMap<>(config);
    all.put("sasl_mechanism", mechanism);
    return all;
  }

  @Test
  void refusesTemplatesThatItDoesNotUnderstandByName() {
    var faults =
        kafka.faults(
            Map.of(
                "brokers",
                "a.example:1",
                "topic",
                "t",
                "sasl_mechanism",
                "none",
                "partition_key_template",
                "length(data)"),
            Map.of());

    assertThat(faults)
        .containsExactly(
            new Fault(
                "/config/partition_key_template",
                "calls length(), and only join, to_string and not_null are understood"));
  }

  @Test
  void connectsOnceForAllTopicsOfACluster() {
    var one = Map.of("brokers", "a.example:1,b.example:2", "topic", "t", "sasl_mechanism", "plain");
    var two =
        Map.of("brokers", "A.example:1, b.example:2", "topic", "x", "sasl_mechanism", "plain");

    assertThat(kafka.site(one, LOGIN)).isEqualTo(kafka.site(two, LOGIN));
    assertThat(kafka.site(one, LOGIN))
        .isNotEqualTo(kafka.site(one, Map.of("username", "u", "password", "other")));
    assertThat(kafka.site(one, LOGIN).toString()).doesNotContain("password=p");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mq.example:5672 | ''",
        "mq.example | ''",
        "mq.example:5671/prod | ''",
        "mq.example:5671/%2Fprod | ''",
        "'' | /config/server_url",
        "amqp://mq.example:5672 | /config/server_url",
        "user:pass@mq.example:5672 | /config/server_url",
        "mq.example:0 | /config/server_url",
        "mq.example:1/%zz | /config/server_url"
      })
  void wantsAServerWithoutScheme(String server, String pointer) {
    var faults = rabbit.faults(Map.of("server_url", server, "exchange", "x"), LOGIN);

    assertThat(faults)
        .extracting(Fault::pointer)
        .containsExactly(pointer.isEmpty() ? new String[0] : new String[] {pointer});
  }

  @Test
  void takesThePortOfTheProtocolWhenNoneIsSaid() {
    assertThat(RabbitSite.server("mq.example", true).orElseThrow().port()).isEqualTo(5671);
    assertThat(RabbitSite.server("mq.example", false).orElseThrow().port()).isEqualTo(5672);
    assertThat(RabbitSite.virtualHost("mq.example:1/a%2Fb")).isEqualTo("a/b");
    assertThat(RabbitSite.virtualHost("mq.example:1/")).isEqualTo("/");
  }

  @Test
  void neverShowsPasswords() {
    assertThat(kafka.isSecret("password")).isTrue();
    assertThat(rabbit.isSecret("password")).isTrue();
    assertThat(rabbit.isSecret("username")).isFalse();
  }

  @Test
  void canGuardTheClientAtHand() {
    assertThat(GuardedProducer.isSupported()).isTrue();
  }
}
