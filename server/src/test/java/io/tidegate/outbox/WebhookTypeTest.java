package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.registry.Judgement.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTypeTest {
  private static final Map<String, String> SECRET =
      Map.of("secret", "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=");

  private final WebhookType type = new WebhookType(WebhookType.Signature.OUTPOST);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "http://localhost:8080/hook?a=1&b=%20",
        "https://[::1]:8443/x",
        "https://hooks.example.com/a@b"
      })
  void takesUrls(String url) {
    assertThat(type.faults(Map.of("url", url), SECRET)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "ftp://example.com",
        "https://",
        "https:///x",
        "https://user:pass@example.com",
        "https://example.com/a b",
        "https://exa mple.com",
        "https://example.com:99999999999/",
        "https://example.com/%zz"
      })
  void refusesWhatIsNoUrl(String url) {
    assertThat(type.faults(Map.of("url", url), SECRET))
        .extracting(Fault::pointer)
        .containsExactly("/config/url");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"x-a\":\"1\"} | ''",
        "{\"x-a\":7} | ''",
        "nonsense | /config/custom_headers",
        "[] | /config/custom_headers",
        "{\"x a\":\"1\"} | /config/custom_headers",
        "{\"Content-Type\":\"x\"} | /config/custom_headers/Content-Type",
        "{\"x-a\":\"\"} | /config/custom_headers/x-a",
        "{\"x-a\":\"a\\r\\nb: c\"} | /config/custom_headers/x-a",
        "{\"x-a\":\"ü\"} | /config/custom_headers/x-a"
      })
  void holdsCustomHeadersToWhatHeadersCanBe(String headers, String pointer) {
    var faults =
        type.faults(Map.of("url", "https://example.com", "custom_headers", headers), SECRET);

    if (pointer.isEmpty()) {
      assertThat(faults).isEmpty();
    } else {
      assertThat(faults).extracting(Fault::pointer).containsExactly(pointer);
    }
  }

  @Test
  void holdsSecretsToTheSignature() {
    var config = Map.of("url", "https://example.com");
    var standard = Map.of("url", "https://example.com", "signature", "standard-webhooks");
    var loose = Map.of("secret", "anything");

    assertThat(type.faults(config, loose)).isEmpty();
    assertThat(type.faults(standard, loose))
        .extracting(Fault::pointer)
        .containsExactly("/credentials/secret");
    assertThat(type.faults(standard, SECRET)).isEmpty();
    assertThat(type.faults(config, Map.of()))
        .extracting(Fault::pointer)
        .containsExactly("/credentials/secret");
    assertThat(type.faults(config, Map.of("secret", "a", "previous_secret", "b")))
        .extracting(Fault::pointer)
        .containsExactly("/credentials/previous_secret_invalid_at");
    assertThat(type.faults(config, Map.of("secret", "a", "token", "b")))
        .extracting(Fault::pointer)
        .containsExactly("/credentials/token");
  }

  @Test
  void makesSecretsThatBothSignaturesTake() {
    var secret = type.fresh().get("secret").reveal();

    assertThat(secret).matches("whsec_[A-Za-z0-9+/]{43}=");
    assertThat(
            type.faults(
                Map.of("url", "https://example.com", "signature", "standard-webhooks"),
                Map.of("secret", secret)))
        .isEmpty();
  }
}
