package io.tidegate.filter;

/// Whether two values are the same: numbers by value, arrays in order, objects whatever the order
/// of their names.
final class Sameness {
  private Sameness() {}

  static Verdict of(Json left, Json right, Evaluation run) {
    if (left instanceof Json.Unreadable(var reason)) {
      return run.undecided(reason);
    }
    if (right instanceof Json.Unreadable(var reason)) {
      return run.undecided(reason);
    }
    if (left instanceof Json.Text(var text)) {
      return Verdict.of(right instanceof Json.Text(var other) && text.equals(other));
    }
    if (!run.spend(left instanceof Num one && right instanceof Num other ? one.cost(other) : 1)) {
      return run.tooMuch();
    }
    if (left instanceof Fields fields) {
      return right instanceof Fields others ? members(fields, others, run) : Verdict.FAILED;
    }
    if (left instanceof Json.Items items) {
      return right instanceof Json.Items others ? elements(items, others, run) : Verdict.FAILED;
    }
    return Verdict.of(left.equals(right));
  }

  /// Whether the scalar is in the array, or in an array in it.
  static Verdict inside(Json.Items items, Json scalar, Evaluation run) {
    if (!run.spend(items.size())) {
      return run.tooMuch();
    }
    var verdict = Verdict.FAILED;
    for (var i = 0; i < items.size(); i++) {
      var next =
          items.at(i) instanceof Json.Items deeper
              ? inside(deeper, scalar, run)
              : of(items.at(i), scalar, run);
      if (next == Verdict.PASSED) {
        return next;
      }
      verdict = next == Verdict.UNDECIDED ? next : verdict;
    }
    return verdict;
  }

  private static Verdict elements(Json.Items left, Json.Items right, Evaluation run) {
    if (left.size() != right.size()) {
      return Verdict.FAILED;
    }
    var verdict = Verdict.PASSED;
    for (var i = 0; i < left.size(); i++) {
      var next = of(left.at(i), right.at(i), run);
      if (next == Verdict.FAILED) {
        return next;
      }
      verdict = next == Verdict.UNDECIDED ? next : verdict;
    }
    return verdict;
  }

  private static Verdict members(Fields left, Fields right, Evaluation run) {
    if (left.size() != right.size()) {
      return Verdict.FAILED;
    }
    var verdict = Verdict.PASSED;
    for (var i = 0; i < left.size(); i++) {
      var other = right.get(left.nameAt(i));
      var next = other == null ? Verdict.FAILED : of(left.valueAt(i), other, run);
      if (next == Verdict.FAILED) {
        return next;
      }
      verdict = next == Verdict.UNDECIDED ? next : verdict;
    }
    return verdict;
  }
}
