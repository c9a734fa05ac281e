package io.tidegate.edge;

import java.util.concurrent.atomic.AtomicLongArray;

/// What one event loop has counted. Only the loop writes, with plain stores that others see a
/// little later; any thread may read.
final class LoopCounts {
  private static final int ACTIVE = 0;
  private static final int RECEIVED = 1;
  private static final int SENT = 2;

  private final AtomicLongArray totals = new AtomicLongArray(3);
  private final AtomicLongArray counts;
  private final AtomicLongArray nanos;
  private final AtomicLongArray buckets;

  LoopCounts(int kinds, int bucketCount) {
    counts = new AtomicLongArray(kinds);
    nanos = new AtomicLongArray(kinds);
    buckets = new AtomicLongArray(bucketCount);
  }

  private static long add(AtomicLongArray to, int index, long amount) {
    long sum = to.getPlain(index) + amount;
    to.setRelease(index, sum);
    return sum;
  }

  void began() {
    add(totals, ACTIVE, 1);
  }

  /// How many of the kind there have been.
  long replied(int kind, int bucket, AccessLog.Completion completion) {
    add(totals, ACTIVE, -1);
    add(totals, RECEIVED, completion.received());
    add(totals, SENT, completion.sent());
    add(nanos, kind, completion.nanos());
    add(buckets, bucket, 1);
    return add(counts, kind, 1);
  }

  long active() {
    return totals.get(ACTIVE);
  }

  long received() {
    return totals.get(RECEIVED);
  }

  long sent() {
    return totals.get(SENT);
  }

  long count(int kind) {
    return counts.get(kind);
  }

  long nanos(int kind) {
    return nanos.get(kind);
  }

  /// All that fell into this bucket or an earlier one.
  long within(int bucket) {
    long sum = 0;
    for (int i = 0; i <= bucket; i++) {
      sum += buckets.get(i);
    }
    return sum;
  }
}
