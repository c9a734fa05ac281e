package io.tidegate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TextSearchTest {

  @Test
  void findsWhatThePlatformFinds() {
    var random = new SplittableRandom(3);
    for (var round = 0; round < 50_000; round++) {
      var text = word(random, random.nextInt(30));
      var part = word(random, 1 + random.nextInt(6));

      assertThat(TextSearch.find(text, part)).as(text + " " + part).isEqualTo(text.contains(part));
    }
  }

  @Test
  void findsInLongTextsToo() {
    var text = "ab".repeat(100_000) + "c" + "ab".repeat(100_000);

    assertThat(TextSearch.contains(text, "ababc" + "ab".repeat(50))).isTrue();
    assertThat(TextSearch.contains(text, "ababcc" + "ab".repeat(50))).isFalse();
    assertThat(TextSearch.contains(text, "")).isTrue();
  }

  private static String word(SplittableRandom random, int length) {
    var word = new StringBuilder();
    for (var i = 0; i < length; i++) {
      word.append("ab".charAt(random.nextInt(2)));
    }
    return word.toString();
  }
}
