package io.tidegate.model;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;

/// Takes what is read from Avro, in order.
interface AvroSink {
  AvroSink NOWHERE = new AvroSink() {};

  default void begin(boolean isList) {}

  default void end(boolean isList) {}

  default void name(String name) {}

  default void nothing() {}

  default void flag(boolean value) {}

  default void whole(long value) {}

  default void fraction(double value, boolean isSingle) {}

  default void text(String value) {}

  /// Bytes as Avro writes them in JSON: each is one character.
  default void bytes(byte[] content, int from, int length) {}

  /// Plain JSON.
  record Json(JsonGenerator out) implements AvroSink {

    @Override
    public void begin(boolean isList) {
      if (isList) {
        out.writeStartArray();
      } else {
        out.writeStartObject();
      }
    }

    @Override
    public void end(boolean isList) {
      if (isList) {
        out.writeEndArray();
      } else {
        out.writeEndObject();
      }
    }

    @Override
    public void name(String name) {
      out.writeName(name);
    }

    @Override
    public void nothing() {
      out.writeNull();
    }

    @Override
    public void flag(boolean value) {
      out.writeBoolean(value);
    }

    @Override
    public void whole(long value) {
      out.writeNumber(value);
    }

    @Override
    public void fraction(double value, boolean isSingle) {
      if (!Double.isFinite(value)) {
        out.writeString(Double.toString(value));
      } else if (isSingle) {
        out.writeNumber((float) value);
      } else {
        out.writeNumber(value);
      }
    }

    @Override
    public void text(String value) {
      out.writeString(value);
    }

    @Override
    public void bytes(byte[] content, int from, int length) {
      out.writeString(new String(content, from, length, StandardCharsets.ISO_8859_1));
    }
  }
}
