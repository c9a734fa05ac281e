package io.tidegate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuClockTest {

  @Test
  void readsTheTimeOfAProcessWithAnAwkwardName() {
    var stat = "4242 (a b) c) S 1 4242 4242 0 -1 4194304 99 0 0 0 1250 250 7 7 20 0 33 0 1 2 3";

    assertThat(CpuClock.processSeconds(stat)).isEqualTo(15);
  }

  @Test
  void countsWhatTheMachineDidButNotItsIdling() {
    var stat = List.of("cpu  100 20 30 999999 888888 4 5 6 0 0", "cpu0 1 2 3 4 5 6 7 8 9 10");

    assertThat(CpuClock.machineSeconds(stat)).isEqualTo(1.65);
  }

  @Test
  void readsResidentMemory() {
    assertThat(CpuClock.residentMiB(List.of("Name:\tjava", "VmRSS:\t  262144 kB"))).isEqualTo(256);
  }

  @Test
  void foreignIsWhatNeitherServerNorDriverUsed() {
    var before = new CpuClock.Reading(1, 2, 10);
    var after = new CpuClock.Reading(4, 3, 16);

    assertThat(after.since(before).foreign()).isEqualTo(2);
  }
}
