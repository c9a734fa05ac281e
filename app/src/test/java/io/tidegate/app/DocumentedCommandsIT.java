package io.tidegate.app;

import static java.util.regex.Pattern.DOTALL;
import static java.util.regex.Pattern.MULTILINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Runs every shell block of a page of the documentation from top to bottom, as a reader would, and
/// holds what is printed against what the page says is printed: the lines behind `# ` below a
/// command, in which `…` stands for anything. `up` and `listen` get windows of their own, the rest
/// shares one shell. What only reads is repeated for a while until it shows what it should.
class DocumentedCommandsIT {
  private static final Path DOCUMENT = Path.of("../docs/event-destinations.md");
  private static final Pattern PORT = Pattern.compile("(127\\.0\\.0\\.1:|--port )(7\\d{3})");

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// The beginning of an answer that asks to try again: the machine is.
  private static final String BUSY = "{\"status\":503";

  /// They run by themselves, and for long.
  private static final String TESTS = "./tidegate test";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private final Map<String, Integer> ports = new HashMap<>();
  private final List<Process> windows = new ArrayList<>();

  /// Lines of a block that are typed together, and what they print; empty when nothing is said.
  private record Step(String command, String printed) {
    boolean isWindow() {
      return command.startsWith("./tidegate up") || command.startsWith("./tidegate listen");
    }

    boolean onlyReads() {
      return !command.contains(" -X ");
    }

    Pattern expected() {
      return Pattern.compile("\\Q" + printed.strip().replace("…", "\\E.*\\Q") + "\\E", DOTALL);
    }
  }

  @AfterEach
  void closeWindows() throws InterruptedException {
    for (var window : windows.reversed()) {
      window.destroy();
      if (!window.waitFor(30, TimeUnit.SECONDS)) {
        window.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void printWhatThePageSays() throws Exception {
    var page = Files.readString(DOCUMENT);
    Files.writeString(folder.resolve("events.yaml"), blocks(page, "yaml").getFirst());
    Files.createFile(folder.resolve("shell"));
    writeLauncher();
    var steps = blocks(page, "sh").stream().flatMap(block -> steps(block).stream()).toList();
    assertThat(steps).hasSizeGreaterThan(20);

    for (var step : steps) {
      if (step.isWindow()) {
        open(step.command);
      } else if (!step.command.startsWith(TESTS)) {
        run(step);
      }
    }
  }

  private static List<String> blocks(String page, String language) {
    return Pattern.compile("^```" + language + "\n(.*?)^```$", MULTILINE | DOTALL)
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static List<Step> steps(String block) {
    var steps = new ArrayList<Step>();
    var command = new StringBuilder();
    var printed = new StringBuilder();
    for (var line : block.lines().toList()) {
      if (line.startsWith("# ")) {
        printed.append(line.substring(2)).append('\n');
        continue;
      }
      if (!printed.isEmpty() || line.startsWith("./tidegate ")) {
        add(steps, command, printed);
      }
      command.append(line).append('\n');
    }
    add(steps, command, printed);
    return steps;
  }

  private static void add(List<Step> steps, StringBuilder command, StringBuilder printed) {
    if (!command.isEmpty()) {
      steps.add(new Step(command.toString(), printed.toString()));
    }
    command.setLength(0);
    printed.setLength(0);
  }

  /// `./tidegate`, with the classes of this JVM.
  private void writeLauncher() throws IOException {
    var script =
        "#!/bin/sh\nexec '%s' -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "
            + "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow "
            + "-cp '%s' %s \"$@\"\n";
    var file = folder.resolve("tidegate");
    Files.writeString(
        file,
        script.formatted(
            Path.of(System.getProperty("java.home"), "bin", "java"),
            System.getProperty("java.class.path"),
            Main.class.getName()));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  /// On other ports than the page, since its own may be taken.
  private String elsewhere(String command) {
    var explicit =
        command
            .replaceFirst("^./tidegate up", "$0 --admin 127.0.0.1:7115")
            .replaceFirst("^./tidegate listen(?!.*--port)", "$0 --port 7200");
    return PORT.matcher(explicit).replaceAll(found -> found.group(1) + port(found.group(2)));
  }

  private int port(String documented) {
    return ports.computeIfAbsent(
        documented,
        _ -> {
          try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
          } catch (IOException none) {
            throw new java.io.UncheckedIOException(none);
          }
        });
  }

  private void open(String command) throws IOException {
    var output = folder.resolve("window-" + windows.size());
    var window = bash("exec " + elsewhere(command), output).redirectErrorStream(true).start();
    windows.add(window);
    await()
        .atMost(LIMIT)
        .until(() -> {
          var text = Files.readString(output);
          assertThat(window.isAlive()).as(text).isTrue();
          return text.contains("is up.") || text.contains("listening on");
        });
  }

  private void run(Step step) throws Exception {
    var again = await().atMost(LIMIT).pollInterval(Duration.ofMillis(200));
    if (step.onlyReads()) {
      again.untilAsserted(() -> check(step, print(step)));
    } else {
      check(step, again.until(() -> print(step), text -> !text.startsWith(BUSY)));
    }
  }

  private static void check(Step step, String text) {
    assertThat(text).as(step.command).matches(step.expected());
  }

  /// What it says, without the space around it. Variables last until the next one.
  private String print(Step step) throws IOException, InterruptedException {
    var output = folder.resolve("output");
    var command =
        "set -a; . ./shell\n%s\nstatus=$?; export -p >shell; exit $status"
            .formatted(elsewhere(step.command));
    var shell = bash(command, output).redirectError(Redirect.DISCARD).start();
    assertThat(shell.waitFor(LIMIT.toMinutes(), TimeUnit.MINUTES)).as(step.command).isTrue();
    var text = Files.readString(output);
    assertThat(shell.exitValue()).as(step.command + text).isZero();
    return text.strip();
  }

  private ProcessBuilder bash(String command, Path output) {
    return new ProcessBuilder("bash", "-c", command)
        .directory(folder.toFile())
        .redirectOutput(output.toFile());
  }
}
