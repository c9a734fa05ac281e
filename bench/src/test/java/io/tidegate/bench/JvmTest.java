package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JvmTest {

  @Test
  void takesOverHowOurOwnRunsButNotWhatItRuns() {
    var ours =
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx300m",
            "-Xss512k",
            "--enable-native-access=ALL-UNNAMED",
            "-Dio.netty.x=false",
            "-Dtidegate.home=/x",
            "-XX:AOTCache=/y",
            "-javaagent:z.jar");

    assertThat(Jvm.of(ours).flags())
        .containsExactly(
            "-XX:+UseSerialGC",
            "-Xmx300m",
            "-Xss512k",
            "--enable-native-access=ALL-UNNAMED",
            "-Dio.netty.x=false");
  }

  @Test
  void limitsTheHeapInAnyCase() {
    assertThat(Jvm.of(List.of()).flags()).containsExactly("-Xmx512m");
  }
}
