package io.tidegate.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Bytes;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufModelTest {
  private static final String SCHEMA =
      """
      syntax = "proto3";
      package shop;
      import "google/protobuf/timestamp.proto";
      // an order
      message Order {
        int64 order_id = 1;
        optional string note = 2;
        State state = 3;
        map<string, int32> tags = 4;
        repeated Line lines = 5;
        oneof payment { string card = 6; bool cash = 7; }
        google.protobuf.Timestamp at = 8;
        enum State { OPEN = 0; DONE = 1; }
        message Line { string sku = 1; }
      }
      message Other { string x = 1; }
      """;

  private final Model outside = model("Order", true);
  private final Model inside = model("shop.Order", false);

  private static Model model(String record, boolean isJsonOutside) {
    return Model.of(new ModelSpec.Protobuf(SCHEMA, Optional.of(record), isJsonOutside));
  }

  @Test
  void storesJsonAsProtobuf() {
    var stored = Fitting.stored(outside, "{\"orderId\":\"7\",\"note\":\"hi\",\"state\":\"DONE\"}");

    assertThat(HexFormat.of().formatHex(stored.array())).isEqualTo("08071202686918" + "01");
  }

  @Test
  void showsWhatIsStoredUnderTheNamesOfTheSchema() {
    var stored =
        Fitting.stored(
            outside,
            "{\"order_id\":7,\"tags\":{\"a\":1},\"lines\":[{\"sku\":\"x\"}],\"cash\":true,\"at\":\"2026-01-02T03:04:05Z\"}");

    assertThat(Fitting.told(outside.fromStored(stored)))
        .isEqualTo(
            "{\"order_id\":\"7\",\"state\":\"OPEN\",\"tags\":{\"a\":1},\"lines\":[{\"sku\":\"x\"}],\"cash\":true,\"at\":\"2026-01-02T03:04:05Z\"}");
    assertThat(Fitting.stored(outside, Fitting.told(outside.fromStored(stored)))).isEqualTo(stored);
  }

  @Test
  void refusesJsonWithAFieldOrAValueThatTheSchemaDoesNotKnow() {
    assertThat(Fitting.store(outside, "{\"order_id\":7,\"extra\":1}"))
        .isEqualTo("no: it has a field that the schema does not know: extra");
    assertThat(Fitting.store(outside, "{\"order_id\":\"secret\"}"))
        .isEqualTo("no: a field has a value of the wrong type");
    assertThat(Fitting.store(outside, "{\"card\":\"1\",\"cash\":true}")).startsWith("no: ");
    assertThat(Fitting.store(outside, "[]")).isEqualTo("no: it is not an object");
    assertThat(Fitting.store(outside, "{\"lines\":[{\"sku\":\"x\",\"y\":1}]}"))
        .isEqualTo("no: it has a field that the schema does not know: y");
  }

  @Test
  void checksProtobufThatComesAsItIs() {
    var known = Bytes.wrap(HexFormat.of().parseHex("08071202686918" + "01"));
    var unknown = Bytes.wrap(HexFormat.of().parseHex("08077a0161"));
    var within = Bytes.wrap(HexFormat.of().parseHex("2a037a0161"));

    assertThat(inside.toStored(known)).isEqualTo(new Verdict.Fits(known));
    assertThat(Fitting.told(inside.toStored(unknown)))
        .isEqualTo("no: it has a field that the schema does not know");
    assertThat(Fitting.told(inside.toStored(within)))
        .isEqualTo("no: it has a field that the schema does not know");
    assertThat(Fitting.store(inside, "{}")).isEqualTo("no: it is not a message of the type Order");
  }

  @Test
  void survivesAnyBytes() {
    var random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      var bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      assertThat(outside.fromStored(Bytes.wrap(bytes))).isNotNull();
    }
  }

  @Test
  void readsProto2WithWhatItRequires() {
    var schema =
        "syntax = \"proto2\"; message A { required string a = 1; optional int32 b = 2 [default = 5]; }";
    var model = Model.of(new ModelSpec.Protobuf(schema, Optional.empty(), true));

    assertThat(Fitting.store(model, "{}")).isEqualTo("no: it lacks a field that is required: a");
    assertThat(Fitting.told(model.fromStored(Fitting.stored(model, "{\"a\":\"x\"}"))))
        .isEqualTo("{\"a\":\"x\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "message {",
        "syntax = \"proto3\"; message A { Missing m = 1; }",
        "syntax = \"proto3\"; message A { string a = 1; string b = 1; }",
        "syntax = \"proto3\"; import \"other.proto\"; message A {}",
        "syntax = \"proto3\"; message A {} message B {}",
        "syntax = \"proto3\";",
        "no proto at all",
      })
  void refusesASchemaThatDoesNotCompile(String schema) {
    assertThatThrownBy(() -> Model.of(new ModelSpec.Protobuf(schema, Optional.empty(), true)))
        .isInstanceOf(BadModel.class);
  }
}
