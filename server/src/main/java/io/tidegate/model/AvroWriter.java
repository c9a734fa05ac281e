package io.tidegate.model;

import io.tidegate.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import tools.jackson.databind.JsonNode;

/// Writes JSON in Avro's binary encoding, strictly: every field that has no default must be there,
/// and none that the schema does not know.
final class AvroWriter {
  private final BinaryEncoder out;

  private AvroWriter(BinaryEncoder out) {
    this.out = out;
  }

  /// @throws Misfit when the value does not fit
  static Bytes write(Schema schema, JsonNode value) {
    var bytes = new ByteArrayOutputStream();
    try {
      var encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      new AvroWriter(encoder).write(schema, value, "");
      encoder.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Bytes.wrap(bytes.toByteArray());
  }

  private void write(Schema schema, JsonNode value, String where) throws IOException {
    switch (schema.getType()) {
      case NULL -> {
        expect(value.isNull(), where, "null");
        out.writeNull();
      }
      case BOOLEAN -> {
        expect(value.isBoolean(), where, "a boolean");
        out.writeBoolean(value.booleanValue());
      }
      case INT -> {
        expect(value.isIntegralNumber() && value.canConvertToInt(), where, "a 32-bit number");
        out.writeInt(value.intValue());
      }
      case LONG -> {
        expect(value.isIntegralNumber() && value.canConvertToLong(), where, "a 64-bit number");
        out.writeLong(value.longValue());
      }
      case FLOAT -> {
        expect(value.isNumber() && Float.isFinite(value.floatValue()), where, "a number");
        out.writeFloat(value.floatValue());
      }
      case DOUBLE -> {
        expect(value.isNumber() && Double.isFinite(value.doubleValue()), where, "a number");
        out.writeDouble(value.doubleValue());
      }
      case STRING -> {
        expect(value.isString(), where, "a string");
        out.writeString(value.stringValue());
      }
      case BYTES -> out.writeBytes(bytes(value, where));
      case FIXED -> {
        var bytes = bytes(value, where);
        expect(bytes.length == schema.getFixedSize(), where, schema.getFixedSize() + " bytes");
        out.writeFixed(bytes);
      }
      case ENUM -> {
        expect(
            value.isString() && schema.hasEnumSymbol(value.stringValue()),
            where,
            "a symbol of " + schema.getName());
        out.writeEnum(schema.getEnumOrdinal(value.stringValue()));
      }
      case RECORD -> record(schema, value, where);
      case ARRAY -> array(schema, value, where);
      case MAP -> map(schema, value, where);
      case UNION -> union(schema, value, where);
    }
  }

  /// Each character is one byte.
  private static byte[] bytes(JsonNode value, String where) {
    expect(value.isString(), where, "bytes, each as one character");
    var text = value.stringValue();
    expect(text.chars().allMatch(c -> c <= 0xff), where, "bytes, each as one character");
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void record(Schema schema, JsonNode value, String where) throws IOException {
    expect(value.isObject(), where, "an object");
    var unknown = new HashSet<>(value.propertyNames());
    for (var field : schema.getFields()) {
      unknown.remove(field.name());
      var given = value.get(field.name());
      var at = where + "/" + field.name();
      if (given != null) {
        write(field.schema(), given, at);
      } else if (field.hasDefaultValue()) {
        AvroDefault.write(field, out);
      } else {
        throw new Misfit(at, "is missing");
      }
    }
    if (!unknown.isEmpty()) {
      throw new Misfit(
          where, "has a field that the schema does not know: " + unknown.iterator().next());
    }
  }

  private void array(Schema schema, JsonNode value, String where) throws IOException {
    expect(value.isArray(), where, "a list");
    out.writeArrayStart();
    out.setItemCount(value.size());
    for (int i = 0; i < value.size(); i++) {
      out.startItem();
      write(schema.getElementType(), value.get(i), where + "/" + i);
    }
    out.writeArrayEnd();
  }

  private void map(Schema schema, JsonNode value, String where) throws IOException {
    expect(value.isObject(), where, "an object");
    out.writeMapStart();
    out.setItemCount(value.size());
    for (var entry : value.properties()) {
      out.startItem();
      out.writeString(entry.getKey());
      write(schema.getValueType(), entry.getValue(), where + "/" + entry.getKey());
    }
    out.writeMapEnd();
  }

  /// A value that could be several objects or lists is not tried against each, since what is inside
  /// it may be in doubt too, and so on: it has to name its type.
  private void union(Schema schema, JsonNode value, String where) throws IOException {
    var named = AvroUnion.named(schema, value);
    if (named.isPresent()) {
      var index = schema.getIndexNamed(named.get());
      out.writeIndex(index);
      write(schema.getTypes().get(index), value.get(named.get()), where);
      return;
    }
    var fitting = AvroUnion.fitting(schema, value);
    if (fitting.isEmpty() || (value.isContainer() && fitting.size() > 1)) {
      throw new Misfit(
          where, value.isNull() ? "may not be null" : "is not one of " + AvroUnion.names(schema));
    }
    for (int index : fitting.subList(0, fitting.size() - 1)) {
      try {
        var bytes = AvroWriter.write(schema.getTypes().get(index), value);
        out.writeIndex(index);
        out.writeFixed(bytes.array());
        return;
      } catch (Misfit _) {
        // The next one may do.
      }
    }
    out.writeIndex(fitting.getLast());
    write(schema.getTypes().get(fitting.getLast()), value, where);
  }

  private static void expect(boolean holds, String where, String what) {
    if (!holds) {
      throw new Misfit(where, "is not " + what);
    }
  }
}
