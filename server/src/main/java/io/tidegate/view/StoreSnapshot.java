package io.tidegate.view;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;

/// The store as it was at one moment. One thread uses it and closes it.
final class StoreSnapshot implements AutoCloseable {
  private final Store.Lease lease;
  private final Snapshot snapshot;
  private final ReadOptions options;

  StoreSnapshot(Store.Lease lease) {
    this.lease = lease;
    this.snapshot = lease.db().getSnapshot();
    this.options = new ReadOptions().setSnapshot(snapshot);
  }

  byte @Nullable [] value(byte[] key) {
    try {
      return lease.db().get(options, key);
    } catch (RocksDBException failed) {
      throw Store.failure("reading", failed);
    }
  }

  /// The entries whose keys begin with `prefix`, upwards from the first that is not below `from`.
  Cursor upwards(byte[] prefix, byte[] from) {
    var iterator = lease.db().newIterator(options);
    iterator.seek(from);
    return new Cursor(iterator, prefix, true);
  }

  /// The entries whose keys begin with `prefix`, downwards from the last that is not above `from`.
  Cursor downwards(byte[] prefix, byte[] from) {
    var iterator = lease.db().newIterator(options);
    iterator.seekForPrev(from);
    return new Cursor(iterator, prefix, false);
  }

  @Override
  public void close() {
    options.close();
    lease.db().releaseSnapshot(snapshot);
    snapshot.close();
    lease.close();
  }

  /// A walk over entries in order.
  static final class Cursor implements AutoCloseable {
    private final RocksIterator iterator;
    private final byte[] prefix;
    private final boolean upwards;
    private boolean started;
    private byte[] key = {};

    private Cursor(RocksIterator iterator, byte[] prefix, boolean upwards) {
      this.iterator = iterator;
      this.prefix = prefix;
      this.upwards = upwards;
    }

    /// Steps to the next entry. False when there is none left.
    boolean next() {
      if (started) {
        step();
      }
      started = true;
      if (!iterator.isValid()) {
        check();
        return false;
      }
      key = iterator.key();
      return key.length >= prefix.length
          && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    byte[] key() {
      return key;
    }

    byte[] value() {
      return iterator.value();
    }

    @Override
    public void close() {
      iterator.close();
    }

    private void step() {
      if (upwards) {
        iterator.next();
      } else {
        iterator.prev();
      }
    }

    private void check() {
      try {
        iterator.status();
      } catch (RocksDBException failed) {
        throw Store.failure("reading", failed);
      }
    }
  }
}
