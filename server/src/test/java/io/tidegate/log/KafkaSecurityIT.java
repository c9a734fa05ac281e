package io.tidegate.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.base.Bytes;
import io.tidegate.base.Secret;
import io.tidegate.base.Time;
import io.tidegate.log.KafkaSettings.Limits;
import io.tidegate.log.KafkaSettings.Sasl;
import io.tidegate.log.KafkaSettings.Store;
import io.tidegate.log.KafkaSettings.Tls;
import io.tidegate.log.RecordLog.From;
import io.tidegate.log.RecordLog.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSecurityIT {
  @TempDir static Path folder;

  private static Certificates certificates;
  private static SecuredBroker broker;

  @BeforeAll
  static void startBroker() throws Exception {
    certificates = Certificates.in(folder);
    broker = new SecuredBroker(folder.resolve("kafka"), certificates);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  static Stream<Sasl> credentials() {
    var password = new Secret(SecuredBroker.PASSWORD);
    return Stream.of(
        new Sasl.Plain(SecuredBroker.USER, password),
        new Sasl.Scram(256, SecuredBroker.USER, password),
        new Sasl.Scram(512, SecuredBroker.USER, password),
        new Sasl.OauthBearer(new Secret(token())));
  }

  private static String token() {
    var now = Instant.now().getEpochSecond();
    var claims = "{\"sub\":\"alice\",\"iat\":%d,\"exp\":%d}".formatted(now, now + 600);
    return base64("{\"alg\":\"none\"}") + "." + base64(claims) + ".";
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("credentials")
  void isLetInWithCredentials(Sasl sasl) {
    var tls = new Tls(Optional.of(serverPem()), false, Optional.empty());

    assertWorks(settings(broker.sasl(), tls, Optional.of(sasl)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pkcs12", "jks"})
  void isLetInWithACertificate(String type) throws Exception {
    var trust =
        new Store(certificates.trust(type), type, new Secret(Certificates.PASSWORD), List.of());
    var keys =
        new Store(
            certificates.clientKeys(), "pkcs12", new Secret(Certificates.PASSWORD), List.of());

    assertWorks(
        settings(
            broker.tls(), new Tls(Optional.of(trust), false, Optional.of(keys)), Optional.empty()));
  }

  @Test
  void isLetInWithChosenEntriesOfAStore() throws Exception {
    var password = new Secret(Certificates.PASSWORD);
    var trust = new Store(certificates.trust("jks"), "jks", password, List.of("server"));
    var keys = new Store(certificates.clientKeys(), "pkcs12", password, List.of("own"));

    assertWorks(
        settings(
            broker.tls(), new Tls(Optional.of(trust), true, Optional.of(keys)), Optional.empty()));
  }

  @Test
  void trustsAPemFileAndThePlatformBesides() {
    var plain = new Sasl.Plain(SecuredBroker.USER, new Secret(SecuredBroker.PASSWORD));

    assertWorks(
        settings(
            broker.sasl(),
            new Tls(Optional.of(serverPem()), true, Optional.empty()),
            Optional.of(plain)));
  }

  @Test
  void saysThatAKeyStoreIsNotThere() {
    var lost = new Store(Path.of("no-such-file.p12"), "pkcs12", new Secret("x"), List.of("own"));
    var tls = new Tls(Optional.of(lost), false, Optional.empty());
    try (var log = log(settings(broker.tls(), tls, Optional.empty()))) {
      assertThat(append(log, "any")).isInstanceOf(Appended.Unavailable.class);
      assertThat(log.check(Seen.LIMIT).orElseThrow()).contains("no-such-file.p12");
    }
  }

  @Test
  void isLetInWithACertificateInAPemFile() {
    var keys = new Store(certificates.clientKeyPem(), "pem", new Secret(""), List.of());

    assertWorks(
        settings(
            broker.tls(),
            new Tls(Optional.of(serverPem()), false, Optional.of(keys)),
            Optional.empty()));
  }

  @Test
  void saysInTimeThatItIsNotLetIn() {
    var tls = new Tls(Optional.of(serverPem()), false, Optional.empty());
    var wrong = new Sasl.Plain(SecuredBroker.USER, new Secret("not-the-password"));
    try (var log = log(settings(broker.sasl(), tls, Optional.of(wrong)))) {
      assertThat(append(log, "any"))
          .isInstanceOfSatisfying(
              Appended.Unavailable.class,
              unavailable -> {
                assertThat(unavailable.reason()).isEqualTo(Appended.Reason.UNREACHABLE);
                assertThat(unavailable.cause())
                    .contains("Authentication failed")
                    .doesNotContain("not-the-password");
              });
      assertThat(log.check(Seen.LIMIT).orElseThrow()).contains("Authentication failed");
    }
  }

  @Test
  void saysInTimeThatItDoesNotTrustTheServer() {
    var tls = new Tls(Optional.empty(), false, Optional.empty());
    var plain = new Sasl.Plain(SecuredBroker.USER, new Secret(SecuredBroker.PASSWORD));
    try (var log = log(settings(broker.sasl(), tls, Optional.of(plain)))) {
      assertThat(append(log, "any")).isInstanceOf(Appended.Unavailable.class);
      assertThat(log.check(Seen.LIMIT).orElseThrow()).contains("SSL handshake failed");
    }
  }

  private static Store serverPem() {
    return new Store(certificates.serverPem(), "pem", new Secret(""), List.of());
  }

  private static KafkaSettings settings(String bootstrap, Tls tls, Optional<Sasl> sasl) {
    return new KafkaSettings("secured", List.of(bootstrap), Optional.of(tls), sasl, Limits.USUAL);
  }

  private static RecordLog log(KafkaSettings settings) {
    return new KafkaLog(settings, Time.system(), new SimpleMeterRegistry());
  }

  private static void assertWorks(KafkaSettings settings) {
    var topic = "secured-" + UUID.randomUUID();
    var seen = new Seen();
    try (var log = log(settings)) {
      log.create(List.of(new TopicSpec(topic, 1, false, Map.of())), Seen.LIMIT);
      assertThat(append(log, topic)).isEqualTo(new Appended.At(0, 0));
      log.follow(topic, Map.of(), From.EARLIEST, seen);
      seen.awaitValues("v");
    }
  }

  private static Appended append(RecordLog log, String topic) {
    var answer = new CompletableFuture<Appended>();
    log.append(
        new Entry(topic, Bytes.utf8("k"), List.of(), Bytes.utf8("v")),
        Acks.IN_SYNC_REPLICAS,
        answer::complete);
    return answer.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
