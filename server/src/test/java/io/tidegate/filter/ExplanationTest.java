package io.tidegate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  private static String explained(String filter, String document) {
    return Filter.compile(filter).orThrow().explain(Document.parse(document)).text();
  }

  @Test
  void saysOfEachConditionWhatItSaw() {
    var text =
        explained(
            """
            {"topic":"order.paid","data":{"total":{"$gte":100},"status":{"$not":{"$in":["void"]}},"vip":{"$exist":true}}}\
            """,
            """
            {"topic":"order.paid","data":{"total":"99","status":"open"}}\
            """);

    assertThat(text)
        .isEqualTo(
            """
            no  the document all of · an object of 2
              yes topic is "order.paid" · "order.paid"
              no  data all of · an object of 2
                no  data.total $gte 100 · "99" · a string is not a number
                yes data.status $not · "open"
                  no  data.status $in ["void"] · "open"
                no  data.vip $exist true · nothing there
            """);
  }

  @Test
  void showsTheElementThatDecided() {
    var text =
        explained("{\"items\":{\"id\":2}}", "{\"items\":[{\"id\":1},{\"id\":2},{\"id\":3}]}");

    assertThat(text)
        .isEqualTo(
            """
            yes the document all of · an object of 1
              yes items all of · an array of 3
                yes items[1] all of · an object of 1
                  yes items[1].id is 2 · 2
            """);
  }

  @Test
  void showsAFewElementsWhenNoneDecided() {
    var text = explained("{\"n\":{\"$elemMatch\":{\"$gt\":9}}}", "{\"n\":[1,2,3,4,5,6,7,8,9]}");

    assertThat(text.lines()).hasSize(5);
  }

  @Test
  void saysWhatCannotBeRead() {
    assertThat(explained("{\"a\":1}", "{\"a\":1,\"a\":2}"))
        .isEqualTo(
            """
            ?   the document all of · an object of 1 · a name that is given twice in one object
              ?   a is 1 · unreadable: a name that is given twice in one object · a name that is given twice in one object
            """);
  }

  @Test
  void cutsValuesAndNeutralisesThem() {
    var text =
        explained(
            "{\"a\":\"x\"}", "{\"a\":\"\\u001b[31m\\u202e\\n<b>%s\"}".formatted("y".repeat(999)));

    assertThat(text).contains("\\u001b[31m\\u202e\\u000a<b>").contains("(1009 characters)");
    assertThat(text.lines().toList().get(1)).hasSizeLessThan(200);
  }

  @Test
  void masksWhatIsProbablySecret() {
    var document =
        new Document.Parts()
            .headers("headers", Map.of("Authorization", List.of("Bearer abc")))
            .document();

    var text =
        Filter.compile("{\"headers\":{\"authorization\":{\"$startsWith\":\"Basic\"}}}")
            .orThrow()
            .explain(document)
            .text();

    assertThat(text).contains("*** (a text of 10 characters)").doesNotContain("abc");
  }

  @Test
  void isBoundedWhateverTheFilter() {
    var filter = "{\"$or\":[" + "{\"v\":{\"a\":{\"b\":1}}},".repeat(60) + "{\"v\":2}]}";
    var document = "{\"v\":[" + "{\"a\":[{\"b\":2},{\"b\":3}]},".repeat(500) + "1]}";

    assertThat(explained(filter, document).lines().count()).isLessThan(320);
  }
}
