package io.tidegate.model;

import io.tidegate.base.Bytes;

/// One way of checking, and for some of converting. Any thread.
@FunctionalInterface
interface Codec {
  Verdict toStored(Bytes value);

  default Verdict fromStored(Bytes value) {
    return toStored(value);
  }
}
