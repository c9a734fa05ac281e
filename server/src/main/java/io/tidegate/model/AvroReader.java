package io.tidegate.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;

/// Reads Avro's binary encoding and believes none of the lengths in it: what is claimed is held
/// against what is there before anything is made of it.
final class AvroReader {
  /// Of items that take no room, such as nulls, any number fits into a few bytes.
  private static final int MOST_EMPTY_ITEMS = 100_000;

  private final ByteBuffer in;
  private final AvroSink sink;
  private int emptyItems;
  private int depth;

  AvroReader(byte[] content, AvroSink sink) {
    this.in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    this.sink = sink;
  }

  /// One value and nothing behind it.
  void readWhole(Schema schema) {
    read(schema, "");
    if (in.hasRemaining()) {
      throw new Misfit("", "has " + in.remaining() + " bytes behind its end");
    }
  }

  private void read(Schema schema, String where) {
    switch (schema.getType()) {
      case NULL -> sink.nothing();
      case BOOLEAN -> sink.flag(flag(where));
      case INT -> sink.whole(whole(where, true));
      case LONG -> sink.whole(whole(where, false));
      case FLOAT -> sink.fraction(need(Float.BYTES, where).getFloat(), true);
      case DOUBLE -> sink.fraction(need(Double.BYTES, where).getDouble(), false);
      case STRING -> sink.text(text(where));
      case BYTES -> bytes(length(where), where);
      case FIXED -> bytes(schema.getFixedSize(), where);
      case ENUM ->
          sink.text(schema.getEnumSymbols().get(index(schema.getEnumSymbols().size(), where)));
      case UNION -> union(schema, where);
      case RECORD, ARRAY, MAP -> nested(schema, where);
    }
  }

  private void nested(Schema schema, String where) {
    if (++depth > Model.DEEPEST) {
      throw new Misfit(where, "is nested too deeply");
    }
    switch (schema.getType()) {
      case RECORD -> record(schema, where);
      case ARRAY -> blocks(schema.getElementType(), true, where);
      default -> blocks(schema.getValueType(), false, where);
    }
    depth--;
  }

  private void record(Schema schema, String where) {
    sink.begin(false);
    for (var field : schema.getFields()) {
      sink.name(field.name());
      read(field.schema(), where + "/" + field.name());
    }
    sink.end(false);
  }

  private void union(Schema schema, String where) {
    var types = schema.getTypes();
    var type = types.get(index(types.size(), where));
    if (!AvroUnion.isNamed(schema, type)) {
      read(type, where);
      return;
    }
    sink.begin(false);
    sink.name(type.getFullName());
    read(type, where);
    sink.end(false);
  }

  private void blocks(Schema items, boolean isList, String where) {
    sink.begin(isList);
    for (long left = count(where); left != 0; left = count(where)) {
      for (; left > 0; left--) {
        item(items, isList, where);
      }
    }
    sink.end(isList);
  }

  private void item(Schema items, boolean isList, String where) {
    int before = in.position();
    if (!isList) {
      sink.name(text(where));
    }
    read(items, where + "/*");
    if (in.position() == before && ++emptyItems > MOST_EMPTY_ITEMS) {
      throw new Misfit(where, "has too many items");
    }
  }

  /// Of the items in a block. A negative one is followed by the size of the block.
  private long count(String where) {
    long count = whole(where, false);
    if (count >= 0) {
      return count;
    }
    var _ = whole(where, false);
    if (count == Long.MIN_VALUE) {
      throw new Misfit(where, "has an impossible number of items");
    }
    return -count;
  }

  private boolean flag(String where) {
    byte value = need(1, where).get();
    if (value != 0 && value != 1) {
      throw new Misfit(where, "is not a boolean");
    }
    return value == 1;
  }

  private int index(int size, String where) {
    long index = whole(where, true);
    if (index < 0 || index >= size) {
      throw new Misfit(where, "names a choice that there is not");
    }
    return (int) index;
  }

  private int length(String where) {
    long length = whole(where, false);
    if (length < 0 || length > in.remaining()) {
      throw new Misfit(where, "is longer than what is there");
    }
    return (int) length;
  }

  private long whole(String where, boolean isInt) {
    long bits = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = need(1, where).get();
      bits |= (next & 0x7fL) << shift;
      if (next >= 0) {
        long value = bits >>> 1 ^ -(bits & 1);
        if (isInt && value != (int) value) {
          throw new Misfit(where, "is no 32-bit number");
        }
        return value;
      }
    }
    throw new Misfit(where, "is a number without an end");
  }

  private String text(String where) {
    int length = length(where);
    var slice = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(slice).toString();
    } catch (CharacterCodingException malformed) {
      throw new Misfit(where, "is not UTF-8");
    }
  }

  private void bytes(int length, String where) {
    need(length, where);
    sink.bytes(in.array(), in.position(), length);
    in.position(in.position() + length);
  }

  private ByteBuffer need(int bytes, String where) {
    if (in.remaining() < bytes) {
      throw new Misfit(where, "ends too early");
    }
    return in;
  }
}
