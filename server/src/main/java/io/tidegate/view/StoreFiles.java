package io.tidegate.view;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder of the store: opened when it is sound, emptied when it is not, since all of it can be
/// read from the topics again.
final class StoreFiles {
  private static final Logger LOG = LoggerFactory.getLogger(StoreFiles.class);

  private final Path folder;
  private final Path database;

  StoreFiles(Path folder) {
    this.folder = folder;
    this.database = folder.resolve("rocksdb");
  }

  OpenStore open() {
    try {
      Files.createDirectories(database);
      NativeLibraryLoader.getInstance().loadLibrary(folder.toAbsolutePath().toString());
    } catch (IOException failed) {
      throw new StoreFailure("the folder " + folder + " cannot be used: " + failed, false, failed);
    }
    try {
      var store = ofFormat();
      if (store != null) {
        return store;
      }
      LOG.atInfo().addKeyValue("folder", database).log("views of another format are built anew");
    } catch (RocksDBException failed) {
      if (!isDamage(failed)) {
        throw Store.failure("opening", failed);
      }
      LOG.atWarn()
          .addKeyValue("folder", database)
          .addKeyValue("cause", failed.getMessage())
          .log("views on disk are damaged and are built anew");
    }
    return anew();
  }

  private OpenStore anew() {
    delete();
    try {
      var store = ofFormat();
      if (store == null) {
        throw new StoreFailure("the folder " + database + " was not emptied");
      }
      return store;
    } catch (RocksDBException failed) {
      throw Store.failure("opening", failed);
    }
  }

  /// Null when what lies there is of another format.
  private @Nullable OpenStore ofFormat() throws RocksDBException {
    var store = OpenStore.of(database);
    boolean fits = false;
    try {
      fits = store.isOfFormat(Store.FORMAT);
      return fits ? store : null;
    } finally {
      if (!fits) {
        store.close();
      }
    }
  }

  void delete() {
    try {
      Files.walkFileTree(database, new Deletion());
    } catch (IOException failed) {
      throw new UncheckedIOException("the folder " + database + " cannot be emptied", failed);
    }
  }

  /// True when trying again cannot help. A lock held by another process, a full disk and missing
  /// permissions are not damage: nothing may be deleted then.
  static boolean isDamage(RocksDBException failed) {
    var status = failed.getStatus();
    if (status == null) {
      return false;
    }
    return switch (status.getCode()) {
      case Corruption, NotSupported, InvalidArgument, NotFound -> true;
      case IOError ->
          status.getSubCode() == Status.SubCode.None
              && String.valueOf(failed.getMessage())
                  .toLowerCase(Locale.ROOT)
                  .contains("no such file");
      default -> false;
    };
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, IOException failed) throws IOException {
      if (failed != null) {
        throw failed;
      }
      Files.delete(visited);
      return FileVisitResult.CONTINUE;
    }
  }
}
