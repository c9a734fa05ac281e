package io.tidegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
  private final List<String> done = new ArrayList<>();
  private final Reconciler reconciler = new Reconciler();

  @Test
  void startsInOrderAndStopsInReverse() {
    reconciler.apply(List.of(part("log", 1), part("listener", 1, "log")));
    reconciler.close();

    assertThat(done).containsExactly("+log:1", "+listener:1", "-listener:1", "-log:1");
  }

  @Test
  void leavesEqualPartsAlone() {
    reconciler.apply(List.of(part("log", 1), part("listener", 1)));
    done.clear();

    reconciler.apply(List.of(part("log", 1), part("listener", 2)));

    assertThat(done).containsExactly("-listener:1", "+listener:2");
  }

  @Test
  void letsAPartAdoptItsChange() {
    reconciler.apply(List.of(adopting("listener", 1)));
    done.clear();

    reconciler.apply(List.of(adopting("listener", 2)));

    assertThat(done).containsExactly("~listener:2");
  }

  @Test
  void stopsWhatNeedsAPartThatStops() {
    reconciler.apply(List.of(part("log", 1), part("listener", 1, "log")));
    done.clear();

    reconciler.apply(List.of(part("log", 2), part("listener", 1, "log")));

    assertThat(done).containsExactly("-listener:1", "-log:1", "+log:2", "+listener:1");
  }

  @Test
  void letsAPartAdoptWhatItNeedsWhenThatIsStartedAnew() {
    reconciler.apply(List.of(part("log", 1), adopting("listener", 1, "log")));
    done.clear();

    reconciler.apply(List.of(part("log", 2), adopting("listener", 1, "log")));

    assertThat(done).containsExactly("-log:1", "+log:2", "~listener:1");
    assertThat(reconciler.running()).containsExactly("log", "listener");
  }

  @Test
  void undoesAFailedStart() {
    var broken = new Part("listener", 1, List.of(), () -> fail("port in use"));

    assertThatThrownBy(() -> reconciler.apply(List.of(part("log", 1), broken)))
        .hasMessage("port in use");

    assertThat(reconciler.running()).isEmpty();
    assertThat(done).containsExactly("+log:1", "-log:1");
  }

  @Test
  void goesBackToWhatRanWhenAReloadFails() {
    reconciler.apply(List.of(part("log", 1), adopting("a", 1), part("b", 1)));
    done.clear();
    var broken = new Part("c", 1, List.of(), () -> fail("port in use"));

    assertThatThrownBy(
            () -> reconciler.apply(List.of(part("log", 1), adopting("a", 2), part("b", 2), broken)))
        .hasMessage("port in use");

    assertThat(reconciler.running()).containsExactly("log", "a", "b");
    assertThat(done).containsExactly("-b:1", "~a:2", "+b:2", "-b:2", "~a:1", "+b:1");
  }

  private Part part(String id, int spec, String... needs) {
    return new Part(id, spec, List.of(needs), () -> started(id, spec));
  }

  private Part.Running started(String id, int spec) {
    done.add("+" + id + ":" + spec);
    return () -> done.add("-" + id + ":" + spec);
  }

  private Part adopting(String id, int spec, String... needs) {
    return new Part(
        id,
        spec,
        List.of(needs),
        () ->
            new Part.Running() {
              @Override
              public boolean canAdopt(Part next) {
                return true;
              }

              @Override
              public void adopt(Part next) {
                done.add("~" + id + ":" + next.spec());
              }

              @Override
              public void stop() {
                done.add("-" + id);
              }
            });
  }

  private static Part.Running fail(String message) {
    throw new IllegalStateException(message);
  }
}
