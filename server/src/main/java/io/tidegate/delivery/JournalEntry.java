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

  /// What a line says.
  enum Step {
    /// An instance has taken the partition over.
    OPENED(0),
    DELIVERED(1),
    REFUSED(2),
    PERMANENT(3),
    GONE(4),
    EXHAUSTED(5),
    EXPIRED(6),
    SKIPPED(7),
    /// Another attempt follows.
    RETRY(8),
    /// It was given up, and its lane waits for the operator.
    BLOCKED(9);

    /// As it is written: never to be changed.
    private final int code;

    Step(int code) {
      this.code = code;
    }

    private static Step of(int code) {
      for (var step : STEPS) {
        if (step.code == code) {
          return step;
        }
      }
      throw new IllegalArgumentException("a step of a journal that is not understood");
    }

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
        .put(step.code)
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
    if (version != VERSION) {
      throw new IllegalArgumentException("a line of a journal that is not understood");
    }
    var step = Step.of(in.take());
    return new JournalEntry(step, in.number(), in.count(), in.number(), in.text(), in.raw());
  }
}
