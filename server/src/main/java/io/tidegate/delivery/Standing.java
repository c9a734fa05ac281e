package io.tidegate.delivery;

import java.util.concurrent.TimeUnit;

/// What is known of a record from before it was read here.
record Standing(int attempts, long dueAt, boolean blocked, String word, long seen) {

  void applyTo(Parcel parcel, Desk desk) {
    parcel.attempts = attempts;
    parcel.word = word;
    parcel.seen = seen > 0 ? seen : parcel.seen;
    parcel.dueAt = dueAt;
    var wait = Math.min(dueAt - desk.nowMillis(), RetryPolicy.LONGEST_WISH.toMillis());
    parcel.due = desk.time().nanos() + TimeUnit.MILLISECONDS.toNanos(Math.max(0, wait));
  }
}
