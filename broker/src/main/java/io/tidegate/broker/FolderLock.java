package io.tidegate.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// One process per data folder. The lock goes with the process, however it ends; the text of the
/// file is the holder's process id, for the message others get.
final class FolderLock implements AutoCloseable {

  /// The locked byte lies far behind the text, so that others can read it where locks are
  /// mandatory.
  private static final long BEHIND_THE_TEXT = 1L << 30;

  /// A process loses its lock when it closes any channel to the file, so it must not open a second.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static FolderLock take(Path data) throws IOException {
    var file = data.toRealPath().resolve("tidegate.lock");
    if (!HELD_HERE.add(file)) {
      throw BrokerFailure.locked(data, OptionalLong.of(ProcessHandle.current().pid()));
    }
    try {
      return new FolderLock(file, lock(data, file));
    } catch (IOException | RuntimeException failed) {
      HELD_HERE.remove(file);
      throw failed;
    }
  }

  private static FileChannel lock(Path data, Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock(BEHIND_THE_TEXT, 1, false) == null) {
        throw BrokerFailure.locked(data, holder(file));
      }
      var pid = Long.toString(ProcessHandle.current().pid());
      channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
      return channel;
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
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
    if (channel.isOpen()) {
      channel.close();
      HELD_HERE.remove(file);
    }
  }
}
