package io.tidegate.log;

import java.util.ArrayDeque;
import java.util.Deque;

/// What a writer knows about a topic.
sealed interface Door {

  /// The producer knows it: appends go straight on.
  final class Open implements Door {
    private boolean keyed;
    private long keyedUntil;

    /// The broker has refused an entry without a key. That is believed for a while, since one such
    /// entry fails all others that happen to share its batch.
    void wantsKeys(long until) {
      keyed = true;
      keyedUntil = until;
    }

    boolean wantsKeysAt(long nanos) {
      keyed = keyed && nanos - keyedUntil < 0;
      return keyed;
    }
  }

  /// It is being looked up; appends wait here in their order.
  record Waiting(Deque<Append> appends) implements Door {
    Waiting() {
      this(new ArrayDeque<>());
    }
  }

  /// It is not there or not for us, and that is believed for a while.
  ///
  /// @param creations how often topics had been created by then
  record Shut(Appended answer, long until, int creations) implements Door {
    boolean isOver(long nanos, int creations) {
      return nanos - until >= 0 || creations != this.creations;
    }
  }
}
