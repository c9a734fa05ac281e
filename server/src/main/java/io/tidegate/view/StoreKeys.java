package io.tidegate.view;

import io.tidegate.base.Bytes;
import io.tidegate.log.Header;
import java.nio.ByteBuffer;

/// Where a copy's data lies in the store. Every key begins with the number of the copy and a letter
/// for the kind; numbers are big-endian, so that the store's order is ours.
///
///     copy P partition                -> next offset, first offset
///     copy R partition offset         -> record
///     copy K partition key            -> offset            newest of a key, on compacted topics
///     copy L partition hash offset    -> nothing           all of a key, on other topics
///     copy H partition hash offset    -> nothing           all of an indexed header
///     copy T timestamp partition offset -> nothing         tombstones, on compacted topics
///     copy S                          -> nothing           some keys lie in other partitions
///     0 F                             -> format number
///     0 N                             -> last copy number
///     0 C topic                       -> description of its copy
///
/// Hashes may collide: whoever follows one tests the record it leads to.
final class StoreKeys {
  static final byte POSITION = 'P';
  static final byte RECORD = 'R';
  static final byte KEY = 'K';
  static final byte KEY_POSTING = 'L';
  static final byte HEADER_POSTING = 'H';
  static final byte TOMBSTONE = 'T';
  static final byte STRAYS = 'S';

  private static final int PREFIX = 5;

  private StoreKeys() {}

  static byte[] format() {
    return start(0, 'F', 0).array();
  }

  static byte[] lastCopy() {
    return start(0, 'N', 0).array();
  }

  static byte[] description(String topic) {
    var name = Bytes.utf8(topic).array();
    return start(0, 'C', name.length).put(name).array();
  }

  static byte[] copy(int copy) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(copy).array();
  }

  static byte[] strays(int copy) {
    return start(copy, STRAYS, 0).array();
  }

  static byte[] kind(int copy, byte kind) {
    return start(copy, kind, 0).array();
  }

  static byte[] partition(int copy, byte kind, int partition) {
    return start(copy, kind, Integer.BYTES).putInt(partition).array();
  }

  static byte[] record(int copy, int partition, long offset) {
    return start(copy, RECORD, 12).putInt(partition).putLong(offset).array();
  }

  static byte[] key(int copy, int partition, Bytes key) {
    return start(copy, KEY, 4 + key.size()).putInt(partition).put(key.array()).array();
  }

  static byte[] posting(int copy, byte kind, int partition, long hash, long offset) {
    return start(copy, kind, 20).putInt(partition).putLong(hash).putLong(offset).array();
  }

  static byte[] postings(int copy, byte kind, int partition, long hash) {
    return start(copy, kind, 12).putInt(partition).putLong(hash).array();
  }

  static byte[] tombstone(int copy, long timestamp, int partition, long offset) {
    return start(copy, TOMBSTONE, 20)
        .putLong(Math.max(0, timestamp))
        .putInt(partition)
        .putLong(offset)
        .array();
  }

  /// The number at the end of a key.
  static long lastLong(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
  }

  static long tombstoneTime(byte[] key) {
    return ByteBuffer.wrap(key).getLong(PREFIX);
  }

  static int tombstonePartition(byte[] key) {
    return ByteBuffer.wrap(key).getInt(PREFIX + Long.BYTES);
  }

  static int positionPartition(byte[] key) {
    return ByteBuffer.wrap(key).getInt(PREFIX);
  }

  static long hash(Bytes key) {
    return mix(fold(0xcbf29ce484222325L, key));
  }

  static long hash(Header header) {
    return mix(fold(fold(0xcbf29ce484222325L, Bytes.utf8(header.name())) * 31 + 1, header.value()));
  }

  private static long fold(long seed, Bytes bytes) {
    long hash = seed;
    for (var b : bytes.array()) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  private static long mix(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    return mixed ^ (mixed >>> 29);
  }

  private static ByteBuffer start(int copy, int kind, int more) {
    return ByteBuffer.allocate(PREFIX + more).putInt(copy).put((byte) kind);
  }
}
