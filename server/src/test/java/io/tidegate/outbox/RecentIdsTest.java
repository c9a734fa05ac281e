package io.tidegate.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.outbox.RecentIds.Id;
import org.junit.jupiter.api.Test;

class RecentIdsTest {
  private static final long NOON = 1_800_000_000_000L;
  private static final long HOUR = 3_600_000;

  private final RecentIds ids = new RecentIds();

  @Test
  void knowsAnIdOfTheSameTenantAlone() {
    assertThat(ids.isRepeated(Id.of("t", "e"), 0, NOON)).isFalse();

    assertThat(ids.isRepeated(Id.of("u", "e"), 1, NOON)).isFalse();
    assertThat(ids.isRepeated(Id.of("t", "e"), 2, NOON)).isTrue();
    assertThat(ids.knows(Id.of("t", "f"), 3, NOON)).isFalse();
  }

  @Test
  void forgetsAfterAnHourAndAfterManyRecords() {
    ids.isRepeated(Id.of("t", "e"), 0, NOON);

    assertThat(ids.knows(Id.of("t", "e"), 1, NOON + HOUR)).isTrue();
    assertThat(ids.knows(Id.of("t", "e"), 1, NOON + HOUR + 1)).isFalse();
    assertThat(ids.knows(Id.of("t", "e"), RecentIds.MOST, NOON)).isTrue();
    assertThat(ids.knows(Id.of("t", "e"), RecentIds.MOST + 1, NOON)).isFalse();
  }

  @Test
  void saysTheSameWhereverReadingBegan() {
    var late = new RecentIds();
    for (long offset = 0; offset < 4 * RecentIds.MOST; offset++) {
      var id = Id.of("t", "e" + (offset * 7919) % (RecentIds.MOST * 3 / 2));
      var repeated = ids.isRepeated(id, offset, NOON);
      if (offset >= RecentIds.MOST) {
        var again = late.isRepeated(id, offset, NOON);
        if (offset >= 2 * RecentIds.MOST) {
          assertThat(again).as("at %d", offset).isEqualTo(repeated);
        }
      }
    }
  }
}
