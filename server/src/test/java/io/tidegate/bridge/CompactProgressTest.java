package io.tidegate.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.view.Progress;
import java.util.Base64;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactProgressTest {
  private final Random random = new Random(7);

  @ParameterizedTest
  @ValueSource(ints = {17, 100, 300, 1000})
  void isReadBackWhateverTheOffsets(int partitions) {
    for (int i = 0; i < 50; i++) {
      var offsets = new TreeMap<Integer, Long>();
      for (int partition = 0; partition < partitions; partition++) {
        if (random.nextInt(4) > 0) {
          offsets.put(partition, random.nextInt(3) == 0 ? 0 : random.nextLong(1L << 40));
        }
      }
      var progress = new Progress(offsets);

      var tag =
          Base64.getUrlEncoder().encodeToString(CompactProgress.write(progress).toByteArray());

      if (tag.length() <= 8192) {
        assertThat(ProgressTag.decode(tag)).hasValue(progress);
      }
    }
  }

  @Test
  void isShortWhenMostPartitionsAreQuiet() {
    var offsets = new TreeMap<Integer, Long>();
    for (int partition = 0; partition < 500; partition++) {
      offsets.put(partition, partition % 50 == 7 ? 1_000_000L + partition : 0);
    }

    assertThat(ProgressTag.encode(new Progress(offsets), 7, 5_000_000)).hasSizeLessThan(200);
  }

  @Test
  void takesTwoBytesEachWhenPartitionsAreFilledEvenly() {
    var offsets = new TreeMap<Integer, Long>();
    for (int partition = 0; partition < 300; partition++) {
      offsets.put(partition, 1_000_000_000L + random.nextInt(6_000));
    }

    var tag = ProgressTag.encode(new Progress(offsets), 0, 1_000_000_001L);

    assertThat(tag).hasSizeLessThan(820);
    assertThat(ProgressTag.decode(tag)).hasValue(new Progress(offsets).with(0, 1_000_000_001L));
  }

  @Test
  void refusesWhatIsNotWellFormed() {
    for (int i = 0; i < 2000; i++) {
      var bytes = new byte[1 + random.nextInt(40)];
      random.nextBytes(bytes);
      bytes[0] = CompactProgress.VERSION;
      var tag = Base64.getUrlEncoder().encodeToString(bytes);

      ProgressTag.decode(tag)
          .ifPresent(progress -> assertThat(progress.offsets().size()).isLessThan(100_001));
    }
  }
}
