package io.tidegate.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetSetTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void isTheSameAsABitSet(long seed) {
    var random = new Random(seed);
    var set = new OffsetSet();
    var bits = new BitSet();
    var span = 1 << (10 + random.nextInt(9));

    for (var i = 0; i < 60; i++) {
      var from = random.nextInt(span);
      var to = from + random.nextInt(20_000);
      switch (random.nextInt(4)) {
        case 0 -> {
          set.addAll(from, to);
          bits.set(from, to);
        }
        case 1 -> {
          set.removeAll(from, to);
          bits.clear(from, to);
        }
        case 2 -> strew(random, set, bits, span);
        default -> thin(random, set, bits);
      }
      assertThat(set.count()).isEqualTo(bits.cardinality());
      assertThat(set.next(from)).isEqualTo(bits.nextSetBit(from));
      assertThat(set.contains(to)).isEqualTo(bits.get(to));
    }

    var all = new ArrayList<Long>();
    for (var range : set.ranges()) {
      range.forEach(all::add);
    }
    assertThat(all).isEqualTo(bits.stream().mapToObj(each -> (long) each).toList());
    assertThat(written(set).ranges()).hasSameSizeAs(set.ranges());
    assertThat(written(set).count()).isEqualTo(set.count());
    assertThat(set.next(0)).isEqualTo(written(set).next(0));
  }

  private static void strew(Random random, OffsetSet set, BitSet bits, int span) {
    for (var i = 0; i < 3_000; i++) {
      var each = random.nextInt(span);
      assertThat(set.add(each)).isEqualTo(!bits.get(each));
      bits.set(each);
    }
  }

  private static void thin(Random random, OffsetSet set, BitSet bits) {
    for (var each = bits.nextSetBit(0); each >= 0; each = bits.nextSetBit(each + 1)) {
      if (random.nextBoolean()) {
        assertThat(set.remove(each)).isTrue();
        bits.clear(each);
      }
    }
  }

  /// As it comes back from a checkpoint.
  private static OffsetSet written(OffsetSet set) {
    var back = new OffsetSet();
    for (var range : set.ranges()) {
      var note = Checkpoint.RangeNote.of(range, Long.MAX_VALUE);
      Checkpoint.RangeNote.unpack(range.number, note.bytes()).addTo(back);
    }
    return back;
  }
}
