package io.tidegate.edge;

import org.jspecify.annotations.Nullable;

/// What a loop looks at once in a while, to end what takes too long. A ring, so that entering and
/// leaving costs next to nothing; only the loop's thread touches it.
@SuppressWarnings("ReferenceEquality") // links of a ring are the same, not alike
final class Watch {
  private final Entry ring =
      new Entry() {
        @Override
        void check(long now) {}
      };

  /// Does nothing more when it is in.
  void enter(Entry entry) {
    leave(entry);
    entry.before = ring.before;
    entry.after = ring;
    ring.before.after = entry;
    ring.before = entry;
  }

  /// Does nothing when it is not in.
  void leave(Entry entry) {
    entry.before.after = entry.after;
    entry.after.before = entry.before;
    entry.before = entry;
    entry.after = entry;
  }

  boolean isEmpty() {
    return ring.after == ring;
  }

  /// The one that entered first of those that are in.
  @Nullable Entry oldest() {
    return isEmpty() ? null : ring.after;
  }

  void check(long now) {
    var entry = ring.after;
    while (entry != ring) {
      var next = entry.after; // checking may make this one leave
      entry.check(now);
      if (next.after == next && next != ring) {
        return; // and the next with it: the others have their turn at the next tick
      }
      entry = next;
    }
  }

  /// Something that can take too long.
  @SuppressWarnings("ReferenceEquality")
  abstract static class Entry {
    private Entry before = this;
    private Entry after = this;

    boolean watched() {
      return after != this;
    }

    abstract void check(long now);
  }
}
