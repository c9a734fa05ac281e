package io.tidegate.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonModelTest {
  private static final String ITEM =
      """
      {"type":"object","properties":{"greeting":{"type":"string","maxLength":5},
       "lines":{"type":"array","items":{"type":"integer"}}},
       "required":["greeting"],"additionalProperties":false}\
      """;

  private final Model item = json(ITEM);

  private static Model json(String... schemas) {
    return Model.of(new ModelSpec.Json(List.of(schemas)));
  }

  @Test
  void takesWhatTheSchemaTakesToTheByte() {
    assertThat(Fitting.store(item, " {\"greeting\" : \"hi\"} "))
        .isEqualTo(" {\"greeting\" : \"hi\"} ");
  }

  @Test
  void saysWhereAndWhichRuleButNotWhatIsThere() {
    assertThat(Fitting.store(item, "{\"greeting\":\"secret!\"}"))
        .isEqualTo("no: /greeting breaks the rule 'maxLength'");
    assertThat(Fitting.store(item, "{}"))
        .isEqualTo("no: the whole breaks the rule 'required' for 'greeting'");
    assertThat(Fitting.store(item, "{\"greeting\":\"a\",\"lines\":[1,\"x\"]}"))
        .isEqualTo("no: /lines/1 breaks the rule 'type'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"greeting\":\"a\"} {}",
        "{\"greeting\":\"a\",\"greeting\":\"b\"}",
        "nope",
        "{'greeting':'a'}",
        "{\"greeting\":\"a\",}",
        "// no\n{\"greeting\":\"a\"}",
      })
  void refusesWhatIsNotOneJsonDocument(String value) {
    assertThat(Fitting.store(item, value)).startsWith("no: it is not a JSON document");
  }

  @Test
  void refusesWhatIsTooDeepWhateverTheSchemaSays() {
    var any = json("{}");

    assertThat(Fitting.store(any, "[".repeat(200) + "]".repeat(200))).startsWith("no: ");
    assertThat(Fitting.store(any, "[".repeat(90) + "]".repeat(90))).startsWith("[[");
  }

  @Test
  void survivesASchemaThatRefersToItself() {
    var tree = json("{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}");
    var circle = json("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/a\"}}}");

    assertThat(Fitting.store(tree, "[[],[[]]]")).isEqualTo("[[],[[]]]");
    assertThat(Fitting.store(tree, "[[],[1]]")).isEqualTo("no: /1/0 breaks the rule 'type'");
    assertThat(Fitting.store(circle, "1")).startsWith("no: ");
  }

  @Test
  void takesWhatAnyOfItsSchemasTakes() {
    var either = json("{\"type\":\"string\"}", "{\"type\":\"number\"}");

    assertThat(Fitting.store(either, "\"a\"")).isEqualTo("\"a\"");
    assertThat(Fitting.store(either, "1.5")).isEqualTo("1.5");
    assertThat(Fitting.store(either, "null")).startsWith("no: ");
  }

  @Test
  void readsTheDraftThatASchemaNames() {
    var draft7 =
        json(
            """
            {"$schema":"http://json-schema.org/draft-07/schema#",
             "definitions":{"n":{"type":"number"}},"items":[{"$ref":"#/definitions/n"}]}\
            """);

    assertThat(Fitting.store(draft7, "[1,\"x\"]")).isEqualTo("[1,\"x\"]");
    assertThat(Fitting.store(draft7, "[\"x\"]")).startsWith("no: /0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "{\"type\":\"strin\"}",
        "{\"minLength\":\"a\"}",
        "{\"pattern\":\"(\"}",
        "{\"$ref\":\"#/$defs/none\"}",
        "{\"$ref\":\"http://127.0.0.1:1/other.json\"}",
        "{\"$ref\":\"file:///etc/passwd\"}",
        "{\"$ref\":\"classpath:logback.xml\"}",
      })
  void refusesASchemaThatDoesNotCompileOrLeadsOutside(String schema) {
    assertThatThrownBy(() -> json(schema)).isInstanceOf(BadModel.class);
  }
}
