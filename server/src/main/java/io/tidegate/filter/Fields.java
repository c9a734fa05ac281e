package io.tidegate.filter;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// The members of an object, in the order in which they were written.
///
/// A few are searched one by one. More are found through an index sorted by hash and, where hashes
/// are equal, by name; so names that were made to collide cost a stranger nothing but his time.
final class Fields implements Json {
  static final Fields NONE = new Fields(new String[0], new Json[0], null);

  private static final int FEW = 8;

  private final String[] names;
  private final Json[] values;

  /// Hash in the upper half, position in the lower; null for a few.
  private final long @Nullable [] index;

  private Fields(String[] names, Json[] values, long @Nullable [] index) {
    this.names = names;
    this.values = values;
    this.index = index;
  }

  /// A name that is there twice keeps its first place and becomes unreadable: others may see
  /// another value than we. The caller gives the arrays up.
  static Fields of(String[] names, Json[] values) {
    if (names.length == 0) {
      return NONE;
    }
    if (names.length <= FEW) {
      return few(names, values);
    }
    var index = indexOf(names);
    var doubles = 0;
    for (var i = 1; i < index.length; i++) {
      if (names[position(index[i])].equals(names[position(index[i - 1])])) {
        doubles++;
      }
    }
    return doubles == 0 ? new Fields(names, values, index) : withoutDoubles(names, values, index);
  }

  int size() {
    return names.length;
  }

  String nameAt(int position) {
    return names[position];
  }

  Json valueAt(int position) {
    return values[position];
  }

  @Nullable Json get(String name) {
    if (index == null) {
      for (var i = 0; i < names.length; i++) {
        if (names[i].equals(name)) {
          return values[i];
        }
      }
      return null;
    }
    return search(index, name);
  }

  private @Nullable Json search(long[] sorted, String name) {
    var hash = name.hashCode();
    var low = firstFrom(sorted, (long) hash << 32);
    var high = hash == Integer.MAX_VALUE ? sorted.length : -1;
    if (low < sorted.length && hashOf(sorted[low]) == hash) {
      if (names[position(sorted[low])].equals(name)) {
        return values[position(sorted[low])];
      }
      high = high < 0 ? firstFrom(sorted, (long) (hash + 1) << 32) : high;
    }
    while (low < high) {
      var middle = (low + high) >>> 1;
      var order = names[position(sorted[middle])].compareTo(name);
      if (order == 0) {
        return values[position(sorted[middle])];
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return null;
  }

  private static int firstFrom(long[] sorted, long key) {
    var low = 0;
    var high = sorted.length;
    while (low < high) {
      var middle = (low + high) >>> 1;
      if (sorted[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static Fields few(String[] names, Json[] values) {
    var count = 0;
    for (var i = 0; i < names.length; i++) {
      var first = 0;
      while (first < count && !names[first].equals(names[i])) {
        first++;
      }
      if (first < count) {
        values[first] = givenTwice();
      } else {
        names[count] = names[i];
        values[count++] = values[i];
      }
    }
    return count == names.length
        ? new Fields(names, values, null)
        : new Fields(Arrays.copyOf(names, count), Arrays.copyOf(values, count), null);
  }

  private static long[] indexOf(String[] names) {
    var index = new long[names.length];
    for (var i = 0; i < names.length; i++) {
      index[i] = (long) names[i].hashCode() << 32 | i;
    }
    Arrays.sort(index);
    for (int from = 0, to; from < index.length; from = to) {
      to = from + 1;
      while (to < index.length && hashOf(index[to]) == hashOf(index[from])) {
        to++;
      }
      if (to - from > 1) {
        sortByName(index, from, to, names);
      }
    }
    return index;
  }

  private static void sortByName(long[] index, int from, int to, String[] names) {
    var run = Arrays.stream(index, from, to).boxed().toArray(Long[]::new);
    Arrays.sort(run, Comparator.comparing(entry -> names[position(entry)]));
    for (var i = from; i < to; i++) {
      index[i] = run[i - from];
    }
  }

  private static Fields withoutDoubles(String[] names, Json[] values, long[] index) {
    var isDouble = new boolean[names.length];
    var first = position(index[0]);
    for (var i = 1; i < index.length; i++) {
      var next = position(index[i]);
      if (names[next].equals(names[first])) {
        values[first] = givenTwice();
        isDouble[next] = true;
      } else {
        first = next;
      }
    }
    var count = 0;
    for (var i = 0; i < names.length; i++) {
      if (!isDouble[i]) {
        names[count] = names[i];
        values[count++] = values[i];
      }
    }
    var kept = Arrays.copyOf(names, count);
    return new Fields(kept, Arrays.copyOf(values, count), count > FEW ? indexOf(kept) : null);
  }

  private static Unreadable givenTwice() {
    return new Unreadable("a name that is given twice in one object");
  }

  private static int position(long entry) {
    return (int) entry;
  }

  private static int hashOf(long entry) {
    return (int) (entry >> 32);
  }
}
