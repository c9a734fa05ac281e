package io.tidegate.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownPathTest {
  @ParameterizedTest
  @CsvSource({
    "/e/00112233445566778899aabbccddeeff, /e/00112233…",
    "/hooks/e/00112233445566778899aabbccddeeff/x, /hooks/e/00112233…/x",
    "/items/1, /items/1",
    "/items/00112233445566778899aabbccddeeff00, /items/00112233445566778899aabbccddeeff00",
  })
  void ofTheSecretIdOfAnEndpointOnlyEightDigitsAreShown(String path, String shown) {
    var request =
        new Request(
            "r", "http", "a:80", "POST", path, "", Headers.NONE, Bytes.EMPTY, "-", Map.of());

    assertThat(request.shownPath()).isEqualTo(shown);
  }
}
