package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The bare loop in every place: real processes, a real node, real sockets.
@Timeout(300)
class DeliveriesIT {
  private static final Jvm JVM = Jvm.likeOurs();

  @TempDir Path folder;

  @Test
  void deliversToEveryReceiverThatAnswers() {
    var result = deliveries().hang();

    assertThat(result.rows())
        .extracting(DeliveryResult.Row::label)
        .containsExactly("bare loop, all answer", "bare loop, 1 % hang");
    assertThat(result.rows()).allMatch(row -> row.perSecond() > 0 && row.repeated() == 0);
  }

  private Deliveries deliveries() {
    var bare = new DeliverySide.Bare("bare loop", JVM, 1);
    var sides = new Deliveries.Sides(bare, bare, bare, new DeliverySide.Node(JVM));
    return new Deliveries(
        new Arena(folder), sides, new Deliveries.Size(1_000, 2_000, 1), System.err);
  }
}
