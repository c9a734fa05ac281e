package io.tidegate.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.bridge.LastEventId.At;
import io.tidegate.bridge.LastEventId.None;
import io.tidegate.bridge.LastEventId.Unreadable;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastEventIdTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AQIACg==",
        "AQIACg==/rev=5",
        "AQIACg==/a/b\"c",
        "[\"a2V5\",\"AQIACg==\"]",
        "[\"a2V5\",\"AQIACg==/rev=5\"]",
        "[\"a2V5\", \"AQIACg==/a,b\"]",
        "[null,\"AQIACg==\"]",
        " AQIACg== "
      })
  void goesOnFromEveryFormOfId(String id) {
    assertThat(LastEventId.parse(id)).isEqualTo(new At(Map.of(0, 5L)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "AQIACg=", "AQIACg", "[", "[]", "[null]", "[\"a2V5\"]", "\"", "/", "42"})
  void saysWhenItIsNoneOfOurs(String id) {
    assertThat(LastEventId.parse(id)).isEqualTo(new Unreadable());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void takesNothingForNothing(String id) {
    assertThat(LastEventId.parse(id)).isEqualTo(new None());
  }

  @Test
  void prefersTheHeaderToTheQuery() {
    var both =
        Gateway.request("GET", "/?lastEventId=AQIACg%3D%3D", "", "last-event-id", "AQIADA==");
    var query = Gateway.request("GET", "/?lastEventId=AQIACg%3D%3D&token=x", "");

    assertThat(LastEventId.of(both)).isEqualTo(new At(Map.of(0, 6L)));
    assertThat(LastEventId.of(query)).isEqualTo(new At(Map.of(0, 5L)));
  }
}
