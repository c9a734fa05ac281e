package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProductSideTest {

  private static final Jvm JVM = new Jvm(List.of("-Xmx64m"));

  @TempDir Path folder;
  private Side.Serving serving = serving(Path.of("x"));

  @BeforeEach
  void serveFromTheFolder() {
    serving = serving(folder);
  }

  @Test
  void startsWhatWasBuiltWithTheFlagsOfBoth() throws Exception {
    Files.createDirectories(folder.resolve("app/target/dist/lib"));

    var start = new ProductSide.Built(folder, JVM).start(serving);

    assertThat(start.command())
        .contains("-Xmx64m", "io.tidegate.app.Main", "up")
        .containsSequence("--data", folder.resolve("data").toString())
        .containsSequence("--kafka-port", "8002");
  }

  @Test
  void saysWhenNothingWasBuilt() {
    assertThatThrownBy(() -> new ProductSide.Built(folder, JVM).start(serving))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("build it");
  }

  @Test
  void writesTheConfigurationWithThePort() throws Exception {
    new ProductSide.Launched(folder, true).start(serving);

    assertThat(folder.resolve("zilla.yaml")).content().contains("port: 8001").doesNotContain("@");
  }

  @Test
  void fillsInACommandForTheShell() {
    var start = new ProductSide.Shell("run {config} {port} {kafka}", JVM).start(serving);

    assertThat(start.command().getLast())
        .isEqualTo("exec run '" + folder.resolve("zilla.yaml") + "' 8001 8002");
    assertThat(start.environment()).containsEntry("JDK_JAVA_OPTIONS", "-Xmx64m");
  }

  @Test
  void addsTheArgumentsToACommandThatHasNone() {
    var start = new ProductSide.Shell("./other", JVM).start(serving);

    assertThat(start.command().getLast()).startsWith("exec ./other 'up' '").contains("'--data'");
  }

  private static Side.Serving serving(Path folder) {
    return new Side.Serving(Work.PRODUCE, 8001, 8002, 8003, folder, new Side.Likeness(0, 4));
  }
}
