package io.tidegate.app;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A JVM of its own with the classes of this one, so that it can be killed. Its output goes to a
/// file.
final class ChildProcess implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private final Process process;
  private final Path output;

  private ChildProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static ChildProcess start(Class<?> main, Path output, int heapMiB, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heapMiB + "m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
    command.addAll(arguments);
    Files.deleteIfExists(output);
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new ChildProcess(process, output);
  }

  /// What the first group of the pattern matches, once it has been printed.
  String awaitOutput(Pattern pattern) {
    return await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              var text = Files.readString(output);
              var found = pattern.matcher(text);
              if (!found.find() && !process.isAlive()) {
                throw new IllegalStateException("it has ended: " + text);
              }
              return found.hasMatch() ? found.group(1) : "";
            },
            found -> !found.isEmpty());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// As `kill -9` does.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// Holds it up, as a machine that hangs does, or lets it go on.
  void holdUp(boolean held) throws IOException, InterruptedException {
    var signal = held ? "-STOP" : "-CONT";
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  /// Asks it to end, and waits until it has.
  ///
  /// @return whether it did in time
  boolean stop() throws InterruptedException {
    process.destroy();
    if (process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      return true;
    }
    kill();
    return false;
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
