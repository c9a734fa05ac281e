package io.tidegate.view;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The ordered store on disk under all views of a cluster.
///
/// Any thread may call any method; calls block and pin, so they belong on platform threads. There
/// is no write-ahead log: what it holds can be read from the topics again, and a batch carries its
/// position with it, so a crash loses the newest batches whole. Native memory is touched only under
/// a permit, and closing waits for all of them: a late reader gets an exception, not a crash.
final class Store {
  static final int FORMAT = 1;

  private static final int PERMITS = 1 << 20;

  private final StoreFiles files;
  private final Semaphore permits = new Semaphore(PERMITS);
  private volatile @Nullable OpenStore open;
  private volatile boolean closing;
  private volatile boolean written;

  Store(Path folder) {
    this.files = new StoreFiles(folder);
  }

  /// Opens what the folder holds, or an empty store when it is damaged or of another format.
  ///
  /// @throws StoreFailure when the folder cannot be used at all
  void start() {
    open = files.open();
  }

  /// Empties the store. Waits for those who are reading it.
  void wipe(Duration limit) {
    if (!close(limit)) {
      closing = false;
      throw new StoreFailure("the store is still being read after " + limit);
    }
    try {
      files.delete();
      open = files.open();
    } finally {
      closing = false;
      permits.release(PERMITS);
    }
  }

  void write(StoreBatch batch) {
    try (var lease = lease();
        var options = new WriteOptions().setDisableWAL(true)) {
      lease.db().write(options, batch.batch());
      written = true;
    } catch (RocksDBException failed) {
      throw failure("writing", failed);
    }
  }

  /// Makes sure that what was written survives a crash.
  void flush() {
    if (!written) {
      return;
    }
    written = false;
    try (var lease = lease();
        var options = new FlushOptions().setWaitForFlush(true)) {
      lease.db().flush(options);
    } catch (RocksDBException failed) {
      written = true;
      throw failure("flushing", failed);
    }
  }

  /// The store as it is now, for as long as the result is open.
  StoreSnapshot snapshot() {
    return new StoreSnapshot(lease());
  }

  byte @Nullable [] value(byte[] key) {
    try (var lease = lease()) {
      return lease.db().get(key);
    } catch (RocksDBException failed) {
      throw failure("reading", failed);
    }
  }

  /// Writes what is left and closes; within `limit`, whatever readers do. False: a reader did not
  /// come back, and the operating system has to clean up.
  boolean close(Duration limit) {
    closing = true;
    if (!takeAll(limit)) {
      return false;
    }
    // The permits are kept: from here on every lease is refused.
    var store = open;
    open = null;
    if (store != null) {
      store.close();
    }
    return true;
  }

  /// Leave to touch the native store, until closed.
  Lease lease() {
    if (closing || !permits.tryAcquire()) {
      throw new StoreFailure("the store is closed");
    }
    var store = open;
    if (store == null) {
      permits.release();
      throw new StoreFailure("the store is closed");
    }
    return new Lease(store.db(), permits);
  }

  static StoreFailure failure(String doing, RocksDBException cause) {
    return new StoreFailure(
        doing + " the views on disk failed: " + cause.getMessage(),
        StoreFiles.isDamage(cause),
        cause);
  }

  static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private boolean takeAll(Duration limit) {
    try {
      return permits.tryAcquire(PERMITS, limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// One user of the native store.
  record Lease(RocksDB db, Semaphore permits) implements AutoCloseable {
    @Override
    public void close() {
      permits.release();
    }
  }

  /// Changes that are written together.
  static final class StoreBatch implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final WriteBatch batch = new WriteBatch();
    private int changes;

    WriteBatch batch() {
      return batch;
    }

    /// How many changes there are in it.
    int size() {
      return changes;
    }

    void put(byte[] key) {
      put(key, NOTHING);
    }

    void put(byte[] key, byte[] value) {
      changes++;
      try {
        batch.put(key, value);
      } catch (RocksDBException failed) {
        throw failure("writing", failed);
      }
    }

    void delete(byte[] key) {
      changes++;
      try {
        batch.delete(key);
      } catch (RocksDBException failed) {
        throw failure("writing", failed);
      }
    }

    /// Deletes every key from `first` to before `end`.
    void deleteRange(byte[] first, byte[] end) {
      changes++;
      try {
        batch.deleteRange(first, end);
      } catch (RocksDBException failed) {
        throw failure("writing", failed);
      }
    }

    @Override
    public void close() {
      batch.close();
    }
  }
}
