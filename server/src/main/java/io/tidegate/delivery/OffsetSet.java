package io.tidegate.delivery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/// A set of offsets that lie close together or far apart, in ranges of 65,536: a sorted list while
/// there are few in a range, a bitmap when there are many, nothing where there are none. So it
/// never takes more than a bit for each offset between its first and its last, and a million that
/// are strewn over a hundred million take two megabytes.
///
/// Not thread-safe.
final class OffsetSet {
  static final int RANGE = 1 << 16;

  private static final int FEW = 4096;
  private static final int WORDS = RANGE / 64;

  private final List<Range> ranges = new ArrayList<>(4);
  private long count;

  /// The offsets of one range, and whether they changed since that was last asked for.
  static final class Range {
    final long number;
    private char[] few = new char[8];
    private long[] many = {};
    private int count;
    private boolean changed = true;

    Range(long number) {
      this.number = number;
    }

    int count() {
      return count;
    }

    /// Tells whether it changed, and forgets it.
    boolean takeChanged() {
      var was = changed;
      changed = false;
      return was;
    }

    void touch() {
      changed = true;
    }

    boolean contains(int low) {
      return many.length > 0
          ? (many[low >> 6] & (1L << low)) != 0
          : Arrays.binarySearch(few, 0, count, (char) low) >= 0;
    }

    boolean add(int low) {
      if (many.length == 0 && count == FEW) {
        spread();
      }
      var added = many.length > 0 ? mark(low) : insert(low);
      if (added) {
        count++;
        changed = true;
      }
      return added;
    }

    private boolean mark(int low) {
      var bit = 1L << low;
      var was = many[low >> 6];
      many[low >> 6] = was | bit;
      return (was & bit) == 0;
    }

    private boolean insert(int low) {
      var at = count;
      if (count > 0 && few[count - 1] >= low) {
        var found = Arrays.binarySearch(few, 0, count, (char) low);
        if (found >= 0) {
          return false;
        }
        at = -found - 1;
      }
      if (count == few.length) {
        few = Arrays.copyOf(few, Math.min(FEW, 2 * count));
      }
      System.arraycopy(few, at, few, at + 1, count - at);
      few[at] = (char) low;
      return true;
    }

    private void spread() {
      many = new long[WORDS];
      for (var i = 0; i < count; i++) {
        many[few[i] >> 6] |= 1L << few[i];
      }
      few = new char[0];
    }

    boolean remove(int low) {
      var removed = many.length > 0 ? clear(low) : cut(low);
      if (removed) {
        count--;
        changed = true;
        if (many.length > 0 && count < FEW / 2) {
          gather();
        }
      }
      return removed;
    }

    private boolean clear(int low) {
      var bit = 1L << low;
      var was = many[low >> 6];
      many[low >> 6] = was & ~bit;
      return (was & bit) != 0;
    }

    private boolean cut(int low) {
      var found = Arrays.binarySearch(few, 0, count, (char) low);
      if (found >= 0) {
        System.arraycopy(few, found + 1, few, found, count - found - 1);
      }
      return found >= 0;
    }

    private void gather() {
      few = new char[FEW];
      var at = 0;
      for (var low = next(0); low >= 0; low = next(low + 1)) {
        few[at++] = (char) low;
      }
      many = new long[0];
    }

    /// The first at or above `low`, or -1.
    int next(int low) {
      if (many.length == 0) {
        var found = Arrays.binarySearch(few, 0, count, (char) low);
        var at = found >= 0 ? found : -found - 1;
        return low < RANGE && at < count ? few[at] : -1;
      }
      for (var word = low >> 6; word < WORDS; word++) {
        var bits = word == low >> 6 ? many[word] & (-1L << low) : many[word];
        if (bits != 0) {
          return (word << 6) + Long.numberOfTrailingZeros(bits);
        }
      }
      return -1;
    }

    /// What it takes in memory.
    int bytes() {
      return 64 + 2 * few.length + 8 * many.length;
    }

    void forEach(LongConsumer each) {
      var base = number * RANGE;
      for (var low = next(0); low >= 0; low = low + 1 < RANGE ? next(low + 1) : -1) {
        each.accept(base + low);
      }
    }
  }

  long count() {
    return count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  long bytes() {
    var bytes = 0L;
    for (var range : ranges) {
      bytes += range.bytes();
    }
    return bytes;
  }

  /// The ranges that hold something, in order. A copy of the list, not of the ranges.
  List<Range> ranges() {
    return List.copyOf(ranges);
  }

  boolean contains(long offset) {
    var at = find(offset / RANGE);
    return at >= 0 && ranges.get(at).contains((int) (offset % RANGE));
  }

  boolean add(long offset) {
    var number = offset / RANGE;
    var at = find(number);
    if (at < 0) {
      at = -at - 1;
      ranges.add(at, new Range(number));
    }
    var added = ranges.get(at).add((int) (offset % RANGE));
    if (added) {
      count++;
    }
    return added;
  }

  /// @param to not included
  void addAll(long from, long to) {
    for (var offset = from; offset < to; offset++) {
      add(offset);
    }
  }

  boolean remove(long offset) {
    var at = find(offset / RANGE);
    if (at < 0 || !ranges.get(at).remove((int) (offset % RANGE))) {
      return false;
    }
    count--;
    if (ranges.get(at).count() == 0) {
      var _ = ranges.remove(at);
    }
    return true;
  }

  /// @param to not included
  void removeAll(long from, long to) {
    for (var offset = next(from); offset >= 0 && offset < to; offset = next(offset + 1)) {
      remove(offset);
    }
  }

  /// The first at or above `from`, or -1.
  long next(long from) {
    var at = find(from / RANGE);
    if (at >= 0) {
      var low = ranges.get(at).next((int) (from % RANGE));
      if (low >= 0) {
        return ranges.get(at).number * RANGE + low;
      }
    }
    var after = at >= 0 ? at + 1 : -at - 1;
    if (after == ranges.size()) {
      return -1;
    }
    var found = ranges.get(after);
    return found.number * RANGE + found.next(0);
  }

  private int find(long number) {
    var high = ranges.size() - 1;
    if (high >= 0 && ranges.get(high).number == number) {
      return high;
    }
    var low = 0;
    while (low <= high) {
      var middle = (low + high) >>> 1;
      var found = ranges.get(middle).number;
      if (found == number) {
        return middle;
      }
      if (found < number) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -(low + 1);
  }
}
