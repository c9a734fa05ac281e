package io.tidegate.bridge;

import io.tidegate.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes being put together. One thread at a time.
final class Octets {
  private byte[] content;
  private int size;

  Octets(int expected) {
    content = new byte[Math.max(64, expected)];
  }

  int size() {
    return size;
  }

  Octets add(char ascii) {
    reserve(1);
    content[size++] = (byte) ascii;
    return this;
  }

  Octets add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  Octets add(byte[] bytes) {
    return add(bytes, 0, bytes.length);
  }

  Octets add(byte[] bytes, int from, int to) {
    reserve(to - from);
    System.arraycopy(bytes, from, content, size, to - from);
    size += to - from;
    return this;
  }

  Bytes take() {
    return Bytes.wrap(size == content.length ? content : Arrays.copyOf(content, size));
  }

  private void reserve(int more) {
    if (content.length - size < more) {
      content = Arrays.copyOf(content, Math.max(size + more, 2 * content.length));
    }
  }
}
