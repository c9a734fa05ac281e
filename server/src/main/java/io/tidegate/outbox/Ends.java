package io.tidegate.outbox;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/// Below which offsets of the partitions of deliveries nothing lies that one partition of events
/// has brought about since its last commit. Goes with the commit as a text. Any thread.
final class Ends {
  private static final String MARK = "v1 ";

  private final long[] begin;
  private final long[] after;

  private Ends(long[] begin) {
    this.begin = begin;
    this.after = begin.clone();
  }

  /// From the beginning when nothing is said, or nothing that is understood.
  static Ends read(String remark) {
    var begin = new long[Delivery.PARTITIONS];
    var parts = remark.startsWith(MARK) ? remark.substring(MARK.length()).split(",", -1) : null;
    if (parts != null && parts.length == begin.length) {
      try {
        for (int i = 0; i < parts.length; i++) {
          begin[i] = Long.parseLong(parts[i], Character.MAX_RADIX);
        }
      } catch (NumberFormatException notOurs) {
        Arrays.fill(begin, 0);
      }
    }
    return new Ends(begin);
  }

  /// A delivery was stored there.
  synchronized void stored(int partition, long offset) {
    if (partition < after.length) {
      after[partition] = Math.max(after[partition], offset + 1);
    }
  }

  /// Nothing is under way: what is owed from now on will lie beyond.
  synchronized void refresh(Map<Integer, Long> ends) {
    ends.forEach((partition, end) -> {
      if (partition < after.length) {
        after[partition] = Math.max(after[partition], end);
      }
    });
  }

  /// Everything under way is stored: the text for the commit, from which the next one begins.
  synchronized String commit() {
    System.arraycopy(after, 0, begin, 0, begin.length);
    return text();
  }

  /// The same, as it was at the last commit.
  synchronized String text() {
    return MARK
        + Arrays.stream(begin)
            .mapToObj(end -> Long.toString(end, Character.MAX_RADIX))
            .collect(Collectors.joining(","));
  }

  synchronized long begin(int partition) {
    return begin[partition];
  }
}
