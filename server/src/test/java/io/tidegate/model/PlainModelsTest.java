package io.tidegate.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.base.Bytes;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainModelsTest {

  @ParameterizedTest
  @CsvSource({
    "INT32,7,true",
    "INT32,-2147483648,true",
    "INT32,2147483648,false",
    "INT32,1.0,false",
    "INT32,'',false",
    "INT32,' 1',false",
    "INT32,0x1,false",
    "INT32,1e3,false",
    "INT64,9223372036854775807,true",
    "INT64,9223372036854775808,false",
    "FLOAT,1.5,true",
    "FLOAT,1e39,false",
    "FLOAT,NaN,false",
    "FLOAT,.5,true",
    "DOUBLE,1e39,true",
    "DOUBLE,1e999,false",
    "DOUBLE,1e9999999,false",
    "DOUBLE,Infinity,false"
  })
  void readsNumbersOfTheirType(ModelSpec.NumberType type, String text, boolean fits) {
    var model = Model.of(new ModelSpec.Numeric(type, false, ModelSpec.Range.ALL, Optional.empty()));

    assertThat(model.toStored(Bytes.utf8(text)) instanceof Verdict.Fits).isEqualTo(fits);
  }

  @Test
  void holdsNumbersToTheirRangeAndStep() {
    var range =
        new ModelSpec.Range(
            Optional.of(BigDecimal.ZERO), true, Optional.of(BigDecimal.valueOf(100)), false);
    var model =
        Model.of(
            new ModelSpec.Numeric(
                ModelSpec.NumberType.INT32, false, range, Optional.of(BigDecimal.valueOf(5))));

    assertThat(Fitting.store(model, "0")).isEqualTo("0");
    assertThat(Fitting.store(model, "95")).isEqualTo("95");
    assertThat(Fitting.store(model, "100")).isEqualTo("no: it is out of range");
    assertThat(Fitting.store(model, "-5")).isEqualTo("no: it is out of range");
    assertThat(Fitting.store(model, "7")).isEqualTo("no: it is not a multiple of 5");
  }

  @Test
  void readsBinaryNumbers() {
    var model =
        Model.of(
            new ModelSpec.Numeric(
                ModelSpec.NumberType.INT32, true, ModelSpec.Range.ALL, Optional.empty()));

    assertThat(model.toStored(Bytes.wrap(new byte[] {0, 0, 0, 1})))
        .isInstanceOf(Verdict.Fits.class);
    assertThat(Fitting.store(model, "1")).isEqualTo("no: it is not a binary int32");
  }

  @Test
  void holdsTextToLengthShapeAndEncoding() {
    var model =
        Model.of(
            new ModelSpec.Text(OptionalInt.of(2), OptionalInt.of(4), Optional.of("[a-zé😀]+")));

    assertThat(Fitting.store(model, "abé😀")).isEqualTo("abé😀");
    assertThat(Fitting.store(model, "a")).isEqualTo("no: it is shorter than 2 characters");
    assertThat(Fitting.store(model, "abcde")).isEqualTo("no: it is longer than 4 characters");
    assertThat(Fitting.store(model, "ab1")).isEqualTo("no: it does not match the pattern");
    assertThat(Fitting.told(model.toStored(Bytes.wrap(new byte[] {(byte) 0xc0, (byte) 0xae}))))
        .isEqualTo("no: it is not UTF-8");
  }

  @Test
  void knowsTrueAndFalseAlone() {
    var model = Model.of(new ModelSpec.Flag());

    assertThat(Fitting.store(model, "true")).isEqualTo("true");
    assertThat(Fitting.store(model, "TRUE")).isEqualTo("no: it is not true or false");
  }

  @Test
  void takesAnyBytes() {
    var any = Bytes.wrap(new byte[] {(byte) 0xff, 0});

    assertThat(Model.of(new ModelSpec.Raw()).toStored(any)).isEqualTo(new Verdict.Fits(any));
  }

  @Test
  void isEqualWhenItWasMadeFromTheSame() {
    var spec = new ModelSpec.Text(OptionalInt.empty(), OptionalInt.empty(), Optional.of("a*"));

    assertThat(Model.of(spec)).isEqualTo(Model.of(spec)).hasSameHashCodeAs(Model.of(spec));
    assertThat(Model.of(spec)).isNotEqualTo(Model.of(new ModelSpec.Raw()));
  }

  @Test
  void refusesAPatternThatDoesNotCompile() {
    var broken = new ModelSpec.Text(OptionalInt.empty(), OptionalInt.empty(), Optional.of("("));

    assertThatThrownBy(() -> Model.of(broken)).isInstanceOf(BadModel.class);
  }
}
