package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is killed, restarted, joined or left: nothing is lost, no order is broken, and only
/// what was in flight is sent twice.
///
/// Short by default, and then with the same choices every time; `-Dtidegate.soak.minutes=N` makes
/// it longer, with others each time; `-Dtidegate.soak.seed=N` makes the choices of an earlier run.
class WebhooksOutSoakIT {
  private static final Duration SHORT = Duration.ofSeconds(40);
  private static final long USUAL_SEED = 7;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void deliversEverythingInOrderWhateverIsTakenAway() throws Exception {
    var minutes = Integer.getInteger("tidegate.soak.minutes", 0);
    long seed = Long.getLong("tidegate.soak.seed", minutes > 0 ? System.nanoTime() : USUAL_SEED);
    System.out.printf("soak with seed %d, outputs in %s%n", seed, folder);
    try (var soak = new Soak(folder, seed)) {

      var counts = soak.run(minutes > 0 ? Duration.ofMinutes(minutes) : SHORT);

      System.out.println(counts);
      assertThat(counts.isClean()).as("seed %d: %s", seed, counts).isTrue();
      assertThat(counts.produced()).isPositive();
    }
  }
}
