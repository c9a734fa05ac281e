package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import io.tidegate.log.Stored;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A record as bytes in the store. Partition and offset are in its key.
///
///     timestamp, key, value, number of headers, (name, value)*
///
/// Each run of bytes has its length before it, -1 for null.
final class RecordCodec {
  private RecordCodec() {}

  static byte[] encode(Stored stored) {
    int names = stored.headers().size();
    var encodedNames = new ArrayList<Bytes>(names);
    int size = 8 + size(stored.key()) + size(stored.value()) + 4;
    for (var header : stored.headers()) {
      var name = Bytes.utf8(header.name());
      encodedNames.add(name);
      size += size(name) + size(header.value());
    }
    var out = ByteBuffer.allocate(size).putLong(stored.timestamp());
    put(out, stored.key());
    put(out, stored.value());
    out.putInt(names);
    for (int i = 0; i < names; i++) {
      put(out, encodedNames.get(i));
      put(out, stored.headers().get(i).value());
    }
    return out.array();
  }

  static Stored decode(int partition, long offset, byte[] encoded) {
    try {
      var in = ByteBuffer.wrap(encoded);
      long timestamp = in.getLong();
      var key = bytes(in);
      var value = bytes(in);
      return new Stored(partition, offset, timestamp, key, headers(in), value);
    } catch (BufferUnderflowException | IllegalArgumentException broken) {
      throw new StoreFailure("a stored record cannot be read", true, broken);
    }
  }

  private static List<Header> headers(ByteBuffer in) {
    int count = in.getInt();
    if (count == 0) {
      return List.of();
    }
    if (count < 0 || count > in.remaining() / 8) {
      throw new IllegalArgumentException("headers: " + count);
    }
    var headers = new ArrayList<Header>(count);
    for (int i = 0; i < count; i++) {
      var name = bytes(in);
      var value = bytes(in);
      headers.add(new Header(name == null ? "" : name.utf8(), value == null ? Bytes.EMPTY : value));
    }
    return headers;
  }

  private static int size(@Nullable Bytes bytes) {
    return 4 + (bytes == null ? 0 : bytes.size());
  }

  private static void put(ByteBuffer out, @Nullable Bytes bytes) {
    if (bytes == null) {
      out.putInt(-1);
    } else {
      out.putInt(bytes.size()).put(bytes.array());
    }
  }

  private static @Nullable Bytes bytes(ByteBuffer in) {
    int size = in.getInt();
    if (size == -1) {
      return null;
    }
    if (size < 0 || size > in.remaining()) {
      throw new IllegalArgumentException("length: " + size);
    }
    var content = new byte[size];
    in.get(content);
    return Bytes.wrap(content);
  }
}
