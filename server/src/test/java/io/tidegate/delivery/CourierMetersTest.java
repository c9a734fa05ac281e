package io.tidegate.delivery;

import static io.tidegate.delivery.Scene.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CourierMetersTest {
  private final Scene scene = new Scene(2);

  @AfterEach
  void closeScene() {
    scene.close();
  }

  private double gauge(String name) {
    return scene.meters.get("tidegate.delivery." + name).gauge().value();
  }

  @Test
  void theLagIsUnknownUntilPartitionsAreOwned() {
    scene.put("a/1", "x");
    scene.log.goAway();
    try (var courier = scene.courier()) {
      assertThat(courier.view().lag()).isEmpty();
      assertThat(gauge("lag")).isNaN();

      scene.log.comeBack();

      until(() -> courier.view().lag().orElse(-1) == 0);
      scene.pass(Duration.ofSeconds(1), () -> gauge("lag") == 0);
    }
  }

  @Test
  void gaugesOfASuccessorStayWhenItsPredecessorCloses() {
    var predecessor = scene.courier();
    var first = scene.meters.get("tidegate.delivery.in.flight").gauge();

    try (var _ = scene.courier()) {
      var second = scene.meters.get("tidegate.delivery.in.flight").gauge();
      predecessor.close();

      assertThat(second).isNotSameAs(first);
      assertThat(scene.meters.get("tidegate.delivery.in.flight").gauge()).isSameAs(second);
    }
    assertThat(scene.meters.find("tidegate.delivery.in.flight").gauge()).isNull();
  }
}
