package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CustomHeadersTest {
  @Test
  void hidesWhatMayBeSecretAndNothingThatStandsInEverything() {
    var hidden =
        CustomHeaders.hidden(
            "{\"authorization\":\"Bearer abcdefgh-1234\",\"x-token\":\"t-${data.id}-tail\","
                + "\"x-version\":\"1\",\"x-region\":\"eu-central-1\"}");

    assertThat(hidden)
        .contains("Bearer abcdefgh-1234", "abcdefgh-1234", "t-", "-tail", "eu-central-1")
        .doesNotContain("1", "${data.id}");
  }

  @Test
  void showsATextThatHidesNothingAsItWasWritten() {
    var text = "{ \"x-a\" : \"1\" }";

    assertThat(CustomHeaders.masked(text)).isEqualTo(text);
    assertThat(CustomHeaders.unmasked(text, text)).isEqualTo(text);
    assertThat(CustomHeaders.masked("no JSON")).isEqualTo("no JSON");
  }
}
