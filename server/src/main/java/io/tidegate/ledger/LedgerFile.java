package io.tidegate.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteException;

/// The file, and connections to it. Written ahead to a log (WAL), so that readers do not wait for
/// the writer; a power loss may take the last moments, which are read from the topics again.
record LedgerFile(Path path) {
  private static final int WRITER_CACHE_KIB = 32 << 10;
  private static final int READER_CACHE_KIB = 4 << 10;
  private static final int CHECKPOINT_PAGES = 4000;
  private static final int BUSY_MILLIS = 5000;
  private static final int KIND = 0xff;
  private static final int CORRUPT = 11;
  private static final int NOT_A_DATABASE = 26;

  /// It cannot be used any more, and is to be made anew.
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    /// What a file that is set aside for this is called.
    private final String suffix;

    Unusable(String why, String suffix) {
      super(why);
      this.suffix = suffix;
    }

    String suffix() {
      return suffix;
    }
  }

  /// The connection that writes, with all tables there.
  Connection writer() throws SQLException, Unusable {
    var config = config(WRITER_CACHE_KIB);
    config.setJournalMode(JournalMode.WAL);
    config.setSynchronous(SynchronousMode.NORMAL);
    config.setPragma(SQLiteConfig.Pragma.JOURNAL_SIZE_LIMIT, Integer.toString(64 << 20));
    Connection connection = null;
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      connection = config.createConnection("jdbc:sqlite:" + path);
      int version = Schema.version(connection);
      if (version > Schema.version()) {
        throw new Unusable("it is of version " + version + ", which is newer", "newer");
      }
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
      }
      Schema.migrate(connection);
      connection.setAutoCommit(false);
      var opened = connection;
      connection = null;
      return opened;
    } catch (IOException failed) {
      throw new SQLException("the folder cannot be made: " + failed.getMessage(), failed);
    } catch (SQLException failed) {
      if (isCorrupt(failed)) {
        throw corrupt(failed);
      }
      throw failed;
    } finally {
      if (connection != null) {
        connection.close();
      }
    }
  }

  Connection reader() throws SQLException {
    var config = config(READER_CACHE_KIB);
    config.setReadOnly(true);
    return config.createConnection("jdbc:sqlite:" + path);
  }

  private static SQLiteConfig config(int cacheKib) {
    var config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setCacheSize(-cacheKib);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setGetGeneratedKeys(false);
    return config;
  }

  static boolean isCorrupt(Throwable failed) {
    for (var each = failed; each != null; each = each.getCause()) {
      if (each instanceof SQLiteException known) {
        int kind = known.getResultCode().code & KIND;
        return kind == CORRUPT || kind == NOT_A_DATABASE;
      }
    }
    return false;
  }

  static Unusable corrupt(Throwable failed) {
    return new Unusable("it is damaged: " + failed.getMessage(), "damaged");
  }

  /// Takes it out of the way, in the place of what was set aside for the same reason before.
  void setAside(String suffix) throws IOException {
    Files.deleteIfExists(beside("-wal"));
    Files.deleteIfExists(beside("-shm"));
    if (Files.exists(path)) {
      var _ = Files.move(path, beside("." + suffix), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Path beside(String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  /// What the file takes on disk.
  long bytes() {
    return path.toFile().length() + beside("-wal").toFile().length();
  }
}
