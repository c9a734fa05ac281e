package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  private static final Outgoing EVENT =
      Samples.outgoing(
          "order.paid",
          """
          {"user":{"id":"u1","n":1.50,"big":12345678901234567890},"items":[{"sku":"a"},{"sku":"b"}],
           "no":null,"empty":"","odd name":true,"list":[1,2]}
          """,
          Map.of("region", "eu"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "data.user.id ~ u1",
        "data.user.n ~ 1.50",
        "data.user.big ~ 12345678901234567890",
        "data.\"odd name\" ~ true",
        "data.items[0].sku ~ a",
        "data.items[-1].sku ~ b",
        "data.list ~ [1,2]",
        "metadata.\"event-id\" ~ evt_1",
        "metadata.topic ~ order.paid",
        "metadata.region ~ eu",
        "tenant_id ~ acme",
        "data.no || data.user.id ~ u1",
        "data.empty || 'none' ~ none",
        "data.missing || data.gone || id ~ evt_1",
        "join('-', [metadata.region, data.user.id]) ~ eu-u1",
        "to_string(data.items[0]) ~ {\"sku\":\"a\"}",
        "not_null(data.no, data.user.id) ~ u1",
        " data . user . id  ~ u1"
      })
  void picks(String expression, String text) throws Exception {
    assertThat(Expression.parse(expression).text(EVENT.scope())).hasValue(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data.missing",
        "data.no",
        "data.empty",
        "data.items[7].sku",
        "data.user[0]",
        "join('-', [data.user.id, data.missing])",
        "data.user.id.deeper"
      })
  void picksNothing(String expression) throws Exception {
    assertThat(Expression.parse(expression).text(EVENT.scope())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "data.items[*].sku ~ brackets without a number",
        "data.items[?sku=='a'] ~ brackets without a number",
        "data.items[0:1] ~ brackets without a number",
        "length(data.items) ~ calls length()",
        "data. ~ ends too early",
        "'open ~ not closed",
        "a b ~ where that is not understood",
        "&a ~ where that is not understood"
      })
  void refusesByNameWhatItDoesNotKnow(String expression, String why) {
    assertThatThrownBy(() -> Expression.parse(expression)).hasMessageContaining(why);
  }

  @Test
  void isBoundedInLengthAndDepth() {
    assertThatThrownBy(() -> Expression.parse("data | to_string(@)")).hasMessageContaining("pipe");
    assertThatThrownBy(() -> Expression.parse("a".repeat(513))).hasMessageContaining("512");
    assertThatThrownBy(() -> Expression.parse("to_string(".repeat(40) + "a" + ")".repeat(40)))
        .hasMessageContaining("too deeply");
  }

  @Test
  void fillsTextsIn() {
    var filled =
        TextTemplate.fill(
            Map.of(
                "a", "order ${data.user.id} in ${metadata.region}",
                "b", "$${data.user.id}",
                "c", "${data.missing}",
                "d", "fixed",
                "e", "${data.missing || '}'}"),
            EVENT::scope);

    assertThat(filled)
        .containsOnly(
            Map.entry("a", "order u1 in eu"),
            Map.entry("b", "${data.user.id}"),
            Map.entry("d", "fixed"),
            Map.entry("e", "}"));
    assertThat(TextTemplate.faults(Map.of("x", "${length(a)}", "y", "${a"), "/p"))
        .extracting(fault -> fault.pointer())
        .containsExactlyInAnyOrder("/p/x", "/p/y");
  }

  @Test
  void seesNoDataWhereThereIsNoJson() throws Exception {
    var plain = Samples.outgoing("t", "not json", Map.of());

    assertThat(Expression.parse("data.a || id").text(plain.scope())).hasValue("evt_1");
  }
}
