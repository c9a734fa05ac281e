package io.tidegate.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafePathTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "../etc/passwd",
        "a/../../b",
        "a/..",
        "./a",
        "a/./b",
        "%2e%2e/etc/passwd",
        "%2E%2e/x",
        ".%2e/x",
        "%2e/x",
        "a%2f..%2fb",
        "..%2fetc",
        "..%5cwindows",
        "a\\b",
        "a%5cb",
        "..\\x",
        "a%00.html",
        "%00",
        "a%0d%0ab",
        "a%7fb",
        "//etc/passwd",
        "a//b",
        "%c0%ae%c0%ae/etc",
        "%c0%af",
        "%e0%80%ae",
        "%f0%80%80%ae",
        "%ff",
        "%ed%a0%80",
        "%",
        "%2",
        "%zz",
        "%2%65",
        ".env",
        "a/.git/config",
        "%2egit/config",
        ".well-known-not",
      })
  void refusesWhatIsNoPlainVisibleName(String path) {
    assertThat(SafePath.of(path)).isEmpty();
  }

  @Test
  void decodesEachSegmentOnce() {
    assertThat(SafePath.of("docs/a%20b/%C3%A9%252e.html"))
        .contains(new SafePath(List.of("docs", "a b", "é%2e.html"), false));
  }

  @Test
  void keepsThatAFolderIsMeant() {
    assertThat(SafePath.of("docs/")).contains(new SafePath(List.of("docs"), true));
    assertThat(SafePath.of("")).contains(new SafePath(List.of(), true));
    assertThat(SafePath.of("/")).contains(new SafePath(List.of(), true));
  }

  @Test
  void showsWellKnownAddresses() {
    assertThat(SafePath.of(".well-known/security.txt"))
        .contains(new SafePath(List.of(".well-known", "security.txt"), false));
  }

  @Test
  void takesANameThatOnlyHoldsDots() {
    assertThat(SafePath.of("a..b/c.d.e")).contains(new SafePath(List.of("a..b", "c.d.e"), false));
  }

  @Test
  void refusesWhatIsTooLongOrTooDeep() {
    assertThat(SafePath.of("x".repeat(256))).isEmpty();
    assertThat(SafePath.of("a/".repeat(100))).isEmpty();
    assertThat(SafePath.of("x".repeat(255))).isPresent();
  }
}
