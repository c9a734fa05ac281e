package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventOrderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          /data/customer | {"x":{"customer":1},"customer":"c-1"} | c-1
          /data/a/b      | {"a":{"x":[{"b":2}],"b":7}}           | 7
          /data/a/1/id   | {"a":[{"id":"x"},{"id":"y"}]}         | y
          /data/a~1b     | {"a/b":true}                          | true
          /data/a/9      | {"a":[1]}                             | -
          /data/a        | {"a":{"b":1}}                         | -
          /data/a        | {"a":null}                            | -
          /data/a        | not json                              | -
          /data/a        | [1]                                   | -
          /topic         | {}                                    | order.paid
          /metadata/m    | {}                                    | 1
          /metadata/n    | {}                                    | -
          """)
  void findsTheFieldOrNone(String pointer, String data, String expected) {
    var event =
        new Event(
            "e",
            false,
            "t",
            "order.paid",
            Optional.empty(),
            Instant.EPOCH,
            true,
            Map.of("m", "1"),
            Bytes.utf8(data));

    var found = EventOrder.of(pointer).of(event);

    assertThat(found.orElse("-")).isEqualTo(expected);
  }
}
