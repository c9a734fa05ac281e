package io.tidegate.log;

import io.tidegate.base.Bytes;

/// A record header. Names may repeat; values are bytes.
public record Header(String name, Bytes value) {

  public static Header of(String name, String value) {
    return new Header(name, Bytes.utf8(value));
  }
}
