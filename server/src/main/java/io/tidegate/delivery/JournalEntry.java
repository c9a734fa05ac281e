package io.tidegate.delivery;

import io.tidegate.base.Bytes;

/// One line of the journal: what came of one attempt, or of a record that was not sent.
///
/// @param offset of the record in its partition; for `OPENED` the low-water mark
/// @param number of attempts made so far
/// @param at milliseconds since 1970: of the next attempt with `RETRY`, else of the line itself
/// @param word how the attempt went, for programs; empty when there was none
/// @param lane whose it is; empty when it was delivered, to save space
record JournalEntry(Step step, long offset, int number, long at, String word, Bytes lane) {
  private static final int VERSION = 1;
  private static final Step[] STEPS = Step.values();

  /// Written as their number: only ever add at the end.
  enum Step {
    /// An instance has taken the partition over.
    OPENED,
    DELIVERED,
    REFUSED,
    PERMANENT,
    GONE,
    EXHAUSTED,
    EXPIRED,
    SKIPPED,
    /// Another attempt follows.
    RETRY,
    /// It was given up, and its lane waits for the operator.
    BLOCKED;

    boolean isSettled() {
      return this != OPENED && this != RETRY && this != BLOCKED;
    }

    static Step of(Outcome.Reason reason) {
      return switch (reason) {
        case REFUSED -> REFUSED;
        case PERMANENT -> PERMANENT;
        case GONE -> GONE;
        case EXHAUSTED -> EXHAUSTED;
        case EXPIRED -> EXPIRED;
        case SKIPPED -> SKIPPED;
      };
    }
  }

  Bytes pack() {
    return new Packed.Writer(32 + word.length() + lane.size())
        .put(VERSION)
        .put(step.ordinal())
        .number(offset)
        .number(number)
        .number(at)
        .text(word)
        .raw(lane)
        .bytes();
  }

  /// @throws IllegalArgumentException when it is none
  static JournalEntry unpack(Bytes bytes) {
    var in = new Packed.Reader(bytes);
    var version = in.take();
    var step = in.take();
    if (version != VERSION || step >= STEPS.length) {
      throw new IllegalArgumentException("a line of a journal that is not understood");
    }
    return new JournalEntry(STEPS[step], in.number(), in.count(), in.number(), in.text(), in.raw());
  }
}
