package io.tidegate.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Secret;
import io.tidegate.log.KafkaSettings.Limits;
import io.tidegate.log.KafkaSettings.Sasl;
import io.tidegate.log.KafkaSettings.Store;
import io.tidegate.log.KafkaSettings.Tls;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecurityConfigsTest {
  private static final String SECRET = "hush-hush";

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "", "a b", "\"", "\\", "\\\\\"", "a;b=c", "ключ 🔑", "x\ny\rz", "'"})
  void passwordsArriveAsTheyAre(String password) {
    var configs =
        SecurityConfigs.of(settings(Optional.empty(), new Sasl.Plain("u", new Secret(password))));

    var entries = JaasContext.loadClientContext(configs).configurationEntries();

    assertThat(entries.getFirst().getOptions().get("password")).isEqualTo(password);
  }

  static Stream<Sasl> credentials() {
    var secret = new Secret(SECRET);
    return Stream.of(
        new Sasl.Plain("u", secret),
        new Sasl.Scram(512, "u", secret),
        new Sasl.OauthBearer(secret));
  }

  @ParameterizedTest
  @MethodSource("credentials")
  void secretsAreNotPrinted(Sasl sasl) {
    var store = new Store(Path.of("k.p12"), "pkcs12", new Secret(SECRET), List.of());
    var settings =
        settings(Optional.of(new Tls(Optional.of(store), false, Optional.of(store))), sasl);

    assertThat(SecurityConfigs.of(settings).toString()).doesNotContain(SECRET);
    assertThat(settings.toString()).doesNotContain(SECRET);
  }

  @Test
  void aPemFileHasNoPasswordOfItsOwn() {
    var store = new Store(Path.of("k.pem"), "pem", new Secret(SECRET), List.of());
    var tls = new Tls(Optional.empty(), false, Optional.of(store));

    var configs = SecurityConfigs.of(settings(Optional.of(tls), Optional.empty()));

    assertThat(configs)
        .containsEntry("security.protocol", "SSL")
        .containsEntry("ssl.keystore.type", "PEM")
        .containsEntry("ssl.key.password", new Password(SECRET))
        .doesNotContainKey("ssl.keystore.password");
  }

  @Test
  void clearTextNeedsNothing() {
    assertThat(SecurityConfigs.of(KafkaSettings.plain("c", "localhost:9092")))
        .isEqualTo(Map.of("security.protocol", "PLAINTEXT"));
  }

  private static KafkaSettings settings(Optional<Tls> tls, Sasl sasl) {
    return settings(tls, Optional.of(sasl));
  }

  private static KafkaSettings settings(Optional<Tls> tls, Optional<Sasl> sasl) {
    return new KafkaSettings("c", List.of("localhost:9092"), tls, sasl, Limits.USUAL);
  }
}
