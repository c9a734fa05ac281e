package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "authorization",
        "Authorization",
        "proxy-authenticate",
        "set-cookie",
        "x-outpost-signature",
        "x-api-key",
        "x-csrf-token",
        "x-auth",
        "auth",
        "auth-id",
        "x_auth_id",
        "author-auth"
      })
  void masksWhatMayBeACredential(String header) {
    assertThat(SecretNames.has(header)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"content-type", "x-author", "unauthored", "date", "x-outpost-topic", ""})
  void showsOthers(String header) {
    assertThat(SecretNames.has(header)).isFalse();
  }
}
