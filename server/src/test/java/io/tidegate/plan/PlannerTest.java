package io.tidegate.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.config.ConfigReader;
import io.tidegate.config.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pairs of files: a configuration, and the plan or the faults that it makes.
class PlannerTest {
  private static final Path CASES = Path.of("src/test/resources/plan");
  private static final Map<String, String> ENV = Map.of("KAFKA_PASSWORD", "secret");

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void plansWhatTheFileBesideItSays(Path config) throws IOException {
    var expected = Path.of(config.toString().replace(".yaml", ".txt"));

    var planned = plan(config);

    assertThat(planned).isEqualTo(Files.readString(expected));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void plansTheSameFromTheSame(Path config) {
    assertThat(plan(config)).isEqualTo(plan(config));
  }

  static Stream<Path> cases() throws IOException {
    try (var files = Files.list(CASES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  private static String plan(Path config) {
    return switch (new ConfigReader(ENV::get).read(config)) {
      case Loaded.Refused(var report) -> throw new AssertionError(report.toString());
      case Loaded.Ok(var read, var _) ->
          switch (Planner.plan(read)) {
            case Planned.Ok(var plan) -> PlanText.of(plan);
            case Planned.Refused(var report) -> report + "\n";
          };
    };
  }
}
