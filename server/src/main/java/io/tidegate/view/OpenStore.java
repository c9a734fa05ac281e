package io.tidegate.view;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/// RocksDB, opened with small memory: about 16 MiB for blocks and 24 MiB for what is not flushed.
final class OpenStore implements AutoCloseable {
  private static final long MIB = 1 << 20;

  private final RocksDB db;
  private final List<AutoCloseable> parts;

  private OpenStore(RocksDB db, List<AutoCloseable> parts) {
    this.db = db;
    this.parts = parts;
  }

  static OpenStore of(Path database) throws RocksDBException {
    // Few shards, and filters in small pieces: a whole filter would not fit into a small shard, and
    // every look-up would read it again.
    var cache = new LRUCache(16 * MIB, 2);
    var bloom = new BloomFilter(10, false);
    var table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setFilterPolicy(bloom)
            .setIndexType(IndexType.kTwoLevelIndexSearch)
            .setPartitionFilters(true)
            .setMetadataBlockSize(4 * 1024)
            .setCacheIndexAndFilterBlocks(true)
            .setPinTopLevelIndexAndFilter(true)
            .setPinL0FilterAndIndexBlocksInCache(true)
            .setBlockSize(16 * 1024)
            .setFormatVersion(5);
    var options =
        new Options()
            .setCreateIfMissing(true)
            .setTableFormatConfig(table)
            .setWriteBufferSize(8 * MIB)
            .setMaxWriteBufferNumber(3)
            .setMemtablePrefixBloomSizeRatio(0.02)
            .setMemtableWholeKeyFiltering(true)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setMaxBackgroundJobs(2)
            .setMaxOpenFiles(256)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setKeepLogFileNum(2)
            .setMaxLogFileSize(MIB)
            .setStatsDumpPeriodSec(0);
    var parts = new ArrayList<AutoCloseable>(List.of(options, bloom, cache));
    try {
      return new OpenStore(RocksDB.open(options, database.toString()), parts);
    } catch (RocksDBException failed) {
      closeAll(parts);
      throw failed;
    }
  }

  RocksDB db() {
    return db;
  }

  /// True when the store has that format, or is new and has it now.
  boolean isOfFormat(int format) throws RocksDBException {
    var key = StoreKeys.format();
    var found = db.get(key);
    if (found != null) {
      return found.length == Integer.BYTES && ByteBuffer.wrap(found).getInt() == format;
    }
    try (var iterator = db.newIterator();
        var options = new WriteOptions().setDisableWAL(true)) {
      iterator.seekToFirst();
      if (iterator.isValid()) {
        return false;
      }
      iterator.status();
      db.put(options, key, ByteBuffer.allocate(Integer.BYTES).putInt(format).array());
      return true;
    }
  }

  @Override
  public void close() {
    // Flushes by itself: nothing went through a write-ahead log.
    db.close();
    closeAll(parts);
  }

  private static void closeAll(List<AutoCloseable> parts) {
    for (var part : parts) {
      try {
        part.close();
      } catch (Exception impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }
}
