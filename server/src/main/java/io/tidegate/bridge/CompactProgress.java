package io.tidegate.bridge;

import io.tidegate.view.Progress;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Progress over many partitions in few bytes: runs of consecutive partitions, each offset as the
/// difference to the one before, and equal ones counted. All numbers are zig-zag variable-length.
///
///     02 | first partition | partitions in the run | offset, difference, …      (runs follow)
///
/// A difference of 0 is followed by the count of further zeros. Partitions that nobody wrote to cost
/// nothing; others cost one or two bytes each as long as they are filled evenly.
final class CompactProgress {
  static final int VERSION = 2;

  /// A few characters of a stranger's can stand for that many partitions.
  private static final int MOST_PARTITIONS = 4_096;

  private CompactProgress() {}

  static ByteArrayOutputStream write(Progress progress) {
    var out = new ByteArrayOutputStream(4 + 2 * progress.offsets().size());
    out.write(VERSION);
    var partitions = progress.offsets().keySet().stream().mapToInt(Integer::intValue).toArray();
    var offsets = progress.offsets().values().stream().mapToLong(Long::longValue).toArray();
    for (int first = 0; first < partitions.length; ) {
      int end = first + 1;
      while (end < partitions.length && partitions[end] == partitions[end - 1] + 1) {
        end++;
      }
      ProgressTag.write(out, partitions[first]);
      ProgressTag.write(out, end - first);
      writeRun(out, offsets, first, end);
      first = end;
    }
    return out;
  }

  private static void writeRun(ByteArrayOutputStream out, long[] offsets, int first, int end) {
    long before = 0;
    for (int i = first; i < end; ) {
      long difference = offsets[i] - before;
      before = offsets[i];
      ProgressTag.write(out, difference);
      i++;
      if (difference == 0) {
        int more = 0;
        while (i < end && offsets[i] == before) {
          more++;
          i++;
        }
        ProgressTag.write(out, more);
      }
    }
  }

  /// What follows the version byte; nothing when it is not well formed.
  static Optional<Progress> read(ProgressTag.Reader in) {
    var offsets = new TreeMap<Integer, Long>();
    while (!in.isAtEnd()) {
      var first = in.number();
      var count = in.number();
      if (first == null
          || count == null
          || first < 0
          || count < 1
          || first + count > MOST_PARTITIONS
          || !readRun(in, first.intValue(), count.intValue(), offsets)) {
        return Optional.empty();
      }
    }
    return Optional.of(new Progress(offsets));
  }

  private static boolean readRun(
      ProgressTag.Reader in, int first, int count, Map<Integer, Long> offsets) {
    long offset = 0;
    for (int i = 0; i < count; ) {
      var difference = in.number();
      var more = difference != null && difference == 0 ? in.number() : Long.valueOf(0);
      if (difference == null || more == null || more < 0 || more >= count - i) {
        return false;
      }
      offset += difference;
      if (offset < -1) {
        return false;
      }
      for (long end = i + 1 + more; i < end; i++) {
        offsets.put(first + i, offset);
      }
    }
    return true;
  }
}
