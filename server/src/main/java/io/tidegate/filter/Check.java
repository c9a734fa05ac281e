package io.tidegate.filter;

import com.google.re2j.Pattern;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// What a single value (not an array, not nothing) must be like. No type is taken for another.
sealed interface Check {

  Verdict test(Json value, Evaluation run);

  /// Any object.
  record IsObject() implements Check {
    @Override
    public Verdict test(Json value, Evaluation run) {
      return Verdict.of(value instanceof Fields);
    }
  }

  enum Order {
    ABOVE,
    AT_LEAST,
    BELOW,
    AT_MOST;

    boolean holds(int comparison) {
      return switch (this) {
        case ABOVE -> comparison > 0;
        case AT_LEAST -> comparison >= 0;
        case BELOW -> comparison < 0;
        case AT_MOST -> comparison <= 0;
      };
    }
  }

  /// Numbers against numbers, texts against texts.
  record Ordered(Order order, Operand bound) implements Check {
    @Override
    public Verdict test(Json value, Evaluation run) {
      return switch (bound.resolve(run)) {
        case Num number ->
            value instanceof Num found ? compare(found, number, run) : Verdict.FAILED;
        case Json.Text(var text) ->
            Verdict.of(value instanceof Json.Text(var found) && order.holds(found.compareTo(text)));
        case Json.Unreadable(var reason) -> run.undecided(reason);
        case null, default -> Verdict.FAILED;
      };
    }

    private Verdict compare(Num found, Num number, Evaluation run) {
      return run.spend(found.cost(number))
          ? Verdict.of(order.holds(found.compareTo(number)))
          : run.tooMuch();
    }
  }

  /// @param numbers in their order
  /// @param others of true, false and null
  record OneOf(Set<String> texts, List<Num> numbers, Set<Json> others) implements Check {
    @Override
    public Verdict test(Json value, Evaluation run) {
      return switch (value) {
        case Json.Text(var text) -> Verdict.of(texts.contains(text));
        case Num number when numbers.isEmpty() -> Verdict.FAILED;
        case Num number ->
            run.spend(number.cost(numbers.getFirst()))
                ? Verdict.of(Collections.binarySearch(numbers, number) >= 0)
                : run.tooMuch();
        default -> Verdict.of(others.contains(value));
      };
    }
  }

  /// In the list to which a reference leads.
  record InList(Reference list) implements Check {
    @Override
    public Verdict test(Json value, Evaluation run) {
      return switch (list.resolve(run)) {
        case Json.Items items when Json.isScalar(value) -> Sameness.inside(items, value, run);
        case Json.Unreadable(var reason) -> run.undecided(reason);
        case null, default -> Verdict.FAILED;
      };
    }
  }

  enum Likeness {
    STARTS,
    ENDS,
    CONTAINS,
    SAME_IGNORING_CASE;

    boolean holds(String text, String wanted) {
      return switch (this) {
        case STARTS -> text.startsWith(wanted);
        case ENDS -> text.endsWith(wanted);
        case CONTAINS -> TextSearch.contains(text, wanted);
        case SAME_IGNORING_CASE -> text.equalsIgnoreCase(wanted);
      };
    }

    long cost(String text, String wanted) {
      return this == CONTAINS ? TextSearch.cost(text, wanted) : 1;
    }
  }

  /// Like a text, or like one of several.
  record Alike(Likeness likeness, Operand wanted) implements Check {
    @Override
    public Verdict test(Json value, Evaluation run) {
      if (!(value instanceof Json.Text(var text))) {
        return Verdict.FAILED;
      }
      return switch (wanted.resolve(run)) {
        case Json.Text(var one) -> one(text, one, run);
        case Json.Items several -> any(text, several, run);
        case Json.Unreadable(var reason) -> run.undecided(reason);
        case null, default -> Verdict.FAILED;
      };
    }

    private Verdict one(String text, String one, Evaluation run) {
      return run.spend(likeness.cost(text, one))
          ? Verdict.of(likeness.holds(text, one))
          : run.tooMuch();
    }

    private Verdict any(String text, Json.Items several, Evaluation run) {
      for (var i = 0; i < several.size(); i++) {
        var next =
            several.at(i) instanceof Json.Text(var one) ? one(text, one, run) : Verdict.FAILED;
        if (next != Verdict.FAILED) {
          return next;
        }
      }
      return Verdict.FAILED;
    }
  }

  /// A part of the text is matched by a regular expression, in linear time.
  record Matching(Pattern pattern) implements Check {
    static final int LONGEST_TEXT = 64 * 1024;

    @Override
    public Verdict test(Json value, Evaluation run) {
      if (!(value instanceof Json.Text(var text))) {
        return Verdict.FAILED;
      }
      if (text.length() > LONGEST_TEXT) {
        return run.undecided("a text of more than " + LONGEST_TEXT + " characters for $regex");
      }
      return run.spend(1 + (long) text.length() * pattern.programSize())
          ? Verdict.of(pattern.matcher(text).find())
          : run.tooMuch();
    }
  }
}
