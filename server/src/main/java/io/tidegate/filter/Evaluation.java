package io.tidegate.filter;

import org.jspecify.annotations.Nullable;

/// One document being matched by one filter: what may still be spent, and where in arrays we are.
/// For one thread.
final class Evaluation {
  /// About one for each look at a value, more where a look takes longer: ten milliseconds or so in
  /// all.
  static final int MOST_STEPS = 1_000_000;

  private final Json root;

  /// The positions in the arrays around the value under test, outermost first; null when no
  /// reference asks for them.
  private final int @Nullable [] positions;

  private int depth;
  private long left;
  private @Nullable String reason;

  private Evaluation(Json root, int @Nullable [] positions, long steps) {
    this.root = root;
    this.positions = positions;
    this.left = steps;
  }

  static Evaluation of(Json root, boolean usesPositions) {
    return withSteps(root, usesPositions, MOST_STEPS);
  }

  static Evaluation withSteps(Json root, boolean usesPositions, long steps) {
    return new Evaluation(root, usesPositions ? new int[Document.DEEPEST + 1] : null, steps);
  }

  Json root() {
    return root;
  }

  /// False when that is more than is left.
  boolean spend(long steps) {
    left -= steps;
    return left >= 0;
  }

  Verdict tooMuch() {
    left = -1;
    return undecided("it takes more than " + MOST_STEPS + " steps");
  }

  Verdict undecided(String why) {
    if (reason == null) {
      reason = why;
    }
    return Verdict.UNDECIDED;
  }

  /// Why something was undecided, the first time since it was forgotten.
  @Nullable String reason() {
    return reason;
  }

  void forgetReason() {
    reason = null;
  }

  /// Whether one element satisfies the condition.
  Verdict any(Json.Items items, Condition condition) {
    var verdict = Verdict.FAILED;
    for (var i = 0; i < items.size(); i++) {
      switch (at(i, items, condition)) {
        case PASSED -> {
          return Verdict.PASSED;
        }
        case UNDECIDED -> verdict = Verdict.UNDECIDED;
        case FAILED -> {}
      }
      if (left < 0) {
        return tooMuch();
      }
    }
    return verdict;
  }

  /// Whether every element satisfies the condition.
  Verdict every(Json.Items items, Condition condition) {
    var verdict = Verdict.PASSED;
    for (var i = 0; i < items.size(); i++) {
      switch (at(i, items, condition)) {
        case FAILED -> {
          return Verdict.FAILED;
        }
        case UNDECIDED -> verdict = Verdict.UNDECIDED;
        case PASSED -> {}
      }
      if (left < 0) {
        return tooMuch();
      }
    }
    return verdict;
  }

  /// What the condition says about the element at that position.
  Verdict at(int position, Json.Items items, Condition condition) {
    left--;
    enter(position);
    var verdict = condition.test(items.at(position), this);
    leave();
    return verdict;
  }

  void enter(int position) {
    if (positions != null) {
      positions[depth] = position;
    }
    depth++;
  }

  void leave() {
    depth--;
  }

  /// The position in the nth array around the value under test, or -1.
  int position(int array) {
    return positions != null && array < depth ? positions[array] : -1;
  }
}
