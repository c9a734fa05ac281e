package io.tidegate.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One process per data folder. The lock goes with the process, however it ends; the text of the
/// file is the holder's process id, for the message others get.
final class FolderLock implements AutoCloseable {

  /// The locked byte lies far behind the text, so that others can read it where locks are
  /// mandatory.
  private static final long BEHIND_THE_TEXT = 1L << 30;

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  static FolderLock take(Path data, Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(channel) == null) {
        throw BrokerFailure.locked(data, holder(file));
      }
      var pid = Long.toString(ProcessHandle.current().pid());
      channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
      return new FolderLock(channel);
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(BEHIND_THE_TEXT, 1, false);
    } catch (OverlappingFileLockException heldByUs) {
      return null;
    }
  }

  private static OptionalLong holder(Path file) {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException unknown) {
      return OptionalLong.empty();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
