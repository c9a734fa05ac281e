package io.tidegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each file under `config/bad` has its whole report beside it; each under `config/good` is taken.
class ConfigFilesTest {
  private static final Path FILES = Path.of("src/test/resources/config");
  private static final Map<String, String> ENV =
      Map.of("KAFKA", "broker.example:9092", "PASSWORD", "s3cret", "LINES", "a\nb\nc");

  static Stream<Path> good() throws IOException {
    return files("good");
  }

  static Stream<Path> bad() throws IOException {
    return files("bad");
  }

  private static Stream<Path> files(String folder) throws IOException {
    try (var files = Files.list(FILES.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("good")
  void takesGoodFilesWithoutAWarning(Path file) {
    var loaded = new ConfigReader(ENV::get).read(file);

    assertThat(loaded)
        .isInstanceOfSatisfying(Loaded.Ok.class, ok -> assertThat(ok.warnings()).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("bad")
  void reportsEveryFaultOfABadFile(Path file) throws IOException {
    var report = Path.of(file.toString().replace(".yaml", ".txt"));

    var loaded = new ConfigReader(ENV::get).read(file);

    assertThat(loaded)
        .isInstanceOfSatisfying(
            Loaded.Refused.class,
            refused -> assertThat(refused.report().toString().strip()).isEqualTo(expected(report)));
  }

  private static String expected(Path report) {
    try {
      return Files.readString(report).strip();
    } catch (IOException missing) {
      return "(no " + report.getFileName() + ")";
    }
  }
}
