package io.tidegate.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JsonArrayTest {

  private static String json(byte... bytes) {
    return new String(JsonArray.json(Bytes.wrap(bytes)), StandardCharsets.UTF_8);
  }

  private static String json(String text) {
    return json(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "1",
        "-1.5e+300",
        "true",
        "null",
        "\"x\"",
        " {\"a\" : [ 1, {} ] }\r\n",
        "{\"a\":1,\"a\":2}",
        "\"λόγος \\u00e9 😀\"",
        "0"
      })
  void leavesJsonAsItIs(String value) {
    assertThat(json(value)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hello|\"hello\"",
        "{\"a\":1|\"{\\\"a\\\":1\"",
        "{\"a\":1}}|\"{\\\"a\\\":1}}\"",
        "1 2|\"1 2\"",
        "{},{}|\"{},{}\"",
        "[1,]|\"[1,]\"",
        "NaN|\"NaN\"",
        "01|\"01\"",
        "tru|\"tru\"",
        "'x'|\"'x'\"",
        "// c|\"// c\"",
        "\"open|\"\\\"open\"",
        "` `|\" \"",
        "é|\"é\"",
      })
  void makesAStringOfOtherText(String value, String expected) {
    assertThat(json(value)).isEqualTo(expected);
  }

  @Test
  void escapesControlsAndLineBreaks() {
    assertThat(json("a\nb\u0001")).isEqualTo("\"a\\nb\\u0001\"");
  }

  @Test
  void wrapsWhatIsNoText() {
    assertThat(json((byte) 0xff, (byte) 0)).isEqualTo("{\"base64\":\"/wA=\"}");
    assertThat(json((byte) '"', (byte) 0xc3, (byte) '"')).isEqualTo("{\"base64\":\"IsMi\"}");
    assertThat(json((byte) '"', (byte) 0xc0, (byte) 0x80, (byte) '"'))
        .isEqualTo("{\"base64\":\"IsCAIg==\"}");
    assertThat(json((byte) '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, (byte) '"'))
        .startsWith("{\"base64\"");
  }

  @Test
  void doesNotTakeOtherEncodingsForJson() {
    var utf16 = JsonArray.json(Bytes.wrap("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE)));
    var marked = JsonArray.json(Bytes.utf8("\ufeff{}"));

    assertThat(new String(utf16, StandardCharsets.UTF_8)).startsWith("\"{\\u0000");
    assertThat(new String(marked, StandardCharsets.UTF_8)).startsWith("\"");
  }

  @Test
  void takesAbsurdNestingForText() {
    var deep = "[".repeat(100_000) + "]".repeat(100_000);

    assertThat(JsonMapper.shared().readTree(json(deep)).isString()).isTrue();
  }

  @Test
  void takesLongNumbersAndNamesAsTheyAre() {
    var number = "1".repeat(100_000);
    var name = "{\"" + "n".repeat(100_000) + "\":1}";

    assertThat(json(number)).isEqualTo(number);
    assertThat(json(name)).isEqualTo(name);
  }
}
