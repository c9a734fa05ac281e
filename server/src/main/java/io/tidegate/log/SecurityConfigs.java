package io.tidegate.log;

import io.tidegate.base.Secret;
import io.tidegate.log.KafkaSettings.Sasl;
import io.tidegate.log.KafkaSettings.Store;
import io.tidegate.log.KafkaSettings.Tls;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.types.Password;

/// TLS and SASL in Kafka's words. Secrets go in as `Password`, which Kafka prints as `[hidden]`.
final class SecurityConfigs {
  private SecurityConfigs() {}

  static Map<String, Object> of(KafkaSettings settings) {
    var configs = new HashMap<String, Object>();
    var encrypted = settings.tls().isPresent();
    var asked = settings.sasl().isPresent();
    configs.put(
        "security.protocol",
        asked ? (encrypted ? "SASL_SSL" : "SASL_PLAINTEXT") : (encrypted ? "SSL" : "PLAINTEXT"));
    settings.tls().ifPresent(tls -> tls(configs, tls));
    settings.sasl().ifPresent(sasl -> sasl(configs, sasl));
    return configs;
  }

  private static void tls(Map<String, Object> configs, Tls tls) {
    tls.trust().ifPresent(store -> trust(configs, store, tls.platformTrust()));
    tls.keys().ifPresent(store -> keys(configs, store));
  }

  private static void trust(Map<String, Object> configs, Store store, boolean withPlatform) {
    if (store.isChosenFrom() || withPlatform) {
      configs.put("ssl.truststore.type", "PEM");
      configs.put(
          "ssl.truststore.certificates",
          new Password(KeyEntries.certificates(store, withPlatform)));
    } else {
      store(configs, "ssl.truststore", store);
    }
  }

  private static void keys(Map<String, Object> configs, Store store) {
    if (store.isChosenFrom()) {
      configs.put("ssl.keystore.type", "PEM");
      configs.put("ssl.keystore.certificate.chain", new Password(KeyEntries.chain(store)));
      configs.put("ssl.keystore.key", new Password(KeyEntries.privateKey(store)));
    } else {
      store(configs, "ssl.keystore", store);
      password(store).ifPresent(password -> configs.put("ssl.key.password", password));
    }
  }

  /// A PEM file has no password of its own, only its private key may have one.
  private static void store(Map<String, Object> configs, String prefix, Store store) {
    var type = store.type().toUpperCase(Locale.ROOT);
    configs.put(prefix + ".type", type);
    configs.put(prefix + ".location", store.file().toString());
    if (!type.equals("PEM")) {
      password(store).ifPresent(password -> configs.put(prefix + ".password", password));
    }
  }

  private static Optional<Password> password(Store store) {
    var password = store.password().reveal();
    return password.isEmpty() ? Optional.empty() : Optional.of(new Password(password));
  }

  private static void sasl(Map<String, Object> configs, Sasl sasl) {
    switch (sasl) {
      case Sasl.Plain(var user, var password) -> {
        configs.put("sasl.mechanism", "PLAIN");
        login(configs, "plain.PlainLoginModule", credentials(user, password));
      }
      case Sasl.Scram(var hash, var user, var password) -> {
        configs.put("sasl.mechanism", "SCRAM-SHA-" + hash);
        login(configs, "scram.ScramLoginModule", credentials(user, password));
      }
      case Sasl.OauthBearer(var token) -> {
        configs.put("sasl.mechanism", "OAUTHBEARER");
        configs.put("sasl.login.callback.handler.class", FixedToken.class);
        login(
            configs,
            "oauthbearer.OAuthBearerLoginModule",
            FixedToken.OPTION + "=" + quoted(token.reveal()));
      }
    }
  }

  private static String credentials(String user, Secret password) {
    return "username=" + quoted(user) + " password=" + quoted(password.reveal());
  }

  private static void login(Map<String, Object> configs, String module, String options) {
    configs.put(
        "sasl.jaas.config",
        new Password("org.apache.kafka.common.security." + module + " required " + options + ";"));
  }

  /// As the reader of JAAS lines wants it, which knows C's escapes.
  static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (var i = 0; i < text.length(); i++) {
      var character = text.charAt(i);
      switch (character) {
        case '"', '\\' -> quoted.append('\\').append(character);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        default -> quoted.append(character);
      }
    }
    return quoted.append('"').toString();
  }
}
