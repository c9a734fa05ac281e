package io.tidegate.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Bytes;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroModelTest {
  private static final String ORDER =
      """
      {"type":"record","name":"Order","namespace":"shop","fields":[
        {"name":"id","type":"long"},
        {"name":"note","type":["null","string"],"default":null},
        {"name":"state","type":{"type":"enum","name":"State","symbols":["OPEN","DONE"]}},
        {"name":"price","type":"double","default":1.5},
        {"name":"tags","type":{"type":"map","values":"int"},"default":{}},
        {"name":"lines","type":{"type":"array","items":
          {"type":"record","name":"Line","fields":[{"name":"sku","type":"string"}]}},"default":[]},
        {"name":"ref","type":["null","string","long"],"default":null},
        {"name":"mark","type":{"type":"fixed","name":"Mark","size":2},"default":"ab"}]}\
      """;

  private final Model outside = Model.of(new ModelSpec.Avro(ORDER, true));
  private final Model inside = Model.of(new ModelSpec.Avro(ORDER, false));

  @Test
  void storesJsonAsAvroThatOthersRead() throws Exception {
    var stored =
        Fitting.stored(
            outside,
            "{\"id\":7,\"note\":\"hi\",\"state\":\"DONE\",\"tags\":{\"a\":1},\"lines\":[{\"sku\":\"x\"}]}");

    var schema = new Schema.Parser().parse(ORDER);
    var read =
        new GenericDatumReader<GenericRecord>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(stored.array(), null));
    assertThat(GenericData.get().validate(schema, read)).isTrue();
    assertThat(read.toString())
        .isEqualTo(
            "{\"id\": 7, \"note\": \"hi\", \"state\": \"DONE\", \"price\": 1.5, \"tags\": {\"a\": 1}, \"lines\": [{\"sku\": \"x\"}], \"ref\": null, \"mark\": [97, 98]}");
  }

  @Test
  void showsWhatIsStoredAsPlainJson() {
    var stored =
        Fitting.stored(
            outside, "{\"id\":7,\"note\":\"hi\",\"state\":\"OPEN\",\"ref\":{\"long\":5}}");

    assertThat(Fitting.told(outside.fromStored(stored)))
        .isEqualTo(
            "{\"id\":7,\"note\":\"hi\",\"state\":\"OPEN\",\"price\":1.5,\"tags\":{},\"lines\":[],\"ref\":{\"long\":5},\"mark\":\"ab\"}");
  }

  @Test
  void takesBackWhatItShows() {
    var stored = Fitting.stored(outside, "{\"id\":7,\"state\":\"OPEN\",\"ref\":\"x\"}");
    var shown = Fitting.told(outside.fromStored(stored));

    assertThat(Fitting.stored(outside, shown)).isEqualTo(stored);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"state\":\"OPEN\"}|/id is missing",
        "{\"id\":\"7\",\"state\":\"OPEN\"}|/id is not a 64-bit number",
        "{\"id\":1.5,\"state\":\"OPEN\"}|/id is not a 64-bit number",
        "{\"id\":7,\"state\":\"LOST\"}|/state is not a symbol of State",
        "{\"id\":7,\"state\":\"OPEN\",\"x\":1}|the whole has a field that the schema does not know: x",
        "{\"id\":7,\"state\":\"OPEN\",\"note\":5}|/note is not one of null, string",
        "{\"id\":7,\"state\":\"OPEN\",\"lines\":[{\"sku\":1}]}|/lines/0/sku is not a string",
        "{\"id\":7,\"state\":\"OPEN\",\"mark\":\"abc\"}|/mark is not 2 bytes",
        "{\"id\":7,\"state\":\"OPEN\",\"ref\":true}|/ref is not one of null, string, long",
        "[]|the whole is not an object",
      })
  void saysWhereJsonDoesNotFit(String value, String why) {
    assertThat(Fitting.store(outside, value)).isEqualTo("no: " + why);
  }

  @Test
  void checksAvroThatComesAsItIs() {
    var stored = Fitting.stored(outside, "{\"id\":7,\"state\":\"OPEN\"}");

    assertThat(inside.toStored(stored)).isEqualTo(new Verdict.Fits(stored));
    assertThat(Fitting.store(inside, "{}")).startsWith("no: ");
    assertThat(Fitting.told(inside.toStored(with(stored, (byte) 0))))
        .isEqualTo("no: the whole has 1 bytes behind its end");
  }

  private static Bytes with(Bytes bytes, byte more) {
    var longer = Arrays.copyOf(bytes.array(), bytes.size() + 1);
    longer[bytes.size()] = more;
    return Bytes.wrap(longer);
  }

  @Test
  void believesNoLengthThatIsClaimed() {
    var list = Model.of(new ModelSpec.Avro("{\"type\":\"array\",\"items\":\"null\"}", false));
    var text = Model.of(new ModelSpec.Avro("\"string\"", true));
    var huge = new byte[] {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 0};

    assertThat(Fitting.told(list.toStored(Bytes.wrap(huge))))
        .isEqualTo("no: the whole has too many items");
    assertThat(Fitting.told(text.fromStored(Bytes.wrap(huge))))
        .isEqualTo("no: the whole is longer than what is there");
  }

  @Test
  void endsWhatIsNestedTooDeeply() {
    var tree =
        "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"t\",\"type\":[\"null\",\"T\"]}]}";
    var model = Model.of(new ModelSpec.Avro(tree, true));
    var deep = new byte[1 << 20];
    Arrays.fill(deep, (byte) 2);

    assertThat(Fitting.told(model.fromStored(Bytes.wrap(deep)))).contains("nested too deeply");
  }

  @Test
  void doesNotTryEveryCombinationOfTypes() {
    var pair =
        """
        {"type":"record","name":"A","fields":[{"name":"next","type":["null","A",
          {"type":"record","name":"B","fields":[{"name":"next","type":["null","A","B"]}]}]}]}\
        """;
    var model = Model.of(new ModelSpec.Avro(pair, true));

    assertThat(Fitting.store(model, "{\"next\":{\"next\":null}}"))
        .isEqualTo("no: /next is not one of null, A, B");
    assertThat(Fitting.store(model, "{\"next\":{\"B\":{\"next\":null}}}")).startsWith("\u0004");
  }

  @Test
  void survivesAnyBytes() {
    var random = new Random(7);
    var stored = Fitting.stored(outside, "{\"id\":7,\"note\":\"hi\",\"state\":\"OPEN\"}").array();
    for (int i = 0; i < 20_000; i++) {
      var bytes = stored.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      assertThat(outside.fromStored(Bytes.wrap(bytes))).isNotNull();
    }
  }

  @Test
  void refusesASchemaThatDoesNotCompile() {
    assertThatThrownBy(() -> Model.of(new ModelSpec.Avro("{\"type\":\"recor\"}", true)))
        .isInstanceOf(BadModel.class)
        .hasMessageStartingWith("the schema does not compile");
    assertThatThrownBy(() -> Model.of(new ModelSpec.Avro("{", true))).isInstanceOf(BadModel.class);
  }
}
