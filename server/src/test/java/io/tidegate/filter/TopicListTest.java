package io.tidegate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicListTest {

  @ParameterizedTest
  @CsvSource({
    "user.created, user.created, true",
    "user.created, user.created.v2, false",
    "user.created, User.created, false",
    "*, user.created, true",
    "user.*, user.created, true",
    "user.*, user.profile.updated, true",
    "user.*, user., true",
    "user.*, user, false",
    "user.*, users.created, false",
    "*.created, user.created, true",
    "*.created, user.created.v2, false",
    "user.*.v2, user.created.v2, true",
    "user.*.v2, user.v2, false",
    "a*a, a, false",
    "a*a, aa, true",
    "*a*b*, xxaxxbxx, true",
    "*a*b*, xxbxxaxx, false",
    "**, x, true",
    "a.b, axb, false",
  })
  void matchesAsOutpostDoes(String pattern, String topic, boolean expected) {
    assertThat(TopicPattern.of(pattern).matches(topic)).isEqualTo(expected);
  }

  @Test
  void agreesWithRegularExpressions() {
    var random = new SplittableRandom(7);
    for (var round = 0; round < 20_000; round++) {
      var pattern = word(random, "ab.*", 1 + random.nextInt(6));
      var topic = word(random, "ab.", random.nextInt(8));
      var regex = Pattern.compile(pattern.replace(".", "\\.").replace("*", ".*"));

      assertThat(TopicPattern.of(pattern).matches(topic))
          .as(pattern + " " + topic)
          .isEqualTo(regex.matcher(topic).matches());
    }
  }

  @Test
  void matchesHostilePatternsInTime() {
    var pattern = TopicPattern.of("*a".repeat(127) + "*b");
    var topic = "a".repeat(100_000);

    Assertions.assertThatCode(() -> pattern.matches(topic)).doesNotThrowAnyException();
    var started = System.nanoTime();
    assertThat(pattern.matches(topic)).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({
    "'', true", // published without a topic
    "*, true",
    "user.created, true",
    "user.updated, false",
    "order.paid, true",
  })
  void takesEventsOfItsTopicsAndThoseForEveryone(String topic, boolean expected) {
    assertThat(TopicList.of("user.created", "order.*").takes(topic, true)).isEqualTo(expected);
  }

  @Test
  void keepsPatternsThatAreNotAllowedButTakesNothingForThem() {
    assertThat(TopicList.of("user.created", "order.*").takes("order.paid", false)).isFalse();
    assertThat(TopicList.of("*").takes("order.paid", false)).isTrue();
  }

  @Test
  void reducesWhatIsCoveredByAWiderPattern() {
    assertThat(TopicList.of("user.*", "user.created", "user.*").reduced().texts())
        .containsExactly("user.*");
    assertThat(TopicList.of("*.created", "user.*").reduced().texts())
        .containsExactly("*.created", "user.*");
    assertThat(TopicList.of("a", "b", "a").reduced().texts()).containsExactly("a", "b");
    assertThat(TopicList.of("*").reduced().texts()).containsExactly("*");
  }

  @Test
  void reducedListsTakeTheSame() {
    var random = new SplittableRandom(11);
    for (var round = 0; round < 5_000; round++) {
      var topics = new String[1 + random.nextInt(4)];
      for (var i = 0; i < topics.length; i++) {
        topics[i] = word(random, "ab.*", 1 + random.nextInt(4));
      }
      var list = TopicList.of(topics);
      var topic = word(random, "ab.", 1 + random.nextInt(5));

      assertThat(list.reduced().takes(topic, true))
          .as(list + " " + topic)
          .isEqualTo(list.takes(topic, true));
    }
  }

  @Test
  void namesWhatIsWrongWithAList() {
    var known = new TopicList.Rules(List.of("user.created", "user.updated"), true);
    var names = new TopicList.Rules(List.of("user.created"), false);
    var open = new TopicList.Rules(List.of(), false);

    assertThat(TopicList.faults(List.of("*"), known)).isEmpty();
    assertThat(TopicList.faults(List.of("user.*", "user.created"), known)).isEmpty();
    assertThat(TopicList.faults(List.of("order.*", "usr"), known))
        .containsExactly("'order.*' matches no topic", "'usr' is not a topic");
    assertThat(TopicList.faults(List.of("*", "user.created"), known))
        .containsExactly("'*' stands alone or not at all");
    assertThat(TopicList.faults(List.of("user.*"), names))
        .containsExactly("'user.*': patterns are not allowed, only names or '*' alone");
    assertThat(TopicList.faults(List.of("anything"), open)).isEmpty();
    assertThat(TopicList.faults(List.of("any*"), open)).hasSize(1);
    assertThat(TopicList.faults(List.of(), open)).hasSize(1);
    assertThat(TopicList.faults(List.of(""), open)).hasSize(1);
    assertThat(TopicList.faults(List.of("x".repeat(257)), open)).hasSize(1);
  }

  private static String word(SplittableRandom random, String letters, int length) {
    var word = new StringBuilder();
    for (var i = 0; i < length; i++) {
      word.append(letters.charAt(random.nextInt(letters.length())));
    }
    return word.toString();
  }
}
