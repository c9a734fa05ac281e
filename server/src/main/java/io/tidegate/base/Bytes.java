package io.tidegate.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An immutable run of bytes: a record's key or value, a body. Equal by content, so it can be a map
/// key.
///
/// Any thread may use it. No copy is made by `wrap` and `array`: whoever hands an array over, or
/// looks inside, must not write to it. That is what keeps a body at one copy between socket and
/// log.
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] content;
  private int hash;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /// The array itself, not a copy. The caller gives it up.
  public static Bytes wrap(byte[] content) {
    return content.length == 0 ? EMPTY : new Bytes(content);
  }

  public static Bytes utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  public int size() {
    return content.length;
  }

  public boolean isEmpty() {
    return content.length == 0;
  }

  /// The array itself, not a copy. Read only.
  public byte[] array() {
    return content;
  }

  /// The content read as UTF-8; malformed input becomes U+FFFD.
  public String utf8() {
    return new String(content, StandardCharsets.UTF_8);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(content, other.content);
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof Bytes that && Arrays.equals(content, that.content));
  }

  @Override
  public int hashCode() {
    if (hash == 0) {
      hash = Arrays.hashCode(content);
    }
    return hash;
  }

  /// Its size only: contents do not belong in logs.
  @Override
  public String toString() {
    return content.length + " bytes";
  }
}
