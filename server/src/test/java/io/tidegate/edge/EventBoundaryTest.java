package io.tidegate.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventBoundaryTest {
  private static final String CHALLENGE = "event:challenge\ndata:{}\n\n";

  private final EventBoundary boundary = new EventBoundary();

  @Test
  void anEventOfOursGoesAheadOfTheFirst() {
    assertThat(boundary.say("{}").map(Buffer::toString)).contains(CHALLENGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: 1\n\n", "data: 1\r\n\r\n", "data: 1\r\r", ": note\n\n\n"})
  void anEventOfOursFollowsAWholeOne(String event) {
    boundary.passed(Buffer.buffer(event));

    assertThat(boundary.say("{}").map(Buffer::toString)).contains(CHALLENGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: 1", "data: 1\n", "data: 1\r\n", "data: 1\n\ndata: 2\n"})
  void itNeverGoesIntoOne(String begun) {
    boundary.passed(Buffer.buffer(begun));

    assertThat(boundary.say("{}")).isEmpty();
    assertThat(boundary.passed(Buffer.buffer("more"))).isEmpty();
    assertThat(boundary.passed(Buffer.buffer("\n"))).isEmpty();
    assertThat(boundary.passed(Buffer.buffer("\n")).map(Buffer::toString)).contains(CHALLENGE);
    assertThat(boundary.passed(Buffer.buffer("data: 3\n\n"))).isEmpty();
  }
}
