package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionTest {
  @ParameterizedTest
  @CsvSource({
    "order.paid, order.paid, true",
    "order.paid, order.pai, false",
    "order.*, order.paid, true",
    "order.*, orders.paid, false",
    "*.paid, order.paid, true",
    "o*r.p*d, order.paid, true",
    "o*r.p*x, order.paid, false",
    "a*a, a, false",
    "**, order.paid, true",
    "*, '', true",
    "a*, '', false"
  })
  void aStarStandsForAnyRunOfCharacters(String pattern, String topic, boolean matches) {
    assertThat(new Subscription(List.of(pattern)).matches(topic)).isEqualTo(matches);
  }

  @Test
  void whatContainsTheStarAloneIsAll() {
    var all = new Subscription(List.of("a", "*"));

    assertThat(all.isAll()).isTrue();
    assertThat(all.write().toString()).isEqualTo("\"*\"");
    assertThat(new Subscription(List.of("a", "b*")).write().toString()).isEqualTo("[\"a\",\"b*\"]");
  }

  @Test
  void aStrictPolicyTakesPatternsThatMatchSomethingAlone() {
    var policy = new TopicPolicy(List.of("order.paid", "user.*"), true);

    assertThat(policy.isSubscribable("order.*")).isTrue();
    assertThat(policy.isSubscribable("user.created")).isTrue();
    assertThat(policy.isSubscribable("*")).isTrue();
    assertThat(policy.isSubscribable("invoice.*")).isFalse();
    assertThat(policy.knows("invoice.paid")).isFalse();
    assertThat(TopicPolicy.OPEN.knows("invoice.paid")).isTrue();
  }
}
