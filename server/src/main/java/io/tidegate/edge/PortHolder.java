package io.tidegate.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Finds out which process listens on a port, where Linux lets us look. Best effort: it is for a
/// message only.
final class PortHolder {
  private static final Path PROC = Path.of("/proc");
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String LISTEN = "0A";

  private PortHolder() {}

  /// ` by java (process 4711)`, or an empty text.
  static String of(int port) {
    try {
      var sockets = new HashSet<String>();
      for (var table : List.of("net/tcp", "net/tcp6")) {
        var file = PROC.resolve(table);
        if (Files.isReadable(file)) {
          Files.readAllLines(file).forEach(line -> addListener(line, port, sockets));
        }
      }
      return sockets.isEmpty() ? "" : holder(sockets);
    } catch (IOException | RuntimeException notToBeSeen) {
      return "";
    }
  }

  private static void addListener(String line, int port, Set<String> sockets) {
    var columns = line.strip().split("\\s+", -1);
    if (columns.length > INODE
        && columns[STATE].equals(LISTEN)
        && columns[LOCAL_ADDRESS].endsWith(":%04X".formatted(port))) {
      sockets.add("socket:[" + columns[INODE] + "]");
    }
  }

  private static String holder(Set<String> sockets) throws IOException {
    try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (var process : processes) {
        if (holds(process, sockets)) {
          var name = Files.readString(process.resolve("comm")).strip();
          return " by %s (process %s)".formatted(name, process.getFileName());
        }
      }
    }
    return "";
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (var files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var file : files) {
        if (Files.isSymbolicLink(file)
            && sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
    } catch (IOException | RuntimeException notOurs) {
      return false;
    }
    return false;
  }
}
