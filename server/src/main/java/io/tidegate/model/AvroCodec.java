package io.tidegate.model;

import io.tidegate.base.Bytes;
import java.io.ByteArrayOutputStream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import tools.jackson.core.JacksonException;
import tools.jackson.core.ObjectWriteContext;

/// Avro's binary encoding of one schema, without any header; outside, if wanted, as JSON.
///
/// The JSON is plain: an optional value is itself or null. Where a union has several types besides
/// null a value is named with its type, `{"string":"x"}`, as Avro does it; such a name is
/// understood for every union.
final class AvroCodec implements Codec {
  private final Schema schema;
  private final boolean isJsonOutside;

  private AvroCodec(Schema schema, boolean isJsonOutside) {
    this.schema = schema;
    this.isJsonOutside = isJsonOutside;
  }

  static AvroCodec of(String text, boolean isJsonOutside) {
    try {
      return new AvroCodec(new Schema.Parser().parse(text), isJsonOutside);
    } catch (AvroRuntimeException refused) {
      throw BadModel.because("the schema does not compile", refused);
    }
  }

  @Override
  public Verdict toStored(Bytes value) {
    if (!isJsonOutside) {
      return check(value);
    }
    var node = JsonText.read(value);
    if (node == null) {
      return JsonText.BROKEN;
    }
    try {
      return new Verdict.Fits(AvroWriter.write(schema, node));
    } catch (Misfit misfit) {
      return misfit.verdict();
    }
  }

  @Override
  public Verdict fromStored(Bytes value) {
    if (!isJsonOutside) {
      return check(value);
    }
    var out = new ByteArrayOutputStream(2 * value.size() + 64);
    try (var json =
        JsonText.MAPPER.tokenStreamFactory().createGenerator(ObjectWriteContext.empty(), out)) {
      new AvroReader(value.array(), new AvroSink.Json(json)).readWhole(schema);
    } catch (Misfit misfit) {
      return misfit.verdict();
    } catch (JacksonException tooDeep) {
      return new Verdict.Misfit("it cannot be written as JSON");
    }
    return new Verdict.Fits(Bytes.wrap(out.toByteArray()));
  }

  private Verdict check(Bytes value) {
    try {
      new AvroReader(value.array(), AvroSink.NOWHERE).readWhole(schema);
      return new Verdict.Fits(value);
    } catch (Misfit misfit) {
      return misfit.verdict();
    }
  }
}
