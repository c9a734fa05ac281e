package io.tidegate.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How an instance names itself to operators who have several: the host's name and the process. No
/// name service is asked, which might take its time.
final class InstanceName {
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private InstanceName() {}

  static String here() {
    return host() + "/" + ProcessHandle.current().pid();
  }

  private static String host() {
    try {
      if (Files.isReadable(KERNEL)) {
        return Files.readString(KERNEL).strip();
      }
    } catch (IOException unreadable) {
      // the environment may know
    }
    var said = System.getenv("HOSTNAME");
    return said == null || said.isBlank() ? "localhost" : said;
  }
}
