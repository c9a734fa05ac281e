package io.tidegate.view;

import io.tidegate.base.Bytes;

/// Which partition a key goes to: murmur2, sign bit cleared, modulo the number of partitions, as
/// the Java client does it.
final class Partitioner {
  private static final int SEED = 0x9747b28c;
  private static final int MIX = 0x5bd1e995;

  private Partitioner() {}

  static int partition(Bytes key, int partitions) {
    return partitions <= 1 ? 0 : (murmur2(key.array()) & Integer.MAX_VALUE) % partitions;
  }

  static int murmur2(byte[] data) {
    int hash = SEED ^ data.length;
    int whole = data.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int word =
          (data[i] & 0xff)
              | (data[i + 1] & 0xff) << 8
              | (data[i + 2] & 0xff) << 16
              | (data[i + 3] & 0xff) << 24;
      word *= MIX;
      word ^= word >>> 24;
      hash = hash * MIX ^ word * MIX;
    }
    if (whole < data.length) {
      int rest = 0;
      for (int i = data.length - 1; i >= whole; i--) {
        rest = rest << 8 | (data[i] & 0xff);
      }
      hash = (hash ^ rest) * MIX;
    }
    hash ^= hash >>> 13;
    hash *= MIX;
    return hash ^ (hash >>> 15);
  }
}
