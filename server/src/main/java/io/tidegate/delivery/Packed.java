package io.tidegate.delivery;

import io.tidegate.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Numbers and texts in few bytes: how the journal and the checkpoints are written.
final class Packed {
  private Packed() {}

  /// Writes into an array that grows.
  static final class Writer {
    private byte[] bytes;
    private int size;

    Writer(int capacity) {
      bytes = new byte[capacity];
    }

    int size() {
      return size;
    }

    Writer put(int value) {
      if (size == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * size + 16);
      }
      bytes[size++] = (byte) value;
      return this;
    }

    /// Seven bits a byte, lowest first. Negative numbers take ten bytes.
    Writer number(long value) {
      var rest = value;
      while ((rest & ~0x7FL) != 0) {
        put((int) (rest & 0x7F) | 0x80);
        rest >>>= 7;
      }
      return put((int) rest);
    }

    Writer raw(byte[] more) {
      number(more.length);
      if (bytes.length - size < more.length) {
        bytes = Arrays.copyOf(bytes, 2 * size + more.length + 16);
      }
      System.arraycopy(more, 0, bytes, size, more.length);
      size += more.length;
      return this;
    }

    Writer raw(Bytes more) {
      return raw(more.array());
    }

    Writer text(String text) {
      return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    Bytes bytes() {
      return Bytes.wrap(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
    }
  }

  /// Reads what a `Writer` wrote. Anything else ends in an `IllegalArgumentException`.
  static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(Bytes bytes) {
      this.bytes = bytes.array();
    }

    boolean isAtEnd() {
      return at >= bytes.length;
    }

    int take() {
      if (at >= bytes.length) {
        throw new IllegalArgumentException("it ends too early");
      }
      return bytes[at++] & 0xFF;
    }

    long number() {
      var value = 0L;
      for (var shift = 0; shift < 64; shift += 7) {
        var next = take();
        value |= (long) (next & 0x7F) << shift;
        if (next < 0x80) {
          return value;
        }
      }
      throw new IllegalArgumentException("a number is too long");
    }

    int count() {
      var count = number();
      if (count < 0 || count > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a count is out of range");
      }
      return (int) count;
    }

    Bytes raw() {
      var size = count();
      if (size > bytes.length - at) {
        throw new IllegalArgumentException("it ends too early");
      }
      at += size;
      return Bytes.wrap(Arrays.copyOfRange(bytes, at - size, at));
    }

    String text() {
      return raw().utf8();
    }
  }
}
