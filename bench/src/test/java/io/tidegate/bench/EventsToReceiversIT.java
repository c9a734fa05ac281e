package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The scenarios of event destinations with the bare loop in both places: real processes, a real
/// node, real sockets. Turns are far too short for the figures to mean anything.
@Timeout(300)
class EventsToReceiversIT {
  private static final Jvm JVM = Jvm.likeOurs();
  private static final DeliverySide.Node NODE = new DeliverySide.Node(JVM);

  @TempDir Path folder;

  @Test
  void bringsEachEventToAThousandReceiversOnce() {
    var bare = new DeliverySide.Bare("bare loop", JVM, 1);
    var size = new FanoutSpeed.Size(Duration.ofSeconds(1), Duration.ofSeconds(1), 1);
    var sides = new FanoutSpeed.Sides(bare, bare, NODE);

    var result = new FanoutSpeed(new Arena(folder), sides, size, System.err).run();

    assertThat(result.rows()).hasSize(2).allMatch(row -> row.perSecond() > 0);
    assertThat(result.rows()).allMatch(row -> row.repeated() == 0);
  }

  @Test
  void bringsWhatIsPostedToItsReceiver() {
    var bare = new DeliverySide.Relay("bare loop", JVM, 1);
    var second = Duration.ofSeconds(1);
    var size = new FirstByte.Size(second, second, second, second, OptionalDouble.of(100));
    var sides = new FirstByte.Sides(bare, bare, NODE);

    var result = new FirstByte(new Arena(folder), sides, size, System.err).run();

    assertThat(result.rows()).hasSize(2).allMatch(row -> row.p50() > 0 && row.repeated() == 0);
  }
}
