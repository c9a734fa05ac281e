package io.tidegate.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentTest {

  private static Verdict test(String filter, Document document) {
    return Filter.compile(filter).orThrow().test(document);
  }

  private static Document event(String data) {
    return new Document.Parts()
        .text("topic", "order.created")
        .number("attempt", 3)
        .texts("metadata", Map.of("region", "eu"))
        .headers("headers", Map.of("X-Kind", List.of("a"), "x-many", List.of("b", "c")))
        .fields("query", Map.of("Page", List.of("2")))
        .json("data", Bytes.utf8(data))
        .document();
  }

  @Test
  void isMadeOfTheParts() {
    var event = event("{\"total\":5}");

    assertThat(test("{\"topic\":{\"$startsWith\":\"order.\"}}", event)).isEqualTo(Verdict.PASSED);
    assertThat(test("{\"attempt\":{\"$gt\":2}}", event)).isEqualTo(Verdict.PASSED);
    assertThat(test("{\"metadata\":{\"region\":\"eu\"}}", event)).isEqualTo(Verdict.PASSED);
    assertThat(test("{\"headers\":{\"x-kind\":\"a\",\"x-many\":[\"c\"]}}", event))
        .isEqualTo(Verdict.PASSED);
    assertThat(test("{\"query\":{\"Page\":\"2\"}}", event)).isEqualTo(Verdict.PASSED);
    assertThat(test("{\"data\":{\"total\":5}}", event)).isEqualTo(Verdict.PASSED);
  }

  @Test
  void isStillLookedAtWhereOnlyOnePartIsUnreadable() {
    var event = event("plain text");

    assertThat(test("{\"topic\":\"order.created\"}", event)).isEqualTo(Verdict.PASSED);
    assertThat(test("{\"topic\":\"other\",\"data\":{\"total\":5}}", event))
        .isEqualTo(Verdict.FAILED);
    assertThat(test("{\"data\":{\"total\":{\"$neq\":5}}}", event)).isEqualTo(Verdict.UNDECIDED);
    assertThat(test("{\"data\":{\"$exist\":true}}", event)).isEqualTo(Verdict.PASSED);
    assertThat(Filter.compile("{\"data\":{\"total\":5}}").orThrow().matches(event)).isFalse();
  }

  @Test
  void joinsHeadersThatDifferInCaseOnly() {
    var headers = new LinkedHashMap<String, List<String>>();
    headers.put("X-A", List.of("1"));
    headers.put("x-a", List.of("2"));
    var document = new Document.Parts().headers("headers", headers).document();

    assertThat(test("{\"headers\":{\"x-a\":[\"1\",\"2\"]}}", document)).isEqualTo(Verdict.PASSED);
  }

  @Test
  void findsEachOfManyNames() {
    var object = new StringBuilder("{");
    for (var i = 0; i < 500; i++) {
      object.append("\"name-%d\":%d,".formatted(i, i));
    }
    var document = Document.parse(object.append("\"name-7\":0}").toString());

    for (var i = 0; i < 500; i++) {
      assertThat(test("{\"name-%d\":%d}".formatted(i, i), document))
          .isEqualTo(i == 7 ? Verdict.UNDECIDED : Verdict.PASSED);
    }
    assertThat(test("{\"name-500\":{\"$exist\":false}}", document)).isEqualTo(Verdict.PASSED);
  }

  @Test
  void saysNothingOfItsContents() {
    assertThat(event("{}")).hasToString("an object of 6");
  }
}
