package io.tidegate.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.base.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Damages good files in every way that a seed can think of. Whatever comes of it, the reader
/// answers, and it refuses with at least one fault that points into the file.
class ConfigMutationTest {
  private static final int ROUNDS = 1500;
  private static final List<String> SHARDS =
      List.of(
          "${",
          "}",
          "${{env.",
          "{{",
          "*a",
          "&a ",
          "<<: ",
          "!!x ",
          "- ",
          ": ",
          "[",
          "]",
          "\t",
          "'",
          "\"",
          "|\n",
          "? ",
          "---\n",
          "%YAML 9.9\n",
          "\u0000",
          "\u2028",
          "\ud83d\ude00",
          "null",
          "99999999999999999999",
          "-1",
          "0x",
          "\\x",
          "\"\\U00110000\"",
          "#",
          "\r",
          "\n\n  ",
          "routes",
          "with",
          "exit",
          "${params.",
          "guarded['",
          "{a",
          ">-\n",
          "@",
          "`");

  @Test
  @Timeout(120)
  void answersWhateverTheFileSays() throws IOException {
    var files = goodFiles();
    for (var seed = 0; seed < ROUNDS; seed++) {
      var random = new Random(seed);
      var damaged = damage(files, random);
      var started = System.nanoTime();

      var loaded = new ConfigReader(name -> name.isEmpty() ? null : "env").read("z.yaml", damaged);

      assertThat(Duration.ofNanos(System.nanoTime() - started))
          .as("seed %d", seed)
          .isLessThan(Duration.ofSeconds(5));
      check(loaded, seed, damaged);
    }
  }

  private static void check(Loaded loaded, int seed, Bytes damaged) {
    if (loaded instanceof Loaded.Refused(var report)) {
      var lines = damaged.utf8().split("\\R", -1).length;
      assertThat(report.faults()).as("seed %d", seed).isNotEmpty();
      assertThat(report.faults())
          .as("seed %d", seed)
          .allSatisfy(fault -> assertThat(fault.place().line()).isBetween(1, lines));
    }
  }

  private static List<String> goodFiles() throws IOException {
    var texts = new ArrayList<String>();
    try (var files = Files.list(Path.of("src/test/resources/config/good"))) {
      for (var file : files.sorted().toList()) {
        texts.add(Files.readString(file));
      }
    }
    return texts;
  }

  private static Bytes damage(List<String> files, Random random) {
    var text = new StringBuilder(files.get(random.nextInt(files.size())));
    for (var i = random.nextInt(4); i >= 0; i--) {
      var at = random.nextInt(text.length());
      switch (random.nextInt(6)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, SHARDS.get(random.nextInt(SHARDS.size())));
        case 2 -> text.setCharAt(at, (char) random.nextInt(0x3000));
        case 3 -> text.delete(at, Math.min(text.length(), at + random.nextInt(200)));
        case 4 -> text.insert(at, text.substring(random.nextInt(text.length())));
        default -> moveLine(text, random);
      }
    }
    var bytes = text.toString().getBytes(UTF_8);
    if (bytes.length > 0 && random.nextInt(10) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return Bytes.wrap(bytes);
  }

  private static void moveLine(StringBuilder text, Random random) {
    var lines = new ArrayList<>(text.toString().lines().toList());
    if (!lines.isEmpty()) {
      lines.add(random.nextInt(lines.size()), lines.remove(random.nextInt(lines.size())));
    }
    text.setLength(0);
    text.append(String.join("\n", lines)).append('\n');
  }
}
