package io.tidegate.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Whoever tries ids finds out nothing, and costs next to nothing.
class GuessesTest {
  private static final int MANY = 1_000_000;

  @Test
  void aMillionGuessesLeaveNothingBehindButACount() {
    try (var sender = new Sender().with(Sender.endpoint())) {
      var random = new Random(4);
      var bytes = new byte[16];
      var before = series(sender);
      for (int i = 0; i < MANY; i++) {
        random.nextBytes(bytes);
        var guess = HexFormat.of().formatHex(bytes);
        var reply = sender.send("POST", "/e/" + guess, "").future();
        assertThat(reply.orTimeout(20, TimeUnit.SECONDS).join().status()).isEqualTo(404);
      }

      assertThat(sender.inbox.requests().weight()).isZero();
      assertThat(series(sender) - before).isLessThanOrEqualTo(1);
      assertThat(
              sender
                  .metrics
                  .get("tidegate.webhooks.requests")
                  .tags("kind", "unrouted", "status", "4xx")
                  .functionTimer()
                  .count())
          .isEqualTo(MANY);
      assertThat(sender.post("1").status()).isEqualTo(200);
    }
  }

  private static int series(Sender sender) {
    return sender.metrics.getMeters().size();
  }
}
